/* needs: see needs.h. */
#include "needs.h"

#include <string.h>

#include "compiled.h"
#include "rule.h"

static bool same(const struct literal *a, const struct literal *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

/* How many rules of the ruleset have that need. */
static unsigned sharers(const struct ruleset *ruleset,
			const struct literal *need)
{
	unsigned n = 0;

	for (size_t i = 0; i < ruleset->rules; i++)
		for (size_t k = 0; k < ruleset->rule[i].need.n; k++)
			n += same(&ruleset->rule[i].need.one[k], need);
	return n;
}

/* The id of a need that an earlier rule has already, or a new one. */
static uint8_t need_id(struct ruleset *ruleset, const struct rule *r,
		       const struct literal *need)
{
	for (const struct rule *other = ruleset->rule; other < r; other++)
		for (size_t k = 0; k < other->need.n; k++)
			if (same(&other->need.one[k], need))
				return other->need_id[k];
	return ruleset->needs + 1 < NEEDS_MAX ? (uint8_t)++ruleset->needs : 0;
}

void needs_share(struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->rules; i++) {
		struct rule *r = &ruleset->rule[i];
		size_t best = 0;

		for (size_t k = 1; k < r->need.n; k++)
			if (sharers(ruleset, &r->need.one[k]) >
			    sharers(ruleset, &r->need.one[best]))
				best = k;
		if (best > 0) {
			struct literal shared = r->need.one[best];

			memmove(&r->need.one[1], &r->need.one[0],
				best * sizeof(shared));
			r->need.one[0] = shared;
		}
		for (size_t k = 0; k < r->need.n; k++)
			r->need_id[k] = need_id(ruleset, r, &r->need.one[k]);
	}
}
