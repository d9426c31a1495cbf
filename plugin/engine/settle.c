/*
 * settle: the parts of the projection that need no memory of a set: one
 * address for saslbanctl, what is due, and a store that can only be read. See
 * saslban/projection.h.
 */
#include "saslban/projection.h"

#include <stdlib.h>

#include "carry.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "work.h"

/* ---- one address ---- */

static enum outcome refuse(const struct carry *c, enum outcome outcome,
			   struct fault *why)
{
	*why = c->refused;
	return outcome;
}

/* The set is full. Whoever weighs less than this address yields to it, as he
 * would to the engine. */
static enum outcome settle_full(struct carry *c, const char *name,
				const struct address *a, struct fault *why)
{
	struct fault full = c->refused;
	struct entry e;
	bool found;
	size_t n;

	if (carry_displace(c, &n, why) == STORE_REFUSED ||
	    entry_get(c->store, name, a, &e, &found, why) < 0)
		return STORE_REFUSED;
	if (found && carry_is_settled(&e, c->now))
		return CARRIED_OUT;
	c->refused = full;
	return refuse(c, PARTLY_REFUSED, why);
}

static enum outcome settle_entry(struct carry *c, const struct address *a,
				 struct fault *why)
{
	const char *name = c->enforcer->ops->name(c->enforcer, c->set);
	enum outcome outcome;
	bool found;

	if (entry_get(c->store, name, a, &c->entry[0], &found, why) < 0)
		return STORE_REFUSED;
	if (!found || carry_is_settled(&c->entry[0], c->now))
		return CARRIED_OUT;
	c->entries = 1;
	outcome = carry_out(c, why);
	if (outcome == CARRIED_OUT || outcome == STORE_REFUSED)
		return outcome;
	if (c->refused.kind == FAULT_SET_FULL)
		return settle_full(c, name, a, why);
	return refuse(c, outcome, why);
}

/* What the kernel did is noted, also when it did not do all. */
static int settle(struct carry *c, const struct address *a, struct fault *why)
{
	enum outcome outcome;

	if (store_begin(c->store, why) < 0)
		return -1;
	outcome = settle_entry(c, a, why);
	if (store_end(c->store, outcome == STORE_REFUSED ? -1 : 0, why) < 0)
		return -1;
	return outcome == CARRIED_OUT ? 0 : -1;
}

int projection_settle(struct store *s, struct enforcer *e,
		      const struct address *a, int64_t now, struct fault *why)
{
	struct carry *c = calloc(1, sizeof(*c));
	int result;

	if (c == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	c->enforcer = e;
	c->set = enforcer_set_of(a);
	c->store = s;
	c->now = now;
	result = settle(c, a, why);
	free(c);
	return result;
}

/* ---- all that is due ---- */

int projection_work(struct store *s, struct enforcer *e, enum enforcer_set set,
		    int64_t now, struct fault *why)
{
	struct carry *c = calloc(1, sizeof(*c));
	enum outcome outcome;
	int64_t budget;

	if (c == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	c->enforcer = e;
	c->set = set;
	c->store = s;
	c->now = now;
	do {
		budget = WORK_CHUNK;
		outcome = work_through(c, &budget, why);
	} while (outcome == CARRIED_OUT && budget <= 0);
	if (outcome != CARRIED_OUT && outcome != STORE_REFUSED)
		*why = c->refused;
	free(c);
	return outcome == CARRIED_OUT ? 0 : -1;
}

/* ---- a store that cannot be written ---- */

struct refill {
	struct enforcer *enforcer;
	enum enforcer_set set;
	int64_t now;
	struct set_change change[CARRY_MAX];
	size_t n, added;
	struct address cursor;
	size_t seen; /* entries, in this step */
};

static int take(void *context, const struct entry *e)
{
	struct refill *r = context;

	r->cursor = e->address;
	r->seen++;
	if (e->wanted > r->now)
		r->change[r->n++] = (struct set_change){
			.address = e->address,
			.left = duration_left(e->wanted, r->now),
		};
	return 0;
}

/* A full set takes what it can: nothing can be weighed here. */
static int add_taken(struct refill *r, struct fault *why)
{
	int result = 0;

	if (r->n > 0)
		result = r->enforcer->ops->add(r->enforcer, r->set, r->change,
					       r->n, why);
	for (size_t i = 0; i < r->n; i++)
		r->added += r->change[i].done;
	r->n = 0;
	return result < 0 && why->kind != FAULT_SET_FULL ? -1 : 0;
}

static int restore_all(struct refill *r, struct store *s, struct fault *why)
{
	const char *name = r->enforcer->ops->name(r->enforcer, r->set);
	const struct address *after = NULL;

	do {
		r->seen = 0;
		if (entry_each(s, name, after, CARRY_MAX, take, r, why) < 0 ||
		    add_taken(r, why) < 0)
			return -1;
		after = &r->cursor;
	} while (r->seen == CARRY_MAX);
	return 0;
}

int projection_restore(struct store *s, struct enforcer *e,
		       enum enforcer_set set, int64_t now, size_t *n,
		       struct fault *why)
{
	struct refill *r = calloc(1, sizeof(*r));
	int result = -1;

	if (r == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	r->enforcer = e;
	r->set = set;
	r->now = now;
	if (e->ops->ensure(e, set, why) == 0)
		result = restore_all(r, s, why);
	*n = r->added;
	free(r);
	return result;
}
