/* overview_sets: the sets of a jail, how full they are, and whether they are
 * looked into. */
#include "overview_parts.h"

#include <inttypes.h>
#include <string.h>

#include "flow.h"

/* How large they may become, and whether we may make them so. */
static void print_growth(const struct settings *is, const struct output *o)
{
	struct flow f;

	flow_begin(&f, o, PARTS_INDENT, "growth    ");
	if (is->set_create)
		flow_put(&f, PLAIN, "up to %u entries (set.max)", is->set_max);
	else
		flow_put(&f, CARE, "none: set.create is off");
	flow_end(&f);
}

static void print_set(const struct overview_set *s, struct flow *f)
{
	if (!s->answered) {
		flow_put(f, PLAIN, "%s  ", s->name);
		flow_put(f, BAD, "not known: %s", s->why.text);
		return;
	}
	flow_put(f, PLAIN, "%s  %" PRIu32 " of %" PRIu32 ", ", s->name,
		 s->state.elements, s->state.maxelem);
	if (s->state.references > 0)
		flow_put(f, PLAIN, "a firewall rule refers to it");
	else
		flow_put(f, BAD, "NO FIREWALL RULE refers to it");
	if (s->waiting && s->state.elements >= s->state.maxelem)
		flow_put(f, BAD, ", IT IS FULL and bans are waiting");
	else if (s->waiting)
		flow_put(f, BAD, ", BANS ARE WAITING for it");
}

/* What is wrong with both of them is printed once. */
static bool same_trouble(const struct overview_set set[ENFORCER_SETS])
{
	return !set[ENFORCER_V4].answered && !set[ENFORCER_V6].answered &&
	       strcmp(set[ENFORCER_V4].why.text, set[ENFORCER_V6].why.text) ==
		       0;
}

void parts_sets(const struct overview *v, const struct output *o)
{
	const struct enforcer_kind *kind = v->set[ENFORCER_V4].kind;
	struct flow f;

	if (kind != NULL) {
		flow_begin(&f, o, PARTS_INDENT, "enforcer  ");
		flow_put(&f, PLAIN, "%s%s", kind->name,
			 v->jail->settings.cut ? ", cut on" : "");
		flow_end(&f);
	}
	if (v->asked)
		print_growth(&v->jail->settings, o);
	if (v->asked && same_trouble(v->set)) {
		flow_begin(&f, o, PARTS_INDENT, "sets      ");
		flow_put(&f, PLAIN, "%s, ", v->set[ENFORCER_V4].name);
		print_set(&v->set[ENFORCER_V6], &f);
		flow_end(&f);
		return;
	}
	for (int i = 0; v->asked && i < ENFORCER_SETS; i++) {
		flow_begin(&f, o, PARTS_INDENT,
			   i == 0 ? "sets      " : PARTS_NONE);
		print_set(&v->set[i], &f);
		flow_end(&f);
	}
}
