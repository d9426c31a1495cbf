/*
 * engine_enforce: the kernel's sets, as the projection of the store.
 *
 * Everything here can be done again at any time: work is what the store says
 * is due, and only what the kernel has confirmed is marked as done.
 */
#include <stdlib.h>

#include "engine_impl.h"
#include "saslban/duration.h"

enum {
	CHUNK = 1000, /* offenses put in at a time */
	WATCH = 60,   /* seconds between two looks at the sets */
	AGAIN = 5     /* seconds after which a kernel that refused is tried */
};

/* Said once, when it begins; engine_enforce says when it ends. */
static void trouble(struct engine *e, struct moment now,
		    const struct fault *why)
{
	if (!e->troubled)
		engine_say(e, REPORT_ERROR,
			   "bans are recorded but not enforced: %s", why->text);
	e->troubled = true;
	e->at.again = now.boot + AGAIN;
	e->ensured = false; /* look again before the next try */
}

/* What the kernel will do by itself: the second until which it holds what we
 * have just put in. */
static int64_t held_until(const struct offense *o, const struct entry *entry,
			  int64_t now)
{
	if (entry->left >= ENFORCER_LONGEST)
		return now + ENFORCER_LONGEST;
	return o->until;
}

/* What was confirmed goes into the store, also for a ban that a person lifted
 * while we were putting it in: the next pass finds it there and takes it out.
 */
static int mark(struct engine *e, enum store_due which,
		const struct offense *offenses, const struct entry *entries,
		size_t n, int64_t now, struct fault *why)
{
	if (n == 0)
		return 0;
	if (store_begin(e->store, why) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int64_t until = 0;

		if (!entries[i].done)
			continue;
		if (which == STORE_DUE_BAN)
			until = held_until(&offenses[i], &entries[i], now);
		if (store_offense_enforced(e->store, offenses[i].id, until,
					   why) < 0)
			goto undo;
	}
	if (store_commit(e->store, why) < 0)
		goto undo;
	return 0;
undo:
	store_rollback(e->store);
	return -1;
}

/* Everything of one kind that is due, a chunk at a time. */
static enum outcome carry_out(struct engine *e, enum store_due which,
			      int64_t now, struct fault *why)
{
	const struct enforcer_ops *ops = e->enforcer->ops;
	struct offense *offenses = calloc(CHUNK, sizeof(*offenses));
	struct entry *entries = calloc(CHUNK, sizeof(*entries));
	enum outcome outcome = CARRIED_OUT;
	size_t n = CHUNK;
	int kernel;

	if (offenses == NULL || entries == NULL) {
		fault_set(why, FAULT_MEMORY, "out of memory");
		outcome = STORE_REFUSED;
	}
	while (outcome == CARRIED_OUT && n == CHUNK) {
		struct fault refused;

		if (store_due(e->store, e->jail, which, now,
			      now + ENFORCER_LONGEST / 2, offenses, CHUNK, &n,
			      why) < 0) {
			outcome = STORE_REFUSED;
			break;
		}
		for (size_t i = 0; i < n; i++)
			entries[i] = (struct entry){
				.address = offenses[i].address,
				.left = duration_left(offenses[i].until, now),
				.fresh = offenses[i].enforced == 0,
			};
		kernel = n == 0 ? 0
				: (which == STORE_DUE_BAN ? ops->ban
							  : ops->lift)(
					  e->enforcer, entries, n, &refused);
		if (mark(e, which, offenses, entries, n, now, why) < 0)
			outcome = STORE_REFUSED;
		else if (kernel < 0) {
			*why = refused;
			outcome = KERNEL_REFUSED;
		}
	}
	free(offenses);
	free(entries);
	return outcome;
}

/* Lifts first: an address that was lifted and banned anew must end up in. The
 * second pass is for what a person changed during the first. */
static enum outcome carry_all(struct engine *e, int64_t now, struct fault *why)
{
	enum outcome outcome = CARRIED_OUT;

	if (!e->ensured) {
		if (e->enforcer->ops->ensure(e->enforcer, why) < 0)
			return KERNEL_REFUSED;
		outcome = engine_compare(e, now, why);
	}
	for (int pass = 0; pass < 2; pass++) {
		if (outcome == CARRIED_OUT)
			outcome = carry_out(e, STORE_DUE_LIFT, now, why);
		if (outcome == CARRIED_OUT)
			outcome = carry_out(e, STORE_DUE_BAN, now, why);
	}
	return outcome;
}

int engine_enforce(struct engine *e, struct moment now, struct fault *why)
{
	enum outcome outcome = carry_all(e, now.wall, why);

	/* A set that is gone or was replaced is made anew and filled at once;
	 * only what fails twice is trouble. */
	if (outcome == KERNEL_REFUSED) {
		e->ensured = false;
		outcome = carry_all(e, now.wall, why);
	}
	switch (outcome) {
	case STORE_REFUSED:
		e->ensured = false;
		return -1;
	case KERNEL_REFUSED:
		trouble(e, now, why);
		return 0;
	case CARRIED_OUT:
		break;
	}
	if (e->troubled)
		engine_say(e, REPORT_NOTICE, "bans are enforced again");
	e->troubled = false;
	e->at.again = 0;
	e->ensured = true;
	return 0;
}
