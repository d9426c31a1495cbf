/*
 * attempt: who has tried an account, and how often.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_ATTEMPT_H
#define SASLBAN_ATTEMPT_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/store.h"

/* All failures of one host for the account, in one jail. */
struct attempt {
	int64_t jail;
	struct address host;
	int64_t count;
	int64_t first;
	int64_t last;
};

/* Of the jail (0: of all), by whoever has failed for the user, whatever the
 * case of its letters; the latest first, at most limit, 0 = all. Reads all
 * failures. */
int attempt_each(struct store *s, int64_t jail, const char *user, size_t limit,
		 int (*see)(void *context, const struct attempt *a),
		 void *context, struct fault *why);

#endif
