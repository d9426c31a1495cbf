/*
 * schedule: a time of the day, or of the week, as the clock on the wall shows
 * it, and when it comes again.
 *
 * Times are Unix seconds. What the local clock shows is zone.h's to say, or a
 * test's. Each day, or week, has its time exactly once: where the clock is set
 * forward over it, it comes as much later as the clock was set (02:30 is then
 * at 03:30); where the clock is set back over it, the first of the two counts.
 */
#ifndef SASLBAN_SCHEDULE_H
#define SASLBAN_SCHEDULE_H

#include <stdint.h>

#define SCHEDULE_DAILY (-1) /* as a weekday */
#define SCHEDULE_TEXT 16    /* bytes that schedule_print ever needs */

struct schedule {
	int weekday; /* 0 Sunday ... 6 Saturday, or SCHEDULE_DAILY */
	int minute;  /* of the day, 0 to 1439 */
};

/* Seconds that the local clock is ahead of UTC at that time. */
typedef int schedule_offset(const void *context, int64_t at);

struct schedule_zone {
	schedule_offset *offset;
	const void *context;
};

/* `07:30`, or a day before it: `monday 07:30`. -1: it is neither. */
int schedule_parse(const char *text, struct schedule *out);

/* What schedule_parse reads back. Returns buf. */
char *schedule_print(const struct schedule *s, char buf[SCHEDULE_TEXT]);

/* The first time after `after`, and the last one at or before `at`. */
int64_t schedule_next(const struct schedule *s,
		      const struct schedule_zone *zone, int64_t after);
int64_t schedule_last(const struct schedule *s,
		      const struct schedule_zone *zone, int64_t at);

#endif
