/* trial: see trial.h. */
#include "trial.h"

#include <stdlib.h>

#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/judge.h"
#include "saslban/memory.h"

enum { BATCH = 256, TIDY = 86400 /* seconds between two times */ };

struct trial {
	const struct settings *settings;
	struct store *store;
	struct judge *judge;
	int64_t jail;
	int64_t now; /* of the log: it does not go back */
	int64_t tidied;
	struct sighting batch[BATCH];
	size_t n;
	struct offense fresh[BATCH + JUDGE_FRESH];
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
	if (store_open(&t->store, ":memory:", STORE_CREATE, why) < 0 ||
	    enter(t, why) < 0 ||
	    judge_open(&t->judge, settings, NULL, t->store, t->jail,
		       (struct moment){0}, why) < 0) {
		trial_close(t);
		return -1;
	}
	*out = t;
	return 0;
}

void trial_close(struct trial *t)
{
	if (t == NULL)
		return;
	judge_close(t->judge);
	store_close(t->store);
	free(t);
}

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

static int flush(struct trial *t, struct fault *why)
{
	struct moment now = {.wall = t->now, .boot = t->now};
	size_t nfresh, n = t->n;

	t->n = 0;
	if (n > 0 &&
	    judge_batch(t->judge, t->batch, n, now, t->fresh, &nfresh, why) < 0)
		return -1;
	if (judge_upkeep(t->judge, now, false, t->fresh, &nfresh, why) < 0)
		return -1;
	return tidy(t, why);
}

/* A customer who would not have got in. */
static int count_lockout(struct trial *t, const struct sighting *s,
			 struct fault *why)
{
	bool locked;

	if (flush(t, why) < 0 ||
	    judge_would_lock_out(t->judge, &s->address, s->user, t->now,
				 &locked, why) < 0)
		return -1;
	t->counts.lockouts += locked;
	return 0;
}

int trial_see(struct trial *t, const struct sighting *s, struct fault *why)
{
	if (t->counts.first == 0)
		t->counts.first = s->reported;
	if (s->reported > t->now) {
		if (flush(t, why) < 0)
			return -1;
		t->now = s->reported;
		t->counts.last = t->now;
	}
	t->counts.failures += s->kind == SIGHTING_FAILURE;
	t->counts.successes += s->kind == SIGHTING_SUCCESS;
	t->counts.trouble += s->kind == SIGHTING_TROUBLE;
	if (s->kind == SIGHTING_SUCCESS && count_lockout(t, s, why) < 0)
		return -1;
	t->batch[t->n++] = *s;
	return t->n == BATCH ? flush(t, why) : 0;
}

/* The time of the last suspects comes after the last line. */
int trial_finish(struct trial *t, struct fault *why)
{
	if (flush(t, why) < 0)
		return -1;
	t->now += POLICY_GRACE;
	return flush(t, why);
}

const struct trial_counts *trial_counts(const struct trial *t)
{
	return &t->counts;
}

struct store *trial_store(const struct trial *t)
{
	return t->store;
}
