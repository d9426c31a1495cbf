/*
 * failure: failed logins that were counted, and those kept for the record.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_FAILURE_H
#define SASLBAN_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/policy.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

#define FAILURE_FOLD 3600     /* seconds that one late row stands for */
#define FAILURE_RECENT 500000 /* rows that failure_recent gives at most */

struct failure {
	int64_t id; /* set by failure_add unless it was folded: then 0 */
	int64_t jail;
	struct address host;    /* as seen */
	struct address address; /* the offender: host cut to the prefix */
	char user[SIGHTING_USER];
	char service[SIGHTING_WORD];
	char mech[SIGHTING_WORD];
	char rule[SIGHTING_WORD];
	char session[SIGHTING_WORD];
	int64_t at;
	unsigned count;
	enum sighting_sort sort;
	enum verdict_kind verdict; /* what it was decided to be */
	bool wide;      /* it counted against its account and network, too */
	uint64_t guess; /* what secret.h makes of the password; 0: unknown */
};

/* Late and old failures are folded: of an offender in a jail there is at most
 * one new row of each for each full hour (FAILURE_FOLD). Its count is the sum;
 * the rest is that of the latest failure in it. Or who is banned and goes on
 * would fill the disk. A verdict of VERDICT_BAN is stored as counted. */
int failure_add(struct store *s, struct failure *f, struct fault *why);

/* The rows of those ids are something else by now. */
int failure_settle(struct store *s, const int64_t *ids, size_t n,
		   enum verdict_kind verdict, struct fault *why);

/* The grace of that row is over; if nothing else has become of it, it counts.
 */
int failure_end_grace(struct store *s, int64_t id, struct fault *why);

/* What counted or was a repeat, at or after since, came in an outage. */
int failure_excuse(struct store *s, int64_t jail, int64_t since,
		   struct fault *why);

/* Of the jail, at or after since, in the order of their ids; the latest
 * FAILURE_RECENT rows of the table. */
int failure_recent(struct store *s, int64_t jail, int64_t since,
		   int (*see)(void *context, const struct failure *f),
		   void *context, struct fault *why);

/* Sum of the counts of those that count, at or after since. */
int failure_sum(struct store *s, int64_t jail, const struct address *a,
		int64_t since, int64_t *sum, struct fault *why);

/* Failures of hosts inside address, or of the host that it is, newest first;
 * limit 0 = all. */
int failure_each(struct store *s, const struct address *a, size_t limit,
		 int (*see)(void *context, const struct failure *f),
		 void *context, struct fault *why);

/* When the last one of all jails was; 0: there is none. */
int failure_latest(struct store *s, int64_t *at, struct fault *why);

/* Forget failures older than before, at most limit rows. *n = how many. Gives
 * some of the free pages of the file back. */
int failure_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why);

#endif
