/* judge: see judge.h. */
#include "judge.h"

#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/policy.h"

bool judge_wants(enum sighting_kind kind)
{
	return kind == SIGHTING_FAILURE;
}

/* Why, in words. The user name is the remote's text: it is left out here,
 * and shown, escaped, by saslbanctl. */
static void explain(const struct judge *j, const struct sighting *s,
		    int64_t failures, char out[STORE_WHY])
{
	char findtime[DURATION_TEXT];

	snprintf(out, STORE_WHY, "%lld failure%s within %s, last by %s (%s)",
		 (long long)failures, failures == 1 ? "" : "s",
		 duration_print(j->settings->policy.findtime, findtime),
		 s->service, s->rule);
}

static void describe(const struct judge *j, const struct sighting *s,
		     int64_t when, struct failure *f)
{
	f->jail = j->jail;
	f->host = s->address;
	f->at = when;
	f->count = s->count;
	memcpy(f->user, s->user, sizeof(f->user));
	memcpy(f->service, s->service, sizeof(f->service));
	memcpy(f->mech, s->mech, sizeof(f->mech));
	memcpy(f->rule, s->rule, sizeof(f->rule));
}

static int record_offense(const struct judge *j, const struct sighting *s,
			  const struct failure *f, const struct verdict *v,
			  int64_t failures, struct offense *o,
			  struct fault *why)
{
	memset(o, 0, sizeof(*o));
	o->jail = j->jail;
	o->address = f->address;
	o->strike = v->strike;
	o->at = v->from;
	o->until = v->until;
	o->failures = failures;
	o->observed = !j->settings->enforce;
	o->told = true; /* by the engine, once it is enforced */
	explain(j, s, failures, o->why);
	return offense_add(j->store, o, why);
}

/* The address is banned and goes on: a line that was on its way, or the
 * kernel does not hold the ban. Then it is due before others. */
static int record_late(const struct judge *j, const struct failure *f,
		       int64_t now, struct fault *why)
{
	if (offense_late(j->store, j->jail, &f->address, f->count, why) < 0)
		return -1;
	return entry_at_large(j->store, j->jail, &f->address, now, why);
}

static int look_back(const struct judge *j, const struct address *a,
		     int64_t now, struct history *h, struct fault *why)
{
	const struct policy *policy = &j->settings->policy;

	if (offense_history(j->store, j->jail, a, !j->settings->enforce, now, h,
			    why) < 0)
		return -1;
	return failure_sum(j->store, j->jail, a, policy_window(policy, h, now),
			   &h->failures, why);
}

/* *fresh is written, and *new set, if it is an offense. */
static int judge_failure(const struct judge *j, const struct sighting *s,
			 int64_t now, struct offense *fresh, bool *new,
			 struct fault *why)
{
	int64_t when = policy_when(s->reported, s->arrived);
	struct failure f = {0};
	struct history h;
	struct verdict v;

	if (!exempt_offender(j->exempt, &s->address, &f.address, NULL))
		return 0;
	describe(j, s, when, &f);
	if (look_back(j, &f.address, now, &h, why) < 0)
		return -1;
	v = policy_decide(&j->settings->policy, &h, s->count, when, now);
	f.late = v.kind == VERDICT_LATE || v.kind == VERDICT_OLD;
	if (failure_add(j->store, &f, why) < 0)
		return -1;
	if (v.kind == VERDICT_LATE && h.banned)
		return record_late(j, &f, now, why);
	*new = v.kind == VERDICT_BAN;
	if (!*new)
		return 0;
	return record_offense(j, s, &f, &v, h.failures + s->count, fresh, why);
}

static bool has_failure(const struct sighting *batch, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (judge_wants(batch[i].kind))
			return true;
	return false;
}

int judge_batch(const struct judge *j, const struct sighting *batch, size_t n,
		int64_t now, struct offense *fresh, size_t *nfresh,
		struct fault *why)
{
	size_t found = 0;
	int result = 0;

	*nfresh = 0;
	if (!has_failure(batch, n))
		return 0;
	if (store_begin(j->store, why) < 0)
		return -1;
	for (size_t i = 0; i < n && result == 0; i++) {
		bool new = false;

		if (!judge_wants(batch[i].kind))
			continue;
		result = judge_failure(j, &batch[i], now, &fresh[found], &new,
				       why);
		found += new;
	}
	if (result == 0)
		result = jail_touch(j->store, j->jail, now, why);
	if (store_end(j->store, result, why) < 0)
		return -1;
	*nfresh = found;
	return 0;
}
