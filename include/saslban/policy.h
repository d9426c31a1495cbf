/*
 * policy: what an address has earned.
 *
 * Pure: the verdict depends on the policy, the history, the sighting's time
 * and now, and on nothing else. Same inputs, same verdict.
 *
 * All times are Unix seconds, all durations seconds. DURATION_FOREVER is a
 * legal ban and a legal `until`.
 */
#ifndef SASLBAN_POLICY_H
#define SASLBAN_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_LADDER 32 /* steps that a ladder may have */

/* A line may be this far ahead of our clock and still be believed. */
#define POLICY_AHEAD 60

struct policy {
	unsigned maxretry; /* at least 1 */
	int64_t findtime;  /* at least 1 s, finite */
	int64_t ladder[POLICY_LADDER];
	size_t steps;    /* at least 1 */
	unsigned factor; /* above 1: the last step grows by it each time */
	int64_t longest; /* no ban is longer; DURATION_FOREVER = no limit */
	int64_t forget; /* strikes fade this long after a ban ended; 0: never */
};

/* What the store remembers of one address in one jail. */
struct history {
	int64_t failures; /* counted within the window, without the new one */
	unsigned strikes; /* the latest offense's, if it was not lifted; else
			   * the one before it */
	bool banned;      /* a ban runs now */
	bool forever;     /* ... and never ends */
	int64_t last_end; /* when the latest ban ended or will end, was
			   * lifted; 0 = there was none */
};

enum verdict_kind {
	VERDICT_COUNT, /* a failure, not yet an offense */
	VERDICT_BAN,   /* an offense: strike, from and until are set */
	VERDICT_LATE,  /* the address is, or at that time was, banned:
			* for the record, never escalates */
	VERDICT_OLD    /* older than findtime: for the record */
};

struct verdict {
	enum verdict_kind kind;
	unsigned strike; /* 1, 2, 3 ... */
	int64_t from;
	int64_t until; /* DURATION_FOREVER = never ends */
};

/* What lies ahead of an address. */
struct outlook {
	struct verdict offense;    /* its next offense, if it came now: a ban
				    * that runs does not stand in its way */
	enum verdict_kind failure; /* what one more failure now would be: a
				    * count, a ban, or late */
	int64_t count;             /* how many would count then, with this one;
				    * 0 when it would be late */
};

/* The time at which a failure counts: the reported one if it is believable
 * (at most POLICY_AHEAD later than its arrival), else the arrival. */
int64_t policy_when(int64_t reported, int64_t arrived);

/* Failures at or after this moment count for a sighting judged at now:
 * findtime back, but not before the latest ban's end. */
int64_t policy_window(const struct policy *p, const struct history *h,
		      int64_t now);

/* The length of the ban for a strike (1, 2, 3 ...). */
int64_t policy_sentence(const struct policy *p, unsigned strike);

/* h->failures must have been counted from policy_window(). count is the
 * number of attempts the sighting stands for, when its policy_when(). */
struct verdict policy_decide(const struct policy *p, const struct history *h,
			     unsigned count, int64_t when, int64_t now);

/* For those who ask what would happen. h is as for policy_decide. */
struct outlook policy_next(const struct policy *p, const struct history *h,
			   int64_t now);

#endif
