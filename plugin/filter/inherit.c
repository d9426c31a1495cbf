/* inherit: see inherit.h. */
#include "inherit.h"

#include <string.h>

#include "compiled.h"
#include "memories.h"
#include "rule.h"

/* ---- what is different ---- */

static bool has_rule(const struct filter *f, const struct rule_info *wanted)
{
	struct rule_info r;

	for (size_t i = 0; i < filter_rules(f); i++) {
		filter_rule(f, i, &r);
		if (r.spec == wanted->spec && r.kind == wanted->kind &&
		    strcmp(r.regex, wanted->regex) == 0)
			return true;
	}
	return false;
}

/* How many rules of one the other has not. */
static size_t count_others(const struct filter *f, const struct filter *other)
{
	struct rule_info r;
	size_t n = 0;

	for (size_t i = 0; i < filter_rules(f); i++) {
		filter_rule(f, i, &r);
		n += !has_rule(other, &r);
	}
	return n;
}

void filter_compare(const struct filter *new, const struct filter *old,
		    struct edition_change *out)
{
	*out = (struct edition_change){
		.any = new->nrulesets != old->nrulesets,
		.rules = filter_rules(new),
		.fresh = count_others(new, old),
		.gone = count_others(old, new),
	};
	for (size_t i = 0; !out->any && i < new->nrulesets; i++)
		out->any = !filterfile_same(new->ruleset[i]->source,
					    old->ruleset[i]->source);
}

/* ---- what goes on ---- */

void filter_inherit(struct filter *new, const struct filter *old)
{
	for (size_t i = 0; i < new->nrulesets &&i < old->nrulesets; i++) {
		struct memories **mine = &new->ruleset[i]->memories;
		struct memories *theirs = old->ruleset[i]->memories;

		if (!memories_alike(*mine, theirs))
			continue;
		memories_close(*mine);
		*mine = memories_share(theirs);
	}
}
