/*
 * engine_compare: what the set holds against what the store says it holds.
 *
 * Needed when the two may have parted: at start, and when the set was found
 * recreated, swapped or flushed. One dump, one pass over the running bans;
 * entries that nobody of ours made are left alone.
 */
#include <stdlib.h>
#include <string.h>

#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

/* The kernel counts down from the moment of the add and rounds; a difference
 * of so many seconds is none. */
#define SLACK 3

struct held {
	struct address address;
	int64_t left;
	bool claimed; /* for a ban that was cut short: once is enough */
};

/* One row of which the store is wrong about the kernel. */
struct correction {
	int64_t id;
	int64_t enforced;
};

struct comparison {
	int64_t now;
	struct held *held;
	size_t nheld, room;
	struct correction *wrong;
	size_t nwrong, wrong_room;
	bool starved; /* no memory: what was read is not whole */
};

static int by_address(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	return memcmp(&x->address, &y->address, sizeof(x->address));
}

static int see_held(void *context, const struct entry_seen *seen)
{
	struct comparison *c = context;
	struct held *grown;

	if (c->nheld == c->room) {
		c->room = c->room == 0 ? 1024 : 2 * c->room;
		grown = realloc(c->held, c->room * sizeof(*grown));
		if (grown == NULL) {
			c->starved = true;
			return 1;
		}
		c->held = grown;
	}
	c->held[c->nheld++] = (struct held){
		.address = seen->address,
		.left = seen->left == 0 ? DURATION_FOREVER : seen->left,
	};
	return 0;
}

static bool about(int64_t a, int64_t b)
{
	return a <= b + SLACK && b <= a + SLACK;
}

static struct held *find_held(const struct comparison *c,
			      const struct address *a)
{
	struct held want = {.address = *a};

	if (c->nheld == 0)
		return NULL;
	return bsearch(&want, c->held, c->nheld, sizeof(want), by_address);
}

/* Until when the kernel holds it, in the store's terms. Too short: it is put
 * in again when its time comes, maybe now. Too long, as when a shorter ban
 * took the place of another and nobody came to tell the kernel: 0, as if it
 * were not there, and it is put in again with its own time. */
static int64_t held_until(const struct comparison *c, const struct held *held,
			  const struct offense *o)
{
	int64_t until;

	if (held == NULL)
		return 0;
	if (held->left == DURATION_FOREVER) /* somebody wants it so */
		return o->until == DURATION_FOREVER ? c->now + ENFORCER_LONGEST
						    : o->until;
	until = c->now + held->left;
	if (about(until, o->enforced))
		return o->enforced; /* also what another jail needs longer */
	if (o->until == DURATION_FOREVER)
		return until;
	if (about(until, o->until))
		return o->until;
	return until < o->until ? until : 0;
}

static int note_wrong(struct comparison *c, int64_t id, int64_t enforced)
{
	struct correction *grown;

	if (c->nwrong == c->wrong_room) {
		c->wrong_room = c->wrong_room == 0 ? 1024 : 2 * c->wrong_room;
		grown = realloc(c->wrong, c->wrong_room * sizeof(*grown));
		if (grown == NULL) {
			c->starved = true;
			return 1;
		}
		c->wrong = grown;
	}
	c->wrong[c->nwrong++] = (struct correction){id, enforced};
	return 0;
}

static int see_running(void *context, const struct offense *o)
{
	struct comparison *c = context;
	struct held *held = find_held(c, &o->address);
	int64_t enforced;

	if (o->observed)
		return 0;
	enforced = held_until(c, held, o);
	return o->enforced == enforced ? 0 : note_wrong(c, o->id, enforced);
}

/* Lifted after it was put in and before that was noted: it may be in the
 * kernel, and the store knows nothing of it. Now it does, and the lift is due
 * as soon as nobody else bans the address. */
static int see_cut_short(void *context, const struct offense *o)
{
	struct comparison *c = context;
	struct held *held = find_held(c, &o->address);

	if (held == NULL || held->claimed || held->left == DURATION_FOREVER)
		return 0;
	held->claimed = true;
	return note_wrong(c, o->id, c->now + held->left);
}

static int correct(struct engine *e, const struct comparison *c,
		   struct fault *why)
{
	int result = 0;

	if (c->nwrong == 0)
		return 0;
	if (store_begin(e->store, why) < 0)
		return -1;
	for (size_t i = 0; i < c->nwrong && result == 0; i++)
		result = offense_enforced(e->store, c->wrong[i].id,
					  c->wrong[i].enforced, why);
	return store_end(e->store, result, why);
}

/* The jails that have this set. Who finds it emptied finds it for all of
 * them: when the others look, it may hold enough again. */
struct kin {
	struct engine *e;
	struct comparison *c;
	struct fault *why;
};

static int compare_running(void *context, int64_t jail)
{
	struct kin *kin = context;
	struct offense_query running = {
		.jail = jail, .running = true, .now = kin->c->now};

	return offense_each(kin->e->store, &running, see_running, kin->c,
			    kin->why);
}

static int compare_cut_short(void *context, int64_t jail)
{
	struct kin *kin = context;

	return store_cut_short_each(kin->e->store, jail, kin->c->now,
				    see_cut_short, kin->c, kin->why);
}

static int forget(void *context, int64_t jail)
{
	struct kin *kin = context;

	return store_unenforce(kin->e->store, jail, kin->why);
}

/* The sets are empty, as after a reboot: no need to look at each ban. */
static int forget_all(struct engine *e, struct kin *kin, struct fault *why)
{
	if (store_begin(e->store, why) < 0)
		return -1;
	if (jail_kin(e->store, e->jail, forget, kin, why) == 0 &&
	    store_commit(e->store, why) == 0)
		return 0;
	store_rollback(e->store);
	return -1;
}

static int compare_all(struct engine *e, struct comparison *c,
		       struct fault *why)
{
	struct kin kin = {.e = e, .c = c, .why = why};

	if (c->nheld == 0)
		return forget_all(e, &kin, why);
	qsort(c->held, c->nheld, sizeof(*c->held), by_address);
	if (jail_kin(e->store, e->jail, compare_running, &kin, why) != 0 ||
	    jail_kin(e->store, e->jail, compare_cut_short, &kin, why) != 0)
		return -1;
	return correct(e, c, why);
}

enum outcome engine_compare(struct engine *e, int64_t now, struct fault *why)
{
	struct comparison c = {.now = now};
	enum outcome outcome = CARRIED_OUT;

	if (e->enforcer->ops->each(e->enforcer, see_held, &c, why) < 0)
		outcome = KERNEL_REFUSED;
	else if (!c.starved && compare_all(e, &c, why) < 0)
		outcome = STORE_REFUSED;
	if (c.starved) {
		fault_set(why, FAULT_MEMORY, "out of memory");
		outcome = STORE_REFUSED;
	}
	free(c.held);
	free(c.wrong);
	return outcome;
}
