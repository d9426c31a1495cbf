/* meters: see meters.h. */
#include "meters.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel.h"
#include "metric.h"
#include "saslban/entry.h"
#include "saslban/filter_stats.h"
#include "saslban/login.h"
#include "saslban/offense.h"
#include "saslban/outage.h"
#include "saslban/stats.h"
#include "saslban/total.h"

enum { STRIKES = 3 }; /* that are shown also where no ban has them */

struct taking {
	struct exposition *x;
	const struct session *session;
	const char *jail; /* its name, or the set's */
};

/* ---- what happened since the database was made ---- */

struct counter {
	enum metric metric;
	const char *label; /* of its word; NULL: it has none */
	const char *word;  /* NULL: the row's */
	bool strike;
};

static const struct counter counters[TOTALS] = {
	[TOTAL_FAILURES] = {METRIC_FAILURES, "verdict", NULL, false},
	[TOTAL_SERVICES] = {METRIC_SERVICES, "service", NULL, false},
	[TOTAL_BANS] = {METRIC_BANS, "ground", NULL, true},
	[TOTAL_OBSERVED] = {METRIC_OBSERVED, "ground", NULL, true},
	[TOTAL_LIFTED] = {METRIC_LIFTED, NULL, NULL, false},
	[TOTAL_EXPIRED] = {METRIC_EXPIRED, NULL, NULL, false},
	[TOTAL_BREACHES] = {METRIC_BREACHES, "kind", NULL, false},
	[TOTAL_OUTAGES] = {METRIC_OUTAGES, NULL, NULL, false},
	[TOTAL_PACKETS] = {METRIC_PACKETS, "set", NULL, false},
	[TOTAL_BYTES] = {METRIC_BYTES, "set", NULL, false},
	[TOTAL_LOGINS] = {METRIC_LOGINS, NULL, NULL, false},
	[TOTAL_TROUBLE] = {METRIC_TROUBLE, NULL, NULL, false},
	[TOTAL_LOST_FAILURES] = {METRIC_LOST, "content", "failures", false},
	[TOTAL_LOST_OTHERS] = {METRIC_LOST, "content", "others", false},
	[TOTAL_REFUSED] = {METRIC_REFUSED, NULL, NULL, false},
};

/* Of sets there is no jail. */
static int see_total(void *context, const struct total *total)
{
	const struct taking *t = context;
	const struct counter *c = &counters[total->kind];
	const struct jail *jail = session_jail(t->session, total->jail);
	const char *word = c->word == NULL ? total->word : c->word;
	char strike[16];

	snprintf(strike, sizeof(strike), "%u", total->strike);
	if (total->jail == 0)
		exposition_add(t->x, c->metric, total->value, c->label, word,
			       EXPOSITION_END);
	else if (jail == NULL)
		return 0; /* somebody removed it */
	else if (c->strike)
		exposition_add(t->x, c->metric, total->value, "jail",
			       jail->settings.name, c->label, word, "strike",
			       strike, EXPOSITION_END);
	else
		exposition_add(t->x, c->metric, total->value, "jail",
			       jail->settings.name, c->label, word,
			       EXPOSITION_END);
	return 0;
}

/* ---- a jail ---- */

struct running {
	int64_t bans[GROUNDS][TOTAL_STRIKE + 1];
};

static int see_sum(void *context, const struct offense_sum *sum)
{
	struct running *r = context;

	if (sum->strike <= TOTAL_STRIKE)
		r->bans[sum->ground][sum->strike] += sum->bans;
	return 0;
}

/* Also where none runs: a curve that has no points is not at 0. */
static int take_running(const struct taking *t, const struct jail *j,
			struct fault *why)
{
	struct running r = {{{0}}};
	char strike[16];

	if (offense_sum_each(t->session->store, j->id, t->session->now, see_sum,
			     &r, why) < 0)
		return -1;
	for (int i = 0; i < GROUNDS; i++)
		for (unsigned n = 0; n <= TOTAL_STRIKE; n++) {
			if (r.bans[i][n] == 0 && (n == 0 || n > STRIKES))
				continue;
			snprintf(strike, sizeof(strike), "%u", n);
			exposition_add(t->x, METRIC_RUNNING, r.bans[i][n],
				       "jail", t->jail, "ground",
				       ground_word((enum ground)i), "strike",
				       strike, EXPOSITION_END);
		}
	return 0;
}

static void add_filter_number(const struct taking *t,
			      const struct filter_stats *s, enum metric metric,
			      int64_t value)
{
	exposition_add(t->x, metric, value, "jail", t->jail, "filter",
		       s->filter, EXPOSITION_END);
}

static int see_filter(void *context, const struct filter_stats *s)
{
	const struct taking *t = context;

	add_filter_number(t, s, METRIC_LINES, s->lines);
	add_filter_number(t, s, METRIC_UNMATCHED, s->unmatched);
	add_filter_number(t, s, METRIC_AMBIGUOUS, s->ambiguous);
	add_filter_number(t, s, METRIC_ORPHANS, s->orphans);
	add_filter_number(t, s, METRIC_FILTER_OVERRUNS, s->overruns);
	add_filter_number(t, s, METRIC_BLIND, filter_stats_blind(s));
	add_filter_number(t, s, METRIC_LAST_LINE, s->last);
	add_filter_number(t, s, METRIC_LAST_MATCH, s->matched);
	return 0;
}

