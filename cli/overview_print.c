/* overview_print: a jail at a glance, for people. */
#include "overview.h"

#include <inttypes.h>
#include <string.h>

#include "flow.h"
#include "policytext.h"

/* Every line but the first has a heading of this width, or the blanks. */
enum { INDENT = 2, WIDTH = 10, EXAMPLE = 14, DAY = 86400 };
static const char none[] = "          ";

/* An engine that may not be asked whether it runs is judged by when it wrote
 * last, and so is one that runs and cannot write. */
static void print_engine(const struct overview *v, struct flow *f, int64_t now)
{
	int64_t seen = v->jail->seen;
	bool silent = seen == 0 || now - seen > SESSION_SILENT;
	char ago[DURATION_TEXT];

	output_left(now, seen, ago);
	if ((v->trouble & OVERVIEW_NO_ENGINE) != 0 && seen == 0)
		flow_put(f, BAD, "NO ENGINE RUNS and none ever has");
	else if ((v->trouble & OVERVIEW_NO_ENGINE) != 0)
		flow_put(f, BAD, "NO ENGINE RUNS; the last one wrote %s ago",
			 ago);
	else if (silent && seen == 0)
		flow_put(f, BAD, "engine runs and has not written yet");
	else if (silent)
		flow_put(f, BAD, "engine runs, but has not written for %s",
			 ago);
	else
		flow_put(f, PLAIN, "engine wrote %s ago", ago);
}

/* What to do about it, on a line of its own. */
static void print_advice(const struct overview *v, const struct output *o)
{
	struct flow f;

	if ((v->trouble & OVERVIEW_NO_ENGINE) == 0)
		return;
	flow_begin(&f, o, INDENT, "");
	flow_put(&f, CARE,
		 "is rsyslogd running, and does its configuration have this "
		 "jail? 'rsyslogd -N1' shows what is wrong with it");
	flow_end(&f);
}

static void print_heading(const struct overview *v, const struct output *o,
			  int64_t now)
{
	const struct settings *s = &v->jail->settings;
	struct flow f;

	flow_begin(&f, o, 0, "");
	flow_put(&f, STRONG, "%s", s->name);
	flow_put(&f, PLAIN, ": ");
	if (s->enforce)
		flow_put(&f, GOOD, "enforces");
	else
		flow_put(&f, CARE, "only observes");
	flow_put(&f, PLAIN, ", ");
	print_engine(v, &f, now);
	flow_end(&f);
}

/* What happened that somebody should look into. */
static void print_alarms(const struct overview *v, const struct output *o,
			 int64_t now)
{
	struct evidence latest = v->evidence;

	evidence_print_breaches(&v->evidence, o, INDENT, WIDTH,
				" in the last 7d");
	attacks_print(&v->attacks, o, INDENT, WIDTH);
	if (latest.outages > 1)
		latest.outages = 1;
	evidence_print_outages(&latest, o, INDENT, WIDTH, now);
}

/* What bans are for, to people. */
static const char *const grounds[GROUNDS] = {
	[GROUND_COUNT] = "too many failures",
	[GROUND_ACCOUNT] = "account under attack",
	[GROUND_TRAP] = "trap user",
	[GROUND_NETWORK] = "network",
	[GROUND_BREACH] = "breach",
	[GROUND_PERSON] = "by hand",
};

static void print_grounds(const struct overview *v, const struct output *o)
{
	const char *comma = "";
	struct flow f;

	if (v->totals.running == 0)
		return;
	flow_begin(&f, o, INDENT, "grounds   ");
	for (int i = 0; i < GROUNDS; i++) {
		if (v->ground[i] == 0)
			continue;
		flow_put(&f, PLAIN, "%s%s: %" PRId64, comma, grounds[i],
			 v->ground[i]);
		comma = ", ";
	}
	flow_end(&f);
}

