/* overview_json: a jail at a glance, for programs. */
#include "overview.h"

#include "policytext.h"

static void filters_json(struct json *j, const struct overview *v)
{
	json_array(j, "filters");
	for (size_t i = 0; i < v->filters; i++) {
		const struct filter_stats *s = &v->filter[i];

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
		json_number(j, "ambiguous", s->ambiguous);
		json_number(j, "orphans", s->orphans);
		json_number(j, "overruns", s->overruns);
		json_bool(j, "blind", filter_stats_blind(s));
		json_end(j);
	}
	json_end(j);
}

static void set_json(struct json *j, const struct overview_set *s)
{
	json_object(j, NULL);
	json_text(j, "name", s->name);
	if (s->answered) {
		json_number(j, "elements", s->state.elements);
		json_number(j, "maxelem", s->state.maxelem);
		json_number(j, "references", s->state.references);
		json_null(j, "error");
	} else {
		json_null(j, "elements");
		json_null(j, "maxelem");
		json_null(j, "references");
		json_text(j, "error", s->why.text);
	}
	json_bool(j, "waiting", s->waiting);
	json_end(j);
}

/* null when the kernel was not asked. */
static void sets_json(struct json *j, const struct overview *v)
{
	const struct enforcer_kind *kind = v->set[ENFORCER_V4].kind;

	if (kind == NULL)
		json_null(j, "enforcer");
	else
		json_text(j, "enforcer", kind->name);
	json_bool(j, "cut", v->jail->settings.cut);
	if (!v->asked) {
		json_null(j, "sets");
		return;
	}
	json_array(j, "sets");
	for (int i = 0; i < ENFORCER_SETS; i++)
		set_json(j, &v->set[i]);
	json_end(j);
}

static void exempt_json(struct json *j, const struct overview *v, int64_t now)
{
	const struct settings *s = &v->jail->settings;
	char address[ADDRESS_TEXT];

	json_array(j, "ignoreip");
	for (size_t i = 0; i < s->ignoreds; i++)
		json_text(j, NULL, s->ignored[i]);
	json_end(j);
	json_array(j, "hostnames");
	for (size_t i = 0; i < exempt_names(v->exempt); i++) {
		struct exempt_name name = exempt_name(v->exempt, i, now);

		json_object(j, NULL);
		json_text(j, "name", name.text);
		json_text(j, "state", exempt_name_word(name.state));
		json_time(j, "at", name.at);
		json_array(j, "addresses");
		for (size_t k = 0; k < name.n; k++)
			json_text(j, NULL,
				  address_print(&name.address[k], address));
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void judgement_json(struct json *j, const struct overview *v)
{
	const struct evidence *e = &v->evidence;

	json_object(j, "grounds");
	for (int i = 0; i < GROUNDS; i++)
		json_number(j, ground_word((enum ground)i),
			    v->running.ground[i]);
	json_end(j);
	json_number(j, "logins", v->logins);
	attacks_json(&v->attacks, j);
	json_bool(j, "outage", e->outages > 0 && e->outage[0].closed == 0);
	evidence_outages_json(e, j);
	json_number(j, "breaches_7d", (int64_t)e->breaches);
	evidence_breaches_json(e, j);
}

static const char *const spans[OVERVIEW_SPANS] = {
	[OVERVIEW_HOUR] = "last_hour",
	[OVERVIEW_HOUR_BEFORE] = "hour_before",
	[OVERVIEW_DAY] = "last_day",
	[OVERVIEW_DAY_BEFORE] = "day_before",
};

/* Bans by strike, the last for higher ones, too; and the days side by side. */
static void standing_json(struct json *j, const struct overview *v)
{
	json_array(j, "strikes");
	for (int i = 0; i < OFFENSE_STRIKES; i++)
		json_number(j, NULL, v->running.strike[i]);
	json_end(j);
	for (int i = 0; i < OVERVIEW_SPANS; i++) {
		json_object(j, spans[i]);
		json_number(j, "failures", v->span[i].failures);
		json_number(j, "offenses", v->span[i].offenses);
		json_number(j, "lifted", v->span[i].lifted);
		json_end(j);
	}
}

/* In the order of the exit statuses. */
static const char *const troubles[] = {"no-engine", "kernel", "no-rule"};

static void trouble_json(struct json *j, unsigned trouble)
{
	json_array(j, "trouble");
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if ((trouble & 1u << i) != 0)
			json_text(j, NULL, troubles[i]);
	json_end(j);
}

static const char *const engines[] = {[ALIVE_RUNS] = "runs",
				      [ALIVE_NOT] = "none",
				      [ALIVE_UNKNOWN] = "unknown"};

void overview_json(const struct overview *v, struct json *j, int64_t now)
{
	const struct settings *s = &v->jail->settings;

	json_object(j, NULL);
	json_text(j, "name", s->name);
	json_bool(j, "enforce", s->enforce);
	json_time(j, "seen", v->jail->seen);
	json_bool(j, "alive", (v->trouble & OVERVIEW_NO_ENGINE) == 0);
	json_text(j, "engine", engines[v->engine]);
	trouble_json(j, v->trouble);
	json_number(j, "running", v->running.all);
	json_number(j, "observed", v->running.observed);
	json_number(j, "pending", v->totals.pending);
	json_number(j, "packets", v->running.dropped.packets);
	json_number(j, "bytes", v->running.dropped.bytes);
	json_number(j, "failures_24h", v->totals.failures);
	json_number(j, "offenses_24h", v->totals.offenses);
	json_number(j, "lifted_24h", v->totals.lifted);
	json_number(j, "foreign_lines", v->jail->foreign_lines);
	json_time(j, "foreign_last", v->jail->foreign_last);
	policytext_json(s, j);
	filters_json(j, v);
	json_text(j, "set", s->set);
	json_number(j, "set_max", s->set_max);
	json_bool(j, "set_create", s->set_create);
	sets_json(j, v);
	exempt_json(j, v, now);
	judgement_json(j, v);
	standing_json(j, v);
	json_end(j);
}
