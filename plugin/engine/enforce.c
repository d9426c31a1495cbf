/*
 * engine_enforce: the kernel's sets, as the projection of the store.
 *
 * Everything here can be done again at any time: work is what the store says
 * is due, and only what the kernel has confirmed is marked as done.
 */
#include <stdlib.h>

#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/offense.h"

enum {
	CHUNK = 1000,  /* offenses put in at a time */
	ROUND = 16000, /* ... and in one round: failures wait meanwhile */
	AGAIN = 5      /* seconds after which a kernel that refused is tried */
};

/* All of one kind that is due, a chunk at a time. */
struct pass {
	struct due_query due;
	struct offense last; /* where due goes on */
	struct offense *offenses;
	struct entry *entries; /* of those that are tried */
	size_t *of;            /* whose entry it is */
	size_t tried;
	bool full[ENFORCER_FAMILIES]; /* new entries are not taken */
	bool refused;                 /* one or more entries, and why */
	struct fault why;
};

/* Said once, when it begins; engine_enforce says when it ends. */
static void trouble(struct engine *e, struct moment now, bool all,
		    const struct fault *why)
{
	if (!e->troubled)
		engine_say(e, REPORT_ERROR, "%s: %s",
			   all ? "bans are recorded but not enforced"
			       : "some bans are recorded but not enforced",
			   why->text);
	e->troubled = true;
	e->at.again = now.boot + AGAIN;
	if (all)
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

/* For the report: a new ban of this round is in force. */
static void mark_fresh(struct engine *e, const struct offense *o, int64_t until)
{
	for (size_t i = 0; i < e->nfresh; i++)
		if (e->fresh[i].id == o->id)
			e->fresh[i].enforced = until;
}

/* What was confirmed goes into the store, also for a ban that a person lifted
 * while we were putting it in: the next pass finds it there and takes it out.
 */
static int mark(struct engine *e, const struct pass *p, struct fault *why)
{
	int result = 0;

	if (store_begin(e->store, why) < 0)
		return -1;
	for (size_t i = 0; i < p->tried && result == 0; i++) {
		const struct offense *o = &p->offenses[p->of[i]];
		int64_t until = 0;

		if (!p->entries[i].done)
			continue;
		if (p->due.which == STORE_DUE_BAN)
			until = held_until(o, &p->entries[i], p->due.now);
		result = offense_enforced(e->store, o->id, until, why);
		if (o->enforced == 0)
			mark_fresh(e, o, until);
	}
	return store_end(e->store, result, why);
}

static int family_of(const struct address *a)
{
	return a->family == ADDRESS_V6;
}

/* Into a full set nothing new goes, but what is there can be renewed, and the
 * other set may have room. */
static void choose(struct pass *p, size_t n)
{
	p->tried = 0;
	for (size_t i = 0; i < n; i++) {
		const struct offense *o = &p->offenses[i];
		bool fresh = o->enforced == 0;

		if (fresh && p->full[family_of(&o->address)])
			continue;
		p->of[p->tried] = i;
		p->entries[p->tried++] = (struct entry){
			.address = o->address,
			.left = duration_left(o->until, p->due.now),
			.fresh = fresh,
		};
	}
}

/* The kernel has refused: all, or some entries, behind which there may be
 * others that it takes? */
static enum outcome weigh(struct pass *p, const struct fault *refused)
{
	size_t done = 0;

	for (size_t i = 0; i < p->tried; i++) {
		if (p->entries[i].done)
			done++;
		else if (p->entries[i].fresh)
			p->full[family_of(&p->entries[i].address)] = true;
	}
	if (!p->refused)
		p->why = *refused;
	p->refused = true;
	if (refused->kind == FAULT_SET_GONE ||
	    (done == 0 && refused->kind != FAULT_SET_FULL))
		return KERNEL_REFUSED;
	return CARRIED_OUT;
}

static enum outcome put_chunk(struct engine *e, struct pass *p, size_t n,
			      struct fault *why)
{
	const struct enforcer_ops *ops = e->enforcer->ops;
	struct fault refused = {.kind = FAULT_NONE};
	int kernel;

	choose(p, n);
	if (p->tried == 0)
		return CARRIED_OUT;
	kernel = (p->due.which == STORE_DUE_BAN ? ops->ban : ops->lift)(
		e->enforcer, p->entries, p->tried, &refused);
	e->room -= (int64_t)p->tried;
	if (mark(e, p, why) < 0)
		return STORE_REFUSED;
	return kernel == 0 ? CARRIED_OUT : weigh(p, &refused);
}

static enum outcome put_all(struct engine *e, struct pass *p, struct fault *why)
{
	enum outcome outcome = CARRIED_OUT;
	size_t n;

	while (outcome == CARRIED_OUT && e->room > 0) {
		if (store_due(e->store, &p->due, p->offenses, CHUNK, &n, why) <
		    0)
			return STORE_REFUSED;
		if (n == 0)
			break;
		outcome = put_chunk(e, p, n, why);
		p->last = p->offenses[n - 1];
		p->due.after = &p->last;
	}
	if (outcome == STORE_REFUSED || !p->refused)
		return outcome;
	*why = p->why;
	return outcome == CARRIED_OUT ? PARTLY_REFUSED : outcome;
}

static enum outcome carry_out(struct engine *e, enum store_due which,
			      int64_t now, struct fault *why)
{
	struct pass p = {
		.due = {.jail = e->jail,
			.which = which,
			.now = now,
			.horizon = now + ENFORCER_LONGEST / 2},
		.offenses = calloc(CHUNK, sizeof(*p.offenses)),
		.entries = calloc(CHUNK, sizeof(*p.entries)),
		.of = calloc(CHUNK, sizeof(*p.of)),
	};
	enum outcome outcome = STORE_REFUSED;

	if (p.offenses == NULL || p.entries == NULL || p.of == NULL)
		fault_set(why, FAULT_MEMORY, "out of memory");
	else
		outcome = put_all(e, &p, why);
	free(p.offenses);
	free(p.entries);
	free(p.of);
	return outcome;
}

/* Lifts first: an address that was lifted and banned anew must end up in. The
 * second pass is for what a person changed during the first. */
static enum outcome carry_all(struct engine *e, int64_t now, struct fault *why)
{
	static const enum store_due order[] = {STORE_DUE_LIFT, STORE_DUE_BAN,
					       STORE_DUE_LIFT, STORE_DUE_BAN};
	enum outcome outcome = CARRIED_OUT;
	struct fault refused;

	if (!e->ensured) {
		if (e->enforcer->ops->ensure(e->enforcer, why) < 0)
			return KERNEL_REFUSED;
		engine_meet(e);
		outcome = engine_compare(e, now, why);
	}
	e->room = ROUND;
	for (size_t i = 0; i < 4; i++) {
		enum outcome one;

		if (outcome != CARRIED_OUT && outcome != PARTLY_REFUSED)
			break;
		one = carry_out(e, order[i], now, &refused);
		if (one == CARRIED_OUT)
			continue;
		outcome = one;
		*why = refused;
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
		trouble(e, now, true, why);
		return 0;
	case PARTLY_REFUSED:
		e->ensured = true;
		trouble(e, now, false, why);
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
