/* carry: see carry.h. */
#include "carry.h"

#include "saslban/duration.h"

bool carry_is_settled(const struct entry *e, int64_t now)
{
	if (e->wanted <= now)
		return e->held <= now;
	return e->held == e->wanted ||
	       (e->held < e->wanted && e->held >= now + CARRY_HORIZON);
}

static void plan(struct carry *c, const struct entry *e)
{
	c->of[c->changes] = e;
	c->change[c->changes++] = (struct set_change){
		.address = e->address,
		.left = duration_left(e->wanted, c->now),
		.fresh = c->lost || e->held <= c->now,
	};
}

/* The second until which the kernel holds what was just added. */
static int64_t held_until(const struct carry *c, const struct set_change *added)
{
	int64_t longest = c->enforcer->ops->kind->longest;

	return c->now + (added->left < longest ? added->left : longest);
}

/* What was put back counts from zero; that alone is noted of it. */
static int note_zero(struct carry *c, const struct entry *e, struct fault *why)
{
	static const struct dropped zero = {0, 0};

	if (dropped_none(&e->counted))
		return 0;
	return dropped_note(c->store, e->set, &e->address, &zero, &zero, why);
}

/* It was added, or is not there. */
static int note_one(struct carry *c, const struct set_change *change, bool add,
		    struct fault *why)
{
	const char *name = c->enforcer->ops->name(c->enforcer, c->set);

	if (!add)
		return entry_held(c->store, name, &change->address, 0, why);
	return (change->fresh ? entry_added : entry_held)(
		c->store, name, &change->address, held_until(c, change), why);
}

/* One that has run out, or is lost, and finds a full set is absent. One that is
 * put back is held as it was, or for longer: that needs no word. */
static int note(struct carry *c, bool add, struct fault *why)
{
	int result = 0;

	for (size_t i = 0; i < c->changes && result == 0; i++) {
		const struct set_change *change = &c->change[i];
		bool ran_out = add && !change->done && change->fresh &&
			       c->of[i]->held != 0;
		bool added = add && change->done;

		if (!change->done && !ran_out)
			continue;
		c->added += added;
		c->removed += !add;
		if (added && c->lost && carry_is_settled(c->of[i], c->now))
			result = note_zero(c, c->of[i], why);
		else
			result = note_one(c, change, added, why);
	}
	return result;
}

/* The kernel has refused: everything, or some entries? */
static enum outcome judge_refusal(const struct carry *c,
				  const struct fault *refused)
{
	/* A full set, or one that never takes such an entry. */
	if (refused->kind == FAULT_SET_FULL || refused->kind == FAULT_SETTING)
		return PARTLY_REFUSED;
	if (refused->kind == FAULT_SET_GONE)
		return KERNEL_REFUSED;
	for (size_t i = 0; i < c->changes; i++)
		if (c->change[i].done)
			return PARTLY_REFUSED;
	return KERNEL_REFUSED;
}

static enum outcome change_set(struct carry *c, bool add, struct fault *why)
{
	const struct enforcer_ops *ops = c->enforcer->ops;
	struct fault refused = {.kind = FAULT_NONE};
	int result;

	if (c->changes == 0)
		return CARRIED_OUT;
	result = (add ? ops->add : ops->remove)(c->enforcer, c->set, c->change,
						c->changes, &refused);
	if (note(c, add, why) < 0)
		return STORE_REFUSED;
	if (result == 0)
		return CARRIED_OUT;
	c->refused = refused;
	return judge_refusal(c, &refused);
}

enum outcome carry_out(struct carry *c, struct fault *why)
{
	enum outcome worst = CARRIED_OUT;

	/* Removals first: a full set can take additions then. */
	for (int add = 0; add <= 1; add++) {
		enum outcome outcome;

		c->changes = 0;
		for (size_t i = 0; i < c->entries; i++)
			if ((c->entry[i].wanted > c->now) == add)
				plan(c, &c->entry[i]);
		outcome = change_set(c, add, why);
		if (outcome == STORE_REFUSED || outcome == KERNEL_REFUSED)
			return outcome;
		if (outcome != CARRIED_OUT)
			worst = outcome;
	}
	return worst;
}

static bool outweighs(const struct entry *a, const struct entry *b)
{
	return a->strike != b->strike ? a->strike > b->strike
				      : a->since > b->since;
}

enum outcome carry_displace(struct carry *c, size_t *n, struct fault *why)
{
	const char *name = c->enforcer->ops->name(c->enforcer, c->set);
	enum outcome outcome;
	size_t weakest;

	*n = 0;
	if (entry_due(c->store, name, ENTRY_ABSENT, c->now, c->now, NULL,
		      c->entry, CARRY_MAX, &c->entries, why) < 0 ||
	    entry_weakest(c->store, name, c->now, c->weakest, c->entries,
			  &weakest, why) < 0)
		return STORE_REFUSED;
	c->changes = 0;
	while (c->changes < weakest &&
	       outweighs(&c->entry[c->changes], &c->weakest[c->changes]))
		plan(c, &c->weakest[c->changes]);
	c->entries = c->changes;
	outcome = change_set(c, false, why);
	if (outcome != CARRIED_OUT || c->entries == 0)
		return outcome;
	*n = c->entries;
	return carry_out(c, why);
}
