/* trial: see trial.h. */
#include "trial.h"

#include <stdlib.h>

#include "barred.h"
#include "saslban/exempt.h"
#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/judge.h"
#include "saslban/memory.h"
#include "saslban/secret.h"

enum {
	BATCH = 256,
	TIDY = 86400, /* seconds between two times */
	STILL = 1     /* the boot clock: it stands, so that logins are not
		       * written every few seconds, but when something else
		       * is, and at the end */
};

struct trial {
	const struct settings *settings;
	struct exempt *exempt;
	struct store *store;
	struct judge *judge;
	int64_t jail;
	int64_t now; /* of the log: it does not go back */
	int64_t tidied;
	struct sighting batch[BATCH]; /* of one second */
	size_t n;
	struct offense fresh[BATCH + JUDGE_FRESH];
	struct barred barred;
	struct trial_counts counts;
};

/* A row of the jail, so that what refers to it can. */
static int enter(struct trial *t, struct fault *why)
{
	if (store_begin(t->store, why) < 0)
		return -1;
	return store_end(t->store,
			 jail_put(t->store, t->settings, 0, &t->jail, why),
			 why);
}

int trial_open(struct trial **out, const struct settings *settings,
	       struct fault *why)
{
	struct trial *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	t->settings = settings;
	if (exempt_open(&t->exempt, settings, why) < 0 ||
	    store_open(&t->store, ":memory:", STORE_CREATE, why) < 0 ||
	    enter(t, why) < 0 ||
	    secret_get(t->store, &t->barred.key, why) < 0 ||
	    judge_open(&t->judge, settings, t->exempt, t->store, t->jail,
		       (struct moment){0}, why) < 0) {
		trial_close(t);
		return -1;
	}
	t->counts.lockouts.key = t->barred.key;
	*out = t;
	return 0;
}

void trial_close(struct trial *t)
{
	if (t == NULL)
		return;
	lockouts_close(&t->counts.lockouts);
	barred_close(&t->barred);
	judge_close(t->judge);
	store_close(t->store);
	exempt_close(t->exempt);
	free(t);
}

/* ---- judging ---- */

/* What no rule looks at any more would only fill the memory. */
static int tidy(struct trial *t, struct fault *why)
{
	int64_t before = t->now - memory_span(&t->settings->policy);
	size_t n = 0;

	if (t->now < t->tidied + TIDY)
		return 0;
	t->tidied = t->now;
	if (store_begin(t->store, why) < 0)
		return -1;
	return store_end(
		t->store,
		failure_prune(t->store, t->jail, before, SIZE_MAX / 2, &n, why),
		why);
}

static int see_lifted(void *context, const struct offense *o)
{
	if (o->lifted != 0)
		barred_lift(context, o->id);
	return 0;
}

/* The judge lifts a ban when a customer logs in near it. */
static int absorb_lifted(struct trial *t, size_t n, struct fault *why)
{
	const struct policy *p = &t->settings->policy;

	for (size_t i = 0; i < n; i++) {
		struct address place =
			settings_offender(t->settings, &t->batch[i].address);
		struct address network[MEMORY_LEVELS];
		size_t levels = memory_networks(p, &place, network);
		struct offense_query q = {
			.at = levels == 0 ? &place : &network[levels - 1]};

		if (t->batch[i].kind == SIGHTING_SUCCESS &&
		    offense_each(t->store, &q, see_lifted, &t->barred, why) < 0)
			return -1;
	}
	return 0;
}

static int bar(struct trial *t, size_t fresh, struct fault *why)
{
	for (size_t i = 0; i < fresh; i++)
		if (barred_add(&t->barred, &t->fresh[i]) < 0)
			return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

static int flush(struct trial *t, struct fault *why)
{
	struct moment now = {.wall = t->now, .boot = STILL};
	size_t n = t->n, fresh;

	t->n = 0;
	if (n == 0)
		return 0;
	if (judge_batch(t->judge, t->batch, n, now, t->fresh, &fresh, why) < 0)
		return -1;
	if (bar(t, fresh, why) < 0)
		return -1;
	if (judge_lifted(t->judge) && absorb_lifted(t, n, why) < 0)
		return -1;
	return tidy(t, why);
}

/* An outage may end while nothing is judged, and the time of a suspect. */
static int move_on(struct trial *t, int64_t to, bool all, struct fault *why)
{
	struct moment now = {.wall = to, .boot = STILL};
	size_t fresh;

	if (flush(t, why) < 0)
		return -1;
	t->now = to;
	if (!all && judge_due(t->judge, now) > STILL &&
	    !memory_is_outage(judge_memory(t->judge)))
		return 0;
	if (judge_upkeep(t->judge, now, all, t->fresh, &fresh, why) < 0)
		return -1;
	return bar(t, fresh, why);
}

/* ---- lines ---- */

static void count(struct trial_counts *c, enum sighting_kind kind)
{
	c->failures += kind == SIGHTING_FAILURE;
	c->successes += kind == SIGHTING_SUCCESS;
	c->trouble += kind == SIGHTING_TROUBLE;
}

/* A login that a ban would have kept out: of a customer? */
static int see_kept_out(struct trial *t, const struct sighting *s,
			const struct bar *bar, struct fault *why)
{
	struct address ban = bar->address;
	bool locked;

	if (flush(t, why) < 0 ||
	    judge_would_lock_out(t->judge, &s->address, s->user, t->now,
				 &locked, why) < 0)
		return -1;
	if (locked && lockouts_add(&t->counts.lockouts, s, &ban) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

int trial_see(struct trial *t, const struct sighting *s, struct fault *why)
{
	struct address offender;
	struct bar *met = NULL;

	if (s->reported > t->now && move_on(t, s->reported, false, why) < 0)
		return -1;
	count(&t->counts, s->kind);
	if (s->address.family != ADDRESS_NONE &&
	    exempt_offender(t->exempt, &s->address, &offender, NULL))
		met = barred_find(&t->barred, &t->settings->policy, &offender,
				  t->now);
	if (met != NULL && s->kind == SIGHTING_FAILURE) {
		met->met++;
		t->counts.kept_out++;
		return 0;
	}
	if (met != NULL && s->kind == SIGHTING_SUCCESS &&
	    see_kept_out(t, s, met, why) < 0)
		return -1;
	t->batch[t->n++] = *s;
	return t->n == BATCH ? flush(t, why) : 0;
}

/* The time of the last suspects comes after the last line. */
int trial_finish(struct trial *t, struct fault *why)
{
	return move_on(t, t->now + t->settings->policy.account_grace, true,
		       why);
}

const struct trial_counts *trial_counts(const struct trial *t)
{
	return &t->counts;
}

uint64_t trial_kept_out(const struct trial *t, int64_t offense)
{
	return barred_met(&t->barred, offense);
}

struct store *trial_store(const struct trial *t)
{
	return t->store;
}
