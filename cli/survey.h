/*
 * survey: what was tried since a moment, and what came of it, added up.
 *
 * One look through the store fills all that is asked for.
 *
 * An attempt is a failed login that counts, or that came from who was banned
 * already. What another line told of, what a customer's program repeats, and
 * what was forgiven or excused is none.
 */
#ifndef SASLBAN_CLI_SURVEY_H
#define SASLBAN_CLI_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "groups.h"
#include "hashset.h"
#include "saslban/ranking.h"
#include "session.h"

/* What is asked for: bits. */
enum survey_part {
	SURVEY_TIME = 1 << 0, /* days, hours, weekdays */
	SURVEY_ADDRESSES = 1 << 1,
	SURVEY_NETWORKS = 1 << 2,
	SURVEY_ACCOUNTS = 1 << 3,
	SURVEY_SERVICES = 1 << 4,
	SURVEY_RULES = 1 << 5,
	SURVEY_BANS = 1 << 6
};

enum {
	SURVEY_STRIKES = RANKING_STRIKES,
	SURVEY_HOURS = 72 /* a time up to that long has hours, too */
};

/* One hour, day or week. */
struct survey_span {
	int64_t attempts;
	int64_t bans;
	int64_t strike[SURVEY_STRIKES]; /* of these, by it */
	int64_t lifted;                 /* of the bans of that time */
	int64_t addresses;              /* different ones; of days alone */
};

struct survey_strike {
	int64_t bans; /* that began since then */
	int64_t lifted;
	int64_t running; /* now, whenever they began; none is only observed */
};

/* A ban, as it is listed. */
struct survey_ban {
	char address[ADDRESS_TEXT];
	int64_t jail;
	unsigned strike;
	int64_t at;
	int64_t until;
	bool runs; /* or would, if it were not only observed */
	bool observed;
	bool lifted;
	enum ground ground;
};

enum { SURVEY_LATEST = 10 };

/* The latest, newest first. */
struct survey_latest {
	struct survey_ban ban[SURVEY_LATEST];
	size_t n;
};

struct survey {
	/* What is asked. */
	const struct session *session;
	const struct jail *jail; /* NULL: all */
	int64_t since;
	int64_t now;
	unsigned parts;
	size_t limit; /* so many of each group are in order; 0: all */

	/* The answer. */
	int64_t begin; /* since, or when the records begin, if that is later */
	int64_t attempts;
	int64_t verdict[VERDICT_KINDS]; /* all failures, by it */
	int64_t lately[2]; /* attempts of the last day; of the day before */
	int64_t lately_bans[2];
	struct survey_strike strike[SURVEY_STRIKES];
	int64_t bans;
	int64_t lifted;
	int64_t running;
	int64_t observed;        /* would run */
	int64_t packets;         /* dropped because of the bans */
	int64_t ground[GROUNDS]; /* bans, by it */

	struct survey_latest latest; /* bans */
	struct survey_latest third;  /* of a third strike or a higher one */

	struct survey_span *day; /* the first is first_day */
	size_t days;
	int64_t first_day;        /* see calendar.h */
	struct survey_span *hour; /* NULL when the time is longer */
	size_t hours;
	int64_t first_hour;  /* the moment at which it began */
	int64_t heat[7][24]; /* attempts by weekday, from Monday, and hour */

	struct groups address;
	struct groups network;
	struct groups account;
	struct groups service;
	struct groups rule;
};

/* The six that are asked are set; the rest is filled, and the caller closes
 * it, after -1 as well. */
int survey_take(struct survey *s, struct fault *why);
void survey_close(struct survey *s);

/* Strike 1 has index 0; see SURVEY_STRIKES. */
size_t survey_strike(unsigned strike);

/* Does a failure of that verdict count as an attempt here? */
bool survey_is_attempt(enum verdict_kind verdict);

#endif
