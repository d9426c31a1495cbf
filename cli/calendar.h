/*
 * calendar: the local day and hour of a moment, for millions of them.
 *
 * Pure, but for the machine's time zone.
 */
#ifndef SASLBAN_CLI_CALENDAR_H
#define SASLBAN_CLI_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_TEXT 16
#define CALENDAR_TIME 24

struct calendar_cell {
	int64_t day;  /* of the local calendar, counted from 1970-01-01 */
	int hour;     /* 0 to 23 */
	int weekday;  /* 0 is Monday */
	int64_t from; /* the moment at which that hour began */
	char date[CALENDAR_TEXT]; /* `2026-11-30 14:` */
};

enum { CALENDAR_CELLS = 256 };

/* What was asked lately: no zone changes within a quarter of an hour. All zero
 * is an empty one. */
struct calendar {
	int64_t quarter[CALENDAR_CELLS]; /* plus 1; 0: there is nothing */
	struct calendar_cell cell[CALENDAR_CELLS];
};

/* The moment is 0 to STORE_LAST. */
const struct calendar_cell *calendar_of(struct calendar *c, int64_t at);

/* `2026-11-30 14:30:05`. False, and nothing in buf, where the zone's offset is
 * no whole number of quarters of an hour. */
bool calendar_time(struct calendar *c, int64_t at, char buf[CALENDAR_TIME]);

/* `2026-11-30`, and `30 Nov`. Both return buf. */
char *calendar_date(int64_t day, char buf[CALENDAR_TEXT]);
char *calendar_short(int64_t day, char buf[CALENDAR_TEXT]);

/* 0 is Monday. */
int calendar_weekday(int64_t day);
extern const char calendar_weekdays[7][4];

#endif
