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
#include "saslban/sighting.h"
#include "saslban/store.h"

#define FAILURE_FOLD 3600 /* seconds that one late row stands for */

struct failure {
	int64_t jail;
	struct address host;    /* as seen */
	struct address address; /* the offender: host cut to the prefix */
	char user[SIGHTING_USER];
	char service[SIGHTING_WORD];
	char mech[SIGHTING_WORD];
	char rule[SIGHTING_WORD];
	int64_t at;
	unsigned count;
	bool late; /* for the record: never counted */
};

/* Late failures are folded: of an offender in a jail there is at most one new
 * row for each full hour (FAILURE_FOLD). Its count is the sum; the rest is
 * that of the latest failure in it. Or who is banned and goes on would fill
 * the disk. */
int failure_add(struct store *s, const struct failure *f, struct fault *why);

/* Sum of the counts, not late, at or after since. */
int failure_sum(struct store *s, int64_t jail, const struct address *a,
		int64_t since, int64_t *sum, struct fault *why);

/* Failures of hosts inside address, or of the host that it is, newest first;
 * limit 0 = all. */
int failure_each(struct store *s, const struct address *a, size_t limit,
		 int (*see)(void *context, const struct failure *f),
		 void *context, struct fault *why);

/* Forget failures older than before, at most limit rows. *n = how many. Gives
 * some of the free pages of the file back. */
int failure_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why);

#endif
