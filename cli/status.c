/* status: each jail at a glance. */
#include "verb.h"

#include <inttypes.h>

#include "json.h"
#include "kernel.h"
#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/policy.h"
#include "saslban/filter_stats.h"
#include "saslban/stats.h"
#include "session.h"
#include "text.h"

enum { DAY = 86400 };

/* Everything that is told of one jail. */
struct report {
	const struct jail *jail;
	struct jail_totals totals;
	struct filter_stats filter[SETTINGS_FILTERS];
	size_t filters;
	struct enforcer_state sets;
	bool asked;    /* an observing jail has no sets */
	bool answered; /* sets is filled, else why is */
	struct fault why;
};

static int see_filter(void *context, const struct filter_stats *s)
{
	struct report *r = context;

	r->filter[r->filters++] = *s;
	return r->filters == SETTINGS_FILTERS;
}

static int inquire(struct report *r, struct store *s, int64_t now,
		   struct fault *why)
{
	r->filters = 0;
	if (jail_totals(s, r->jail->id, now, now - DAY, &r->totals, why) < 0 ||
	    stats_filter_each(s, r->jail->id, see_filter, r, why) < 0)
		return -1;
	r->asked = r->jail->settings.enforce;
	r->answered = r->asked && kernel_state(r->jail, &r->sets, &r->why) == 0;
	return 0;
}

/* ---- for people ---- */

static void print_engine(const struct output *o, const struct jail *j,
			 int64_t now)
{
	char ago[DURATION_TEXT];

	if (j->seen == 0) {
		output_print(o, BAD, "its engine has never run");
		return;
	}
	duration_human(duration_left(now, j->seen), ago);
	if (session_alive(j, now))
		fprintf(o->file, "engine wrote %s ago", ago);
	else
		output_print(o, BAD,
			     "its engine has not written for %s: is rsyslogd "
			     "running?",
			     ago);
}

static void print_bans(const struct output *o, const struct report *r)
{
	const struct jail_totals *t = &r->totals;

	fprintf(o->file, "  bans      %" PRId64 " running",
		t->running - t->observed);
	if (t->observed > 0)
		fprintf(o->file, ", %" PRId64 " only observed", t->observed);
	if (t->pending > 0) {
		fputs(", ", o->file);
		output_print(o, CARE, "%" PRId64 " not yet in the kernel",
			     t->pending);
	}
	fprintf(o->file,
		"\n  last 24h  failures %" PRId64 ", offenses %" PRId64
		", lifted %" PRId64 "\n",
		t->failures, t->offenses, t->lifted);
}

static void print_policy(const struct output *o, const struct policy *p)
{
	char span[DURATION_TEXT];

	fprintf(o->file, "  policy    maxretry %u, findtime %s, bantime",
		p->maxretry, duration_human(p->findtime, span));
	for (size_t i = 0; i < p->steps; i++)
		fprintf(o->file, "%s %s", i == 0 ? "" : ",",
			duration_human(p->ladder[i], span));
	if (p->factor > 1)
		fprintf(o->file, ", then times %u", p->factor);
	if (p->factor > 1 && p->longest != DURATION_FOREVER)
		fprintf(o->file, " up to %s", duration_human(p->longest, span));
	fputc('\n', o->file);
}

static void print_ago(const struct output *o, const char *what, int64_t at,
		      int64_t now)
{
	char span[DURATION_TEXT];

	if (at == 0)
		fprintf(o->file, "no %s yet", what);
	else
		fprintf(o->file, "last %s %s ago", what,
			duration_human(duration_left(now, at), span));
}

/* The lines of one filter; a second one when it seems blind. */
static void print_filter(const struct output *o, const struct filter_stats *s,
			 int64_t now)
{
	char span[DURATION_TEXT];

	text_show(o->file, s->filter, o->utf8);
	if (s->lines == 0) {
		fputs(": no lines yet; counted once a minute\n", o->file);
		return;
	}
	fprintf(o->file, ": %" PRId64 " lines, ", s->lines);
	print_ago(o, "match", s->matched, now);
	if (s->unmatched > 0)
		fprintf(o->file,
			", %" PRId64 " unmatched lines look like failed logins",
			s->unmatched);
	fputc('\n', o->file);
	if (!filter_stats_blind(s))
		return;
	fputs("            ", o->file);
	output_print(o, BAD,
		     "BLIND for %s: %" PRId64 " unmatched lines, such as",
		     duration_human(filter_stats_quiet(s), span),
		     s->unmatched_since_match);
	fputs("\n            ", o->file);
	text_show(o->file, s->example, o->utf8);
	fputc('\n', o->file);
}

static void print_filters(const struct output *o, const struct report *r,
			  int64_t now)
{
	for (size_t i = 0; i < r->filters; i++) {
		fprintf(o->file, "  %-9s ", i == 0 ? "filters" : "");
		print_filter(o, &r->filter[i], now);
	}
}

static void print_sets(const struct output *o, const struct report *r)
{
	const char *name = r->jail->settings.set;

	if (!r->asked)
		return;
	if (!r->answered) {
		fputs("  sets      ", o->file);
		output_print(o, CARE, "not known: %s", r->why.text);
		fputc('\n', o->file);
		return;
	}
	for (int f = 0; f < ENFORCER_FAMILIES; f++) {
		const struct set_state *s = &r->sets.set[f];

		fprintf(o->file, "  %-9s %s%d  %" PRIu32 " of %" PRIu32 ", ",
			f == 0 ? "sets" : "", name, f == 0 ? 4 : 6, s->elements,
			s->maxelem);
		if (s->references > 0)
			fputs("a firewall rule refers to it", o->file);
		else
			output_print(o, BAD, "NO FIREWALL RULE refers to it");
		fputc('\n', o->file);
	}
}

