/* overview: see overview.h. Its printing and its JSON have files of their
 * own. */
#include "overview.h"

#include <string.h>

#include "kernel.h"
#include "saslban/entry.h"
#include "saslban/login.h"
#include "saslban/offense.h"
#include "saslban/stats.h"

enum {
	HOUR = 3600,
	DAY = 86400,
	FUTURE = 2,   /* seconds: what has come since the clock was read */
	PENDING = 512 /* more at once are trouble by themselves */
};

static int add_filter(void *context, const struct filter_stats *s)
{
	struct overview *v = context;

	v->filter[v->filters++] = *s;
	return v->filters == SETTINGS_FILTERS;
}

/* Bans that are to be added to the set and have been for too long. */
static int find_waiting(struct overview_set *set, struct store *s, int64_t now,
			struct fault *why)
{
	struct entry due[PENDING];
	size_t n;

	if (entry_due(s, set->name, ENTRY_ABSENT, now, now, NULL, due, PENDING,
		      &n, why) < 0)
		return -1;
	set->waiting = n == PENDING;
	for (size_t i = 0; i < n; i++)
		if (due[i].since <= now - OVERVIEW_PATIENCE)
			set->waiting = true;
	return 0;
}

/* Of what nobody has counted the store knows best. */
static int count_held(struct overview_set *set, struct store *s, int64_t now,
		      struct fault *why)
{
	int64_t held;

	if (entry_count(s, set->name, now, &held, why) < 0)
		return -1;
	if (held > set->state.elements)
		set->state.elements = (uint32_t)held;
	return 0;
}

int overview_take_set(struct overview_set *out, const struct session *s,
		      const struct jail *jail, enum enforcer_set which,
		      struct fault *why)
{
	enforcer_set_name(jail->settings.set, which, out->name);
	out->answered = kernel_state(jail, which, &out->state, &out->kind,
				     &out->why) == 0;
	if (out->answered && out->state.more &&
	    count_held(out, s->store, s->now, why) < 0)
		return -1;
	return find_waiting(out, s->store, s->now, why);
}

static int take_sets(struct overview *v, const struct session *s,
		     struct fault *why)
{
	v->asked = v->jail->settings.enforce;
	for (int i = 0; v->asked && i < ENFORCER_SETS; i++) {
		struct overview_set *set = &v->set[i];

		if (overview_take_set(set, s, v->jail, (enum enforcer_set)i,
				      why) < 0)
			return -1;
		if (!set->answered || set->waiting)
			v->trouble |= OVERVIEW_KERNEL;
		if (set->answered && set->state.references == 0)
			v->trouble |= OVERVIEW_NO_RULE;
	}
	return 0;
}

static int take_attacks(struct overview *v, const struct session *s,
			struct fault *why)
{
	const struct policy *p = &v->jail->settings.policy;
	struct inquiry q;
	int result;

	if (p->account_hosts == 0 && p->network_hosts == 0)
		return 0;
	if (inquiry_open(&q, s, v->jail, why) < 0)
		return -1;
	result = attacks_take(&v->attacks, &q, why);
	inquiry_close(&q);
	return result;
}

static int take_spans(struct overview *v, struct store *s, int64_t now,
		      struct fault *why)
{
	static const struct {
		int64_t from, to; /* seconds ago */
	} spans[OVERVIEW_SPANS] = {
		[OVERVIEW_HOUR] = {HOUR, -FUTURE},
		[OVERVIEW_HOUR_BEFORE] = {DAY + HOUR, DAY},
		[OVERVIEW_DAY] = {DAY, -FUTURE},
		[OVERVIEW_DAY_BEFORE] = {2 * DAY, DAY},
	};

	for (int i = 0; i < OVERVIEW_SPANS; i++)
		if (offense_span(s, v->jail->id, now - spans[i].from,
				 now - spans[i].to, &v->span[i], why) < 0)
			return -1;
	return 0;
}

/* What a person has to know who has not looked for days. */
static int take_judgement(struct overview *v, struct store *s, int64_t now,
			  struct fault *why)
{
	int64_t jail = v->jail->id;
	const struct evidence_query q = {.jail = jail,
					 .breaches = now - OVERVIEW_BREACHES};

	if (offense_running(s, jail, now, &v->running, why) < 0 ||
	    take_spans(v, s, now, why) < 0 ||
	    evidence_take(&v->evidence, s, &q, why) < 0)
		return -1;
	return login_count(s, &v->logins, why);
}

int overview_take(struct overview *out, const struct session *s,
		  const struct jail *jail, int64_t now, struct fault *why)
{
	memset(out, 0, sizeof(*out));
	out->jail = jail;
	out->engine = session_engine(s, jail);
	if (!session_has_engine(s, jail, now))
		out->trouble |= OVERVIEW_NO_ENGINE;
	if (jail_totals(s->store, jail->id, now, now - DAY, &out->totals, why) <
		    0 ||
	    stats_filter_each(s->store, jail->id, add_filter, out, why) < 0 ||
	    take_judgement(out, s->store, now, why) < 0 ||
	    take_attacks(out, s, why) < 0 || take_sets(out, s, why) < 0)
		return -1;
	return session_exempt(s, jail, &out->exempt, why);
}

void overview_release(struct overview *v)
{
	exempt_close(v->exempt);
}