static void print_logins(const struct overview *v, const struct output *o)
{
	struct flow f;

	flow_begin(&f, o, INDENT, "logins    ");
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

static void print_bans(const struct output *o, const struct jail_totals *t)
{
	char dropped[DROPPED_TEXT];
	struct flow f;

	flow_begin(&f, o, INDENT, "bans      ");
	flow_put(&f, PLAIN, "%" PRId64 " running", t->running - t->observed);
	if (t->observed > 0)
		flow_put(&f, PLAIN, ", %" PRId64 " only observed", t->observed);
	if (t->pending > 0) {
		flow_put(&f, PLAIN, ", ");
		flow_put(&f, CARE, "%" PRId64 " not yet in the kernel",
			 t->pending);
	}
	flow_end(&f);
	if (t->dropped.packets > 0) {
		flow_begin(&f, o, INDENT, "dropped   ");
		flow_put(&f, PLAIN, "%s, by the bans that run",
			 dropped_print(&t->dropped, dropped));
		flow_end(&f);
	}
	flow_begin(&f, o, INDENT, "last 24h  ");
	flow_put(&f, PLAIN,
		 "failures %" PRId64 ", offenses %" PRId64 ", lifted %" PRId64,
		 t->failures, t->offenses, t->lifted);
	flow_end(&f);
}

/* Somebody writes lines in the name of a server. */
static void print_foreign(const struct overview *v, const struct output *o,
			  int64_t now)
{
	const struct jail *jail = v->jail;
	char ago[DURATION_TEXT];
	struct flow f;

	if (jail->foreign_lines == 0 || now - jail->foreign_last > DAY)
		return;
	flow_begin(&f, o, INDENT, "foreign   ");
	flow_put(&f, BAD,
		 "%" PRId64 " line%s that somebody else wrote, the last %s "
		 "ago",
		 jail->foreign_lines, jail->foreign_lines == 1 ? "" : "s",
		 output_left(now, jail->foreign_last, ago));
	flow_end(&f);
}

/* ---- filters ---- */

static void print_example(const struct output *o, const struct filter_stats *s)
{
	struct flow f;

	if (s->example[0] == '\0')
		return;
	flow_begin(&f, o, EXAMPLE, "");
	flow_put(&f, FAINT, "%s", s->example);
	flow_end(&f);
}

/* Lines that a rule may be lacking for. */
static void print_unmatched(const struct output *o,
			    const struct filter_stats *s)
{
	const char *end = s->example[0] == '\0' ? "" : ", such as";
	char quiet[DURATION_TEXT];
	struct flow f;

	if (s->unmatched == 0)
		return;
	flow_begin(&f, o, EXAMPLE, "");
	if (filter_stats_blind(s))
		flow_put(&f, BAD, "BLIND for %s: %" PRId64 " unmatched lines%s",
			 output_left(filter_stats_quiet(s), 0, quiet),
			 s->unmatched_since_match, end);
	else
		flow_put(&f, CARE,
			 "%" PRId64 " unmatched line%s that look%s like a "
			 "failed login%s",
			 s->unmatched, s->unmatched == 1 ? "" : "s",
			 s->unmatched == 1 ? "s" : "", end);
	flow_end(&f);
	print_example(o, s);
}

/* Failed logins that count for nobody. */
static void print_lost(const struct output *o, const struct filter_stats *s)
{
	struct flow f;

	if (s->ambiguous > 0) {
		flow_begin(&f, o, EXAMPLE, "");
		flow_put(&f, CARE,
			 "ambiguous lines: %" PRId64 "; failed logins, and what"
			 " the sender wrote hides the address",
			 s->ambiguous);
		flow_end(&f);
	}
	if (s->orphans > 0) {
		flow_begin(&f, o, EXAMPLE, "");
		flow_put(&f, CARE,
			 "orphans: %" PRId64 "; failed logins of connections"
			 " that are not known, or not any more",
			 s->orphans);
		flow_end(&f);
	}
}

/* The numbers lag behind the failures by up to a minute, so that there may be
 * failures and no lines. */
static bool not_counted_yet(const struct overview *v)
{
	for (size_t i = 0; i < v->filters; i++)
		if (v->filter[i].lines > 0)
			return false;
	return v->totals.failures > 0;
}

static void print_filter(const struct overview *v, const struct output *o,
			 size_t i, int64_t now)
{
	const struct filter_stats *s = &v->filter[i];
	char ago[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, INDENT, i == 0 ? "filters   " : none);
	flow_put(&f, PLAIN, "%s: ", s->filter);
	if (s->lines == 0 && not_counted_yet(v))
		flow_put(&f, PLAIN, "lines are counted once a minute");
	else if (s->lines == 0)
		flow_put(&f, PLAIN, "no lines yet");
	else if (s->matched == 0)
		flow_put(&f, PLAIN, "%" PRId64 " lines, no match yet",
			 s->lines);
	else
		flow_put(&f, PLAIN, "%" PRId64 " lines, last match %s ago",
			 s->lines, output_left(now, s->matched, ago));
	flow_end(&f);
	print_unmatched(o, s);
	print_lost(o, s);
}

/* ---- who is exempt ---- */

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
	flow_begin(&f, o, INDENT, "ignoreip  ");
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

/* ---- sets ---- */

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

static void print_sets(const struct overview *v, const struct output *o)
{
	const struct enforcer_kind *kind = v->set[ENFORCER_V4].kind;
	struct flow f;

	if (kind != NULL) {
		flow_begin(&f, o, INDENT, "enforcer  ");
		flow_put(&f, PLAIN, "%s%s", kind->name,
			 v->jail->settings.cut ? ", cut on" : "");
		flow_end(&f);
	}
	if (v->asked && same_trouble(v->set)) {
		flow_begin(&f, o, INDENT, "sets      ");
		flow_put(&f, PLAIN, "%s, ", v->set[ENFORCER_V4].name);
		print_set(&v->set[ENFORCER_V6], &f);
		flow_end(&f);
		return;
	}
	for (int i = 0; v->asked && i < ENFORCER_SETS; i++) {
		flow_begin(&f, o, INDENT, i == 0 ? "sets      " : none);
		print_set(&v->set[i], &f);
		flow_end(&f);
	}
}

void overview_print(const struct overview *v, const struct output *o,
		    int64_t now)
{
	print_heading(v, o, now);
	print_advice(v, o);
	print_alarms(v, o, now);
	print_bans(o, &v->totals);
	print_foreign(v, o, now);
	print_grounds(v, o);
	print_logins(v, o);
	policytext_print(&v->jail->settings, o, INDENT, WIDTH);
	print_exempt(v, o, now);
	for (size_t i = 0; i < v->filters; i++)
		print_filter(v, o, i, now);
	print_sets(v, o);
}