static void print_report(const struct output *o, const struct report *r,
			 int64_t now)
{
	const struct settings *s = &r->jail->settings;

	output_print(o, STRONG, "%s", s->name);
	fputs(": ", o->file);
	if (s->enforce)
		output_print(o, GOOD, "enforces");
	else
		output_print(o, CARE, "only observes");
	fputs(", ", o->file);
	print_engine(o, r->jail, now);
	fputc('\n', o->file);
	print_bans(o, r);
	print_policy(o, &s->policy);
	print_filters(o, r, now);
	print_sets(o, r);
}

/* ---- for programs ---- */

static void policy_json(struct json *j, const struct policy *p)
{
	json_number(j, "maxretry", p->maxretry);
	json_span(j, "findtime", p->findtime);
	json_array(j, "bantime");
	for (size_t i = 0; i < p->steps; i++)
		json_span(j, NULL, p->ladder[i]);
	json_end(j);
	json_number(j, "bantime_factor", p->factor);
	json_span(j, "bantime_max", p->longest);
	json_span(j, "forget", p->forget);
}

/* null when the kernel was not asked or did not answer. */
static void sets_json(struct json *j, const struct report *r)
{
	char name[SETTINGS_SET + 1];

	if (!r->answered) {
		json_null(j, "sets");
		return;
	}
	json_array(j, "sets");
	for (int f = 0; f < ENFORCER_FAMILIES; f++) {
		const struct set_state *s = &r->sets.set[f];

		snprintf(name, sizeof(name), "%s%d", r->jail->settings.set,
			 f == 0 ? 4 : 6);
		json_object(j, NULL);
		json_text(j, "name", name);
		json_number(j, "elements", s->elements);
		json_number(j, "maxelem", s->maxelem);
		json_number(j, "references", s->references);
		json_end(j);
	}
	json_end(j);
}

static void sources_json(struct json *j, const struct report *r)
{
	json_array(j, "filters");
	for (size_t i = 0; i < r->filters; i++) {
		const struct filter_stats *s = &r->filter[i];

		json_object(j, NULL);
		json_text(j, "filter", s->filter);
		json_number(j, "lines", s->lines);
		json_time(j, "first", s->first);
		json_time(j, "last", s->last);
		json_time(j, "matched", s->matched);
		json_number(j, "unmatched", s->unmatched);
		json_number(j, "unmatched_since_match",
			    s->unmatched_since_match);
		json_text(j, "example", s->example);
		json_number(j, "overruns", s->overruns);
		json_bool(j, "blind", filter_stats_blind(s));
		json_end(j);
	}
	json_end(j);
}

static void report_json(struct json *j, const struct report *r, int64_t now)
{
	const struct settings *s = &r->jail->settings;

	json_object(j, NULL);
	json_text(j, "name", s->name);
	json_bool(j, "enforce", s->enforce);
	json_time(j, "seen", r->jail->seen);
	json_bool(j, "alive", session_alive(r->jail, now));
	json_number(j, "running", r->totals.running);
	json_number(j, "observed", r->totals.observed);
	json_number(j, "pending", r->totals.pending);
	json_number(j, "failures_24h", r->totals.failures);
	json_number(j, "offenses_24h", r->totals.offenses);
	json_number(j, "lifted_24h", r->totals.lifted);
	policy_json(j, &s->policy);
	sources_json(j, r);
	json_text(j, "set", s->set);
	sets_json(j, r);
	if (r->asked && !r->answered)
		json_text(j, "sets_error", r->why.text);
	else
		json_null(j, "sets_error");
	json_end(j);
}

/* ---- the verb ---- */

/* Tell of the jail, or of all when it is NULL. */
static enum status tell(const struct cli *c, const struct session *s,
			const struct jail *only, struct json *j)
{
	struct report r;
	struct fault why;

	for (size_t i = 0; i < s->jails; i++) {
		r.jail = &s->jail[i];
		if (only != NULL && only != r.jail)
			continue;
		if (inquire(&r, s->store, c->now, &why) < 0)
			return edge_fail(&why);
		if (c->json) {
			report_json(j, &r, c->now);
			continue;
		}
		fputc('\n', c->out.file);
		print_report(&c->out, &r, c->now);
	}
	return STATUS_OK;
}

static enum status tell_all(const struct cli *c, const struct session *s,
			    const struct jail *only)
{
	enum status status;
	struct json *j;

	if (!c->json) {
		fprintf(c->out.file, "database %s, %zu jail%s\n", c->database,
			s->jails, s->jails == 1 ? "" : "s");
		return tell(c, s, only, NULL);
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_text(j, "database", c->database);
	json_array(j, "jails");
	status = tell(c, s, only, j);
	if (json_finish(j) < 0)
		status = edge_memory();
	return status;
}

enum status verb_status(const struct cli *c)
{
	const struct jail *only;
	struct session s;
	enum status status = session_open(&s, c, STORE_READ);

	if (status != STATUS_OK)
		return status;
	status = session_wanted(&s, c, &only);
	if (status == STATUS_OK)
		status = tell_all(c, &s, only);
	session_close(&s);
	return status;
}