static int see_rule(void *context, const struct rule_stats *r)
{
	const struct taking *t = context;

	exposition_add(t->x, METRIC_HITS, r->hits, "jail", t->jail, "filter",
		       r->filter, "rule", r->name, "kind", r->kind,
		       EXPOSITION_END);
	exposition_add(t->x, METRIC_RULE_OVERRUNS, r->overruns, "jail", t->jail,
		       "filter", r->filter, "rule", r->name, "kind", r->kind,
		       EXPOSITION_END);
	return 0;
}

static int see_outage(void *context, const struct outage_row *o)
{
	bool *open = context;

	*open = o->closed == 0;
	return 1; /* the latest is enough */
}

static int take_jail(struct taking *t, const struct jail *j, struct fault *why)
{
	const struct session *s = t->session;
	bool outage = false;
	int64_t latest;

	t->jail = j->settings.name;
	if (offense_latest(s->store, j->id, &latest, why) < 0 ||
	    outage_each(s->store, j->id, 1, see_outage, &outage, why) < 0 ||
	    take_running(t, j, why) < 0 ||
	    stats_filter_each(s->store, j->id, see_filter, t, why) < 0 ||
	    stats_rule_each(s->store, j->id, see_rule, t, why) < 0)
		return -1;
	exposition_add(t->x, METRIC_ENGINE, session_has_engine(s, j, s->now),
		       "jail", t->jail, EXPOSITION_END);
	exposition_add(t->x, METRIC_SEEN, j->seen, "jail", t->jail,
		       EXPOSITION_END);
	exposition_add(t->x, METRIC_ENFORCES, j->settings.enforce, "jail",
		       t->jail, EXPOSITION_END);
	exposition_add(t->x, METRIC_FOREIGN, j->foreign_lines, "jail", t->jail,
		       EXPOSITION_END);
	exposition_add(t->x, METRIC_LAST_BAN, latest, "jail", t->jail,
		       EXPOSITION_END);
	exposition_add(t->x, METRIC_OUTAGE, outage, "jail", t->jail,
		       EXPOSITION_END);
	return 0;
}

/* ---- a set ---- */

static int take_set(const struct taking *t, const struct jail *j,
		    enum enforcer_set which, struct fault *why)
{
	const struct session *s = t->session;
	const struct enforcer_kind *kind;
	struct set_state state;
	char set[ENFORCER_NAME];
	int64_t absent, held;
	bool answers;

	enforcer_set_name(j->settings.set, which, set);
	if (entry_absent(s->store, set, s->now, &absent, why) < 0 ||
	    entry_count(s->store, set, s->now, &held, why) < 0)
		return -1;
	exposition_add(t->x, METRIC_SET_ABSENT, absent, "set", set,
		       EXPOSITION_END);
	answers = kernel_state(j, which, &state, &kind, NULL) == 0;
	exposition_add(t->x, METRIC_SET_ANSWERS, answers, "set", set,
		       EXPOSITION_END);
	if (!answers)
		return 0;
	if (!state.more || held < state.elements)
		held = state.elements;
	exposition_add(t->x, METRIC_SET_ENTRIES, held, "set", set,
		       EXPOSITION_END);
	exposition_add(t->x, METRIC_SET_MOST, state.maxelem, "set", set,
		       EXPOSITION_END);
	exposition_add(t->x, METRIC_SET_REFERENCES, state.references, "set",
		       set, EXPOSITION_END);
	if (state.memory > 0)
		exposition_add(t->x, METRIC_SET_MEMORY, state.memory, "set",
			       set, EXPOSITION_END);
	return 0;
}

static int take_sets(const struct taking *t, const struct jail *j,
		     struct fault *why)
{
	for (int i = 0; i < ENFORCER_SETS; i++)
		if (take_set(t, j, (enum enforcer_set)i, why) < 0)
			return -1;
	return 0;
}

/* ---- the database ---- */

/* A log that is not there holds nothing. */
static int64_t size_of(const char *path, const char *behind)
{
	char name[SETTINGS_PATH + 8];
	struct stat st;

	snprintf(name, sizeof(name), "%s%s", path, behind);
	return stat(name, &st) == 0 ? (int64_t)st.st_size : 0;
}

int meters_take(struct exposition *x, const struct session *s,
		struct fault *why)
{
	struct taking t = {.x = x, .session = s};
	int64_t known;

	exposition_add(x, METRIC_BUILD, 1, "version", SASLBAN_VERSION,
		       EXPOSITION_END);
	if (total_each(s->store, see_total, &t, why) < 0 ||
	    login_count(s->store, &known, why) < 0)
		return -1;
	exposition_add(x, METRIC_KNOWN, known, EXPOSITION_END);
	for (size_t i = 0; i < s->jails; i++) {
		const struct jail *j = &s->jail[i];

		if (take_jail(&t, j, why) < 0)
			return -1;
		if (session_has_sets(s, j) && take_sets(&t, j, why) < 0)
			return -1;
	}
	exposition_add(x, METRIC_DATABASE, size_of(s->database, ""),
		       EXPOSITION_END);
	exposition_add(x, METRIC_LOG, size_of(s->database, "-wal"),
		       EXPOSITION_END);
	return 0;
}
