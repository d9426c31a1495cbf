/* overview_print: a jail at a glance, for people. */
#include "overview.h"

#include <inttypes.h>

#include "flow.h"

/* Every line but the first has a heading of this width, or the blanks. */
enum { INDENT = 2, EXAMPLE = 14 };
static const char none[] = "          ";

static void print_engine(struct flow *f, const struct jail *j, int64_t now)
{
	char ago[DURATION_TEXT];

	if (j->seen == 0) {
		flow_put(f, BAD, "its engine has never run");
		return;
	}
	output_left(now, j->seen, ago);
	if (session_alive(j, now))
		flow_put(f, PLAIN, "engine wrote %s ago", ago);
	else
		flow_put(f, BAD,
			 "its engine has not written for %s: is rsyslogd "
			 "running?",
			 ago);
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
	print_engine(&f, v->jail, now);
	flow_end(&f);
}

static void print_bans(const struct output *o, const struct jail_totals *t)
{
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
	flow_begin(&f, o, INDENT, "last 24h  ");
	flow_put(&f, PLAIN,
		 "failures %" PRId64 ", offenses %" PRId64 ", lifted %" PRId64,
		 t->failures, t->offenses, t->lifted);
	flow_end(&f);
}

static void print_policy(const struct output *o, const struct policy *p)
{
	char text[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, INDENT, "policy    ");
	flow_put(&f, PLAIN, "maxretry %u, findtime %s, bantime", p->maxretry,
		 duration_print(p->findtime, text));
	for (size_t i = 0; i < p->steps; i++)
		flow_put(&f, PLAIN, "%s %s", i == 0 ? "" : ",",
			 duration_print(p->ladder[i], text));
	if (p->factor > 1)
		flow_put(&f, PLAIN, ", then times %u", p->factor);
	if (p->factor > 1 && p->longest != DURATION_FOREVER)
		flow_put(&f, PLAIN, " up to %s",
			 duration_print(p->longest, text));
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
}

/* ---- sets ---- */

static void print_sets(const struct overview *v, const struct output *o)
{
	struct flow f;

	if (v->asked && !v->answered) {
		flow_begin(&f, o, INDENT, "sets      ");
		flow_put(&f, CARE, "not known: %s", v->why.text);
		flow_end(&f);
	}
	for (int i = 0; v->answered && i < ENFORCER_FAMILIES; i++) {
		const struct set_state *s = &v->sets.set[i];

		flow_begin(&f, o, INDENT, i == 0 ? "sets      " : none);
		flow_put(&f, PLAIN, "%s%d  %" PRIu32 " of %" PRIu32 ", ",
			 v->jail->settings.set, i == 0 ? 4 : 6, s->elements,
			 s->maxelem);
		if (s->references > 0)
			flow_put(&f, PLAIN, "a firewall rule refers to it");
		else
			flow_put(&f, BAD, "NO FIREWALL RULE refers to it");
		flow_end(&f);
	}
}

void overview_print(const struct overview *v, const struct output *o,
		    int64_t now)
{
	print_heading(v, o, now);
	print_bans(o, &v->totals);
	print_policy(o, &v->jail->settings.policy);
	for (size_t i = 0; i < v->filters; i++)
		print_filter(v, o, i, now);
	print_sets(v, o);
}
