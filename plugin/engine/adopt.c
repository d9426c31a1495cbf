/* adopt: see adopt.h. */
#include "adopt.h"

#include <stdio.h>

#include "saslban/entry.h"
#include "saslban/offense.h"

/* The address is banned until then. Nobody is told: it is no news. */
static int add_ban(struct carry *c, const char *set, const struct address *a,
		   int64_t until, struct fault *why)
{
	struct offense o = {
		.jail = c->adopt,
		.address = *a,
		.at = c->now,
		.until = until,
		.told = true,
		.ground = GROUND_FOUND,
	};
	struct history h;

	if (offense_history(c->store, c->adopt, a, false, c->now, &h, why) < 0)
		return -1;
	/* The same ban, which has become longer, or the next one. */
	o.strike = h.strikes + (h.banned && h.strikes > 0 ? 0 : 1);
	snprintf(o.why, sizeof(o.why),
		 "found in set '%s' after the database was damaged", set);
	c->adopted++;
	return offense_add(c->store, &o, why);
}

int adopt_corrections(const struct corrections *c, const char *set,
		      struct carry *carry, struct fault *why)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct address *a = &c->of[i].address;
		int64_t held = c->of[i].held;

		if (carry->adopt != 0 && c->of[i].longer &&
		    add_ban(carry, set, a, held, why) < 0)
			return -1;
		if (entry_held(carry->store, set, a, held, why) < 0)
			return -1;
	}
	return 0;
}

void adopt_meet(struct audit *a, const struct carry *c,
		const struct seen_entry *seen)
{
	const struct entry e = {.address = seen->address};

	if (c->adopt == 0 || seen->left == 0)
		strangers_note(&a->strangers, &seen->address);
	else
		corrections_add(&a->wrong, &e, a->began + seen->left);
}

int adopt_met(struct audit *a, struct carry *c, const char *set,
	      struct fault *why)
{
	int result;

	if (a->wrong.n == 0)
		return 0;
	if (store_begin(c->store, why) < 0)
		return -1;
	result = adopt_corrections(&a->wrong, set, c, why);
	a->wrong.n = 0;
	return store_end_soon(c->store, result, why);
}

void adopt_end(struct carry *c, const char *set, const struct report *report_to)
{
	if (c->adopted > 0)
		report(report_to, REPORT_NOTICE,
		       "bans taken over from set '%s', for the time that is "
		       "left to them: %zu",
		       set, c->adopted);
	c->adopt = 0;
	c->adopted = 0;
}
