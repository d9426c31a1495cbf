/* overview_json: a jail at a glance, for programs. */
#include "overview.h"

#include <stdio.h>

static void policy_json(struct json *j, const struct policy *p)
{
	json_number(j, "maxretry", p->maxretry);
	json_duration(j, "findtime", p->findtime);
	json_array(j, "bantime");
	for (size_t i = 0; i < p->steps; i++)
		json_duration(j, NULL, p->ladder[i]);
	json_end(j);
	json_number(j, "bantime_factor", p->factor);
	json_duration(j, "bantime_max", p->longest);
	json_duration(j, "forget", p->forget);
}

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
		json_number(j, "overruns", s->overruns);
		json_bool(j, "blind", filter_stats_blind(s));
		json_end(j);
	}
	json_end(j);
}

/* null when the kernel was not asked or did not answer. */
static void sets_json(struct json *j, const struct overview *v)
{
	char name[SETTINGS_SET + 1];

	if (!v->answered) {
		json_null(j, "sets");
		return;
	}
	json_array(j, "sets");
	for (int f = 0; f < ENFORCER_FAMILIES; f++) {
		const struct set_state *s = &v->sets.set[f];

		snprintf(name, sizeof(name), "%s%d", v->jail->settings.set,
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

void overview_json(const struct overview *v, struct json *j, int64_t now)
{
	const struct settings *s = &v->jail->settings;

	json_object(j, NULL);
	json_text(j, "name", s->name);
	json_bool(j, "enforce", s->enforce);
	json_time(j, "seen", v->jail->seen);
	json_bool(j, "alive", session_alive(v->jail, now));
	json_number(j, "running", v->totals.running);
	json_number(j, "observed", v->totals.observed);
	json_number(j, "pending", v->totals.pending);
	json_number(j, "failures_24h", v->totals.failures);
	json_number(j, "offenses_24h", v->totals.offenses);
	json_number(j, "lifted_24h", v->totals.lifted);
	policy_json(j, &s->policy);
	filters_json(j, v);
	json_text(j, "set", s->set);
	sets_json(j, v);
	if (v->asked && !v->answered)
		json_text(j, "sets_error", v->why.text);
	else
		json_null(j, "sets_error");
	json_end(j);
}
