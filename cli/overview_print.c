/* overview_print: all that is to be said of a jail at a glance, for people. */
#include "overview.h"

#include <inttypes.h>
#include <string.h>

#include "flow.h"
#include "overview_parts.h"
#include "policytext.h"

/* What bans are for, to people. */
static const char *const grounds[GROUNDS] = {
	[GROUND_COUNT] = "too many failures",
	[GROUND_ACCOUNT] = "account under attack",
	[GROUND_TRAP] = "trap user",
	[GROUND_NETWORK] = "network",
	[GROUND_BREACH] = "breach",
	[GROUND_PERSON] = "by hand",
	[GROUND_FOUND] = "found in a set",
};

static void print_grounds(const struct overview *v, const struct output *o)
{
	const char *comma = "";
	struct flow f;

	if (v->running.all == 0)
		return;
	flow_begin(&f, o, PARTS_INDENT, "grounds   ");
	for (int i = 0; i < GROUNDS; i++) {
		if (v->running.ground[i] == 0)
			continue;
		flow_put(&f, PLAIN, "%s%s: %" PRId64, comma, grounds[i],
			 v->running.ground[i]);
		comma = ", ";
	}
	flow_end(&f);
}

static void print_logins(const struct overview *v, const struct output *o)
{
	struct flow f;

	flow_begin(&f, o, PARTS_INDENT, "logins    ");
	if (v->jail->settings.policy.known_window == 0)
		flow_put(&f, PLAIN, "are not remembered");
	else if (v->logins == 0)
		flow_put(&f, CARE, "none known yet: nobody is a customer");
	else
		flow_put(&f, PLAIN,
			 "%" PRId64 " known (pairs of user and address)",
			 v->logins);
	flow_end(&f);
}

static void print_bans(const struct output *o, const struct overview *v)
{
	const struct offense_running *r = &v->running;
	const struct jail_totals *t = &v->totals;
	char dropped[DROPPED_TEXT];
	struct flow f;

	flow_begin(&f, o, PARTS_INDENT, "bans      ");
	flow_put(&f, PLAIN, "%" PRId64 " running", r->all - r->observed);
	if (r->observed > 0)
		flow_put(&f, PLAIN, ", %" PRId64 " only observed", r->observed);
	if (t->pending > 0) {
		flow_put(&f, PLAIN, ", ");
		flow_put(&f, CARE, "%" PRId64 " not yet in the kernel",
			 t->pending);
	}
	flow_end(&f);
	if (r->dropped.packets > 0) {
		flow_begin(&f, o, PARTS_INDENT, "dropped   ");
		flow_put(&f, PLAIN, "%s, by the bans that run",
			 dropped_print(&r->dropped, dropped));
		flow_end(&f);
	}
	flow_begin(&f, o, PARTS_INDENT, "last 24h  ");
	flow_put(&f, PLAIN,
		 "failures %" PRId64 ", offenses %" PRId64 ", lifted %" PRId64,
		 t->failures, t->offenses, t->lifted);
	flow_end(&f);
}

/* What follows the entry when it is a host name. */
static void print_name(struct flow *f, const struct exempt_name *n, int64_t now)
{
	char ago[DURATION_TEXT];

	if (n->state == EXEMPT_NAME_UNKNOWN)
		flow_put(f, BAD, " (NO ADDRESS KNOWN)");
	else if (n->state == EXEMPT_NAME_KEPT)
		flow_put(f, CARE, " (addresses of %s ago)",
			 output_left(now, n->at, ago));
}

static void print_exempt(const struct overview *v, const struct output *o,
			 int64_t now)
{
	const struct settings *s = &v->jail->settings;
	struct flow f;

	if (s->ignoreds == 0)
		return;
	flow_begin(&f, o, PARTS_INDENT, "ignoreip  ");
	for (size_t i = 0; i < s->ignoreds; i++) {
		flow_put(&f, PLAIN, "%s%s", i == 0 ? "" : ", ", s->ignored[i]);
		for (size_t k = 0; k < exempt_names(v->exempt); k++) {
			struct exempt_name n = exempt_name(v->exempt, k, now);

			if (strcmp(n.text, s->ignored[i]) == 0)
				print_name(&f, &n, now);
		}
	}
	flow_end(&f);
}

void overview_print(const struct overview *v, const struct output *o,
		    int64_t now)
{
	parts_head(v, o, now);
	print_bans(o, v);
	parts_foreign(v, o, now);
	print_grounds(v, o);
	print_logins(v, o);
	policytext_print(&v->jail->settings, o, PARTS_INDENT, PARTS_WIDTH);
	print_exempt(v, o, now);
	parts_filters(v, o, now);
	parts_sets(v, o);
}
