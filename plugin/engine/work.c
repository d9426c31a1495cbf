/* work: see work.h. */
#include "work.h"

#include <stdbool.h>
#include <stddef.h>

#include "saslban/duration.h"

enum {
	/* While a set is being compared what was absent before waits, and a
	 * fresh ban is among the first of those that are absent, or there is no
	 * room for it. */
	FOREMOST = 100,

	RENEWAL_PAUSE = 5 /* seconds between two renewals, at least */
};

/* Of what is absent only what may go now. */
static void leave_older(struct carry *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->entries; i++)
		if (c->entry[i].since >= c->since)
			c->entry[n++] = c->entry[i];
	c->entries = n;
}

static int read_due(struct carry *c, enum entry_due which,
		    const struct entry *after, size_t limit, struct fault *why)
{
	bool foremost = which == ENTRY_ABSENT && c->since > 0;

	if (entry_due(c->store, c->enforcer->ops->name(c->enforcer, c->set),
		      which, c->now, c->now + CARRY_HORIZON, after, c->entry,
		      foremost ? FOREMOST : limit, &c->entries, why) < 0)
		return -1;
	if (foremost)
		leave_older(c);
	return 0;
}

static enum outcome end(struct carry *c, enum outcome outcome,
			struct fault *why)
{
	if (store_end_soon(c->store, outcome == STORE_REFUSED ? -1 : 0, why) <
	    0)
		return STORE_REFUSED;
	return outcome;
}

/* One chunk, in one transaction. */
static enum outcome carry_chunk(struct carry *c, enum entry_due which,
				const struct entry *after, struct fault *why)
{
	enum outcome outcome = STORE_REFUSED;

	if (store_begin(c->store, why) < 0)
		return STORE_REFUSED;
	if (read_due(c, which, after, WORK_CHUNK, why) == 0)
		outcome = carry_out(c, why);
	return end(c, outcome, why);
}

static enum outcome carry_kind(struct carry *c, enum entry_due which,
			       int64_t *budget, struct fault *why)
{
	enum outcome outcome, worst = CARRIED_OUT;
	const struct entry *after = NULL;
	struct entry last;

	while (*budget > 0) {
		/* In nearly every poll nothing is due: this is found out
		 * without a transaction. */
		if (read_due(c, which, after, 1, why) < 0)
			return STORE_REFUSED;
		if (c->entries == 0)
			break;
		outcome = carry_chunk(c, which, after, why);
		if (outcome == STORE_REFUSED || outcome == KERNEL_REFUSED)
			return outcome;
		*budget -= (int64_t)c->entries;
		if (outcome == PARTLY_REFUSED)
			worst = outcome;
		/* What comes behind weighs less, and fits as little. */
		if (c->entries == 0 || (worst == PARTLY_REFUSED &&
					c->refused.kind == FAULT_SET_FULL))
			break;
		last = c->entry[c->entries - 1];
		after = &last;
	}
	return worst;
}

/* The set is full: the weakest yield. What yields is absent from then on, and
 * is added again when there is a place for it. */
static enum outcome displace(struct carry *c, int64_t *budget,
			     struct fault *why)
{
	enum outcome outcome;
	size_t n;

	do {
		if (store_begin(c->store, why) < 0)
			return STORE_REFUSED;
		outcome = end(c, carry_displace(c, &n, why), why);
		*budget -= CARRY_MAX;
	} while (outcome == CARRIED_OUT && n == CARRY_MAX && *budget > 0);
	return outcome == CARRIED_OUT ? PARTLY_REFUSED : outcome;
}

/* First what is to leave, then what may run out, then what is absent: an
 * address that was pardoned and banned anew ends up in the set. */
enum outcome work_through(struct carry *c, int64_t *budget, struct fault *why)
{
	static const enum entry_due order[] = {ENTRY_EXCESS, ENTRY_SHORT,
					       ENTRY_ABSENT};
	enum outcome outcome, worst = CARRIED_OUT;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		/* What the store says of them is older than they are. */
		if (c->adopt != 0 && order[i] != ENTRY_ABSENT)
			continue;
		outcome = carry_kind(c, order[i], budget, why);
		if (outcome == STORE_REFUSED || outcome == KERNEL_REFUSED)
			return outcome;
		if (outcome == PARTLY_REFUSED)
			worst = outcome;
	}
	if (worst == PARTLY_REFUSED && c->refused.kind == FAULT_SET_FULL &&
	    !c->patient)
		return displace(c, budget, why);
	return worst;
}

int work_renewal(const struct carry *c, int64_t *when, struct fault *why)
{
	const char *name = c->enforcer->ops->name(c->enforcer, c->set);

	if (entry_next_short(c->store, name, c->now, when, why) < 0)
		return -1;
	if (*when == DURATION_FOREVER)
		return 0;
	/* What is due by now was done, or is tried again by other rules. */
	*when -= CARRY_HORIZON;
	if (*when < c->now + RENEWAL_PAUSE)
		*when = c->now + RENEWAL_PAUSE;
	return 0;
}
