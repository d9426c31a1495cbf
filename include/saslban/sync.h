/*
 * sync: one kernel set is compared with the store and made to hold what the
 * store wants, now and from outside the engine; see saslban/projection.h.
 *
 * It goes on in steps of a few milliseconds, so that the engine's thread never
 * waits for it longer than that. That both work on one set does no harm.
 */
#ifndef SASLBAN_SYNC_H
#define SASLBAN_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/enforcer.h"
#include "saslban/fault.h"
#include "saslban/store.h"

struct sync;

/* What has come of it. */
struct sync_result {
	size_t held;            /* entries that should be there */
	size_t missing;         /* of these, were not */
	size_t added;           /* put back, added or renewed */
	size_t removed;         /* of bans that are over */
	size_t foreign;         /* there, and no ban is known */
	struct address example; /* one of these */
};

/* Borrows store and enforcer. */
int sync_open(struct sync **out, struct store *s, struct enforcer *e,
	      enum enforcer_set set, struct fault *why);
void sync_close(struct sync *y);

/* The next step, at that Unix second; the first one creates or verifies the
 * set. *more: it was not the last. -1 when the kernel or the store refuses:
 * what is due stays due, and the engine carries it out. */
int sync_step(struct sync *y, int64_t now, bool *more, struct fault *why);

/* Whole after the last step. Lives until sync_close. */
const struct sync_result *sync_result(const struct sync *y);

#endif
