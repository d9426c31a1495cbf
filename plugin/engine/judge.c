/*
 * engine_judge: decide and record. A batch is one transaction: either all of
 * it is remembered or none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

/* Why, in words. The user name is the remote's text: it is left out here,
 * and shown, escaped, by saslbanctl. */
static void explain(const struct engine *e, const struct sighting *s,
		    int64_t failures, char out[STORE_WHY])
{
	char span[DURATION_TEXT];

	snprintf(out, STORE_WHY, "%lld failure%s within %s, last by %s (%s)",
		 (long long)failures, failures == 1 ? "" : "s",
		 duration_print(e->settings->policy.findtime, span), s->service,
		 s->rule);
}

static int record_offense(struct engine *e, const struct sighting *s,
			  const struct failure *f, const struct verdict *v,
			  int64_t failures, struct fault *why)
{
	struct offense *o = &e->fresh[e->nfresh];

	memset(o, 0, sizeof(*o));
	o->jail = e->jail;
	o->address = f->address;
	o->strike = v->strike;
	o->at = v->from;
	o->until = v->until;
	o->failures = failures;
	o->observed = !e->settings->enforce;
	explain(e, s, failures, o->why);
	if (offense_add(e->store, o, why) < 0)
		return -1;
	e->nfresh++;
	return 0;
}

static void describe(const struct engine *e, const struct sighting *s,
		     int64_t when, struct failure *f)
{
	f->jail = e->jail;
	f->host = s->address;
	f->at = when;
	f->count = s->count;
	memcpy(f->user, s->user, sizeof(f->user));
	memcpy(f->service, s->service, sizeof(f->service));
	memcpy(f->mech, s->mech, sizeof(f->mech));
	memcpy(f->rule, s->rule, sizeof(f->rule));
}

static int judge_failure(struct engine *e, const struct sighting *s,
			 int64_t now, struct fault *why)
{
	const struct policy *policy = &e->settings->policy;
	int64_t when = policy_when(s->reported, s->arrived);
	struct failure f = {0};
	struct history h;
	struct verdict v;

	if (!exempt_offender(e->exempt, &s->address, &f.address, NULL))
		return 0;
	describe(e, s, when, &f);
	if (offense_history(e->store, e->jail, &f.address, now, &h, why) < 0 ||
	    failure_sum(e->store, e->jail, &f.address,
			policy_window(policy, &h, now), &h.failures, why) < 0)
		return -1;
	v = policy_decide(policy, &h, s->count, when, now);
	f.late = v.kind == VERDICT_LATE || v.kind == VERDICT_OLD;
	if (failure_add(e->store, &f, why) < 0)
		return -1;
	switch (v.kind) {
	case VERDICT_BAN:
		return record_offense(e, s, &f, &v, h.failures + s->count, why);
	case VERDICT_LATE:
		if (!h.banned)
			return 0;
		return offense_late(e->store, e->jail, &f.address, s->count,
				    why);
	case VERDICT_COUNT:
	case VERDICT_OLD:
		return 0;
	}
	return 0;
}

int engine_judge(struct engine *e, const struct sighting *batch, size_t n,
		 int64_t now, struct fault *why)
{
	int result = 0;

	if (store_begin(e->store, why) < 0)
		return -1;
	e->nfresh = 0;
	for (size_t i = 0; i < n && result == 0; i++)
		if (batch[i].kind == SIGHTING_FAILURE)
			result = judge_failure(e, &batch[i], now, why);
	if (result == 0)
		result = jail_touch(e->store, e->jail, now, why);
	result = store_end(e->store, result, why);
	if (result < 0)
		e->nfresh = 0;
	return result;
}

/* ---- sparing: the ignore list has grown ---- */

struct sparing {
	struct engine *e;
	int64_t now;
	struct fault *why;
	struct address found[ENGINE_BATCH];
	char entry[ENGINE_BATCH][STORE_WHY];
	size_t n;
	size_t told; /* of all */
};

enum { TOLD = 20 }; /* lifts that are told one by one */

/* Nothing is written while the bans are being read. */
static int see_covered(void *context, const struct offense *o)
{
	struct sparing *s = context;
	struct exempt_reason why;
	char text[EXEMPT_TEXT];

	if (!exempt_find(s->e->exempt, &o->address, &why))
		return 0;
	s->found[s->n] = o->address;
	snprintf(s->entry[s->n], STORE_WHY, "%.*s", STORE_WHY - 1,
		 exempt_print(&why, text));
	return ++s->n == ENGINE_BATCH;
}

static int lift_covered(struct sparing *s)
{
	struct engine *e = s->e;
	char who[ADDRESS_TEXT];
	size_t lifted;
	int result = 0;

	if (store_begin(e->store, s->why) < 0)
		return -1;
	for (size_t i = 0; i < s->n && result == 0; i++)
		result =
			offense_lift(e->store, e->jail, &s->found[i], s->now,
				     "omsaslban", s->entry[i], &lifted, s->why);
	if (store_end(e->store, result, s->why) < 0)
		return -1;
	e->spared = true;
	for (size_t i = 0; i < s->n; i++)
		if (s->told++ < TOLD)
			engine_say(e, REPORT_NOTICE, "lifted the ban of %s: %s",
				   address_print(&s->found[i], who),
				   s->entry[i]);
	return 0;
}

int engine_spare(struct engine *e, int64_t now, struct fault *why)
{
	struct offense_query query = {
		.jail = e->jail, .running = true, .now = now};
	struct sparing *s = calloc(1, sizeof(*s));
	int result = 0;

	if (s == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	s->e = e;
	s->now = now;
	s->why = why;
	do {
		s->n = 0;
		if (offense_each(e->store, &query, see_covered, s, why) < 0)
			result = -1;
		else if (s->n > 0)
			result = lift_covered(s);
	} while (result == 0 && s->n == ENGINE_BATCH);
	if (s->told > TOLD)
		engine_say(e, REPORT_NOTICE,
			   "and of %zu more that ignoreip covers",
			   s->told - TOLD);
	free(s);
	return result;
}
