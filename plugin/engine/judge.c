/* judge: see saslban/judge.h. */
#include "saslban/judge.h"

#include <stdlib.h>
#include <string.h>

#include "breaker.h"
#include "deciding.h"
#include "docket.h"
#include "entering.h"
#include "failing.h"
#include "pasts.h"
#include "recall.h"
#include "saslban/jail.h"
#include "saslban/login.h"
#include "saslban/secret.h"

struct judge {
	struct docket docket;
	struct siphash_key secret;
	struct logins logins;
	struct suspects suspects;
	int64_t learned;   /* logins up to this time are in memory */
	int64_t learnings; /* ... and those of so many learnings */
	bool tainted;      /* memory has what the store has refused */
};

int judge_open(struct judge **out, const struct settings *settings,
	       const struct exempt *exempt, struct store *store, int64_t jail,
	       struct moment now, struct fault *why)
{
	struct judge *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	j->docket = (struct docket){.settings = settings,
				    .exempt = exempt,
				    .store = store,
				    .logins = &j->logins,
				    .suspects = &j->suspects,
				    .secret = &j->secret,
				    .jail = jail};
	if (secret_get(store, &j->secret, why) < 0 ||
	    memory_open(&j->docket.memory, &settings->policy, &j->secret, why) <
		    0 ||
	    login_learnings(store, &j->learnings, why) < 0 ||
	    recall_all(&j->docket, now.wall, &j->learned, why) < 0) {
		judge_close(j);
		return -1;
	}
	*out = j;
	return 0;
}

int judge_inherit(struct judge *j, const struct judge *old, struct fault *why)
{
	const struct login *row = old->logins.row;

	j->logins = old->logins;
	for (size_t i = 0; i < old->logins.n; i++)
		if (memory_learn(j->docket.memory, &row[i].address, row[i].user,
				 row[i].first, row[i].last, why) < 0)
			return -1;
	return 0;
}

void judge_close(struct judge *j)
{
	if (j == NULL)
		return;
	memory_close(j->docket.memory);
	free(j);
}

int judge_catch_up(struct judge *j, int64_t now, struct fault *why)
{
	struct docket *d = &j->docket;
	int64_t learnings;

	memory_ban_forget(d->memory);
	if (login_learnings(d->store, &learnings, why) < 0)
		return -1;
	if (learnings != j->learnings)
		j->learned = 0; /* they may be of any age */
	j->learnings = learnings;
	return recall_logins(d->memory, d->store, d->settings, now, &j->learned,
			     why);
}

static int judge_one(struct docket *d, const struct sighting *s,
		     struct moment now, struct fault *why)
{
	switch (s->kind) {
	case SIGHTING_FAILURE:
		if (failing_judge(d, s, now.wall, why) < 0)
			return -1;
		break;
	case SIGHTING_SUCCESS:
		if (entering_judge(d, s, now, why) < 0)
			return -1;
		break;
	case SIGHTING_TROUBLE:
		breaker_trouble(d, s, now.boot);
		break;
	case SIGHTING_NOTHING:
		return 0;
	}
	return breaker_poll(d, now.wall, why);
}

/* What is about to be enforced or reported has to be on the disk; failures that
 * led to neither may be missing after a power cut. */
static int end(struct docket *d, int result, struct fault *why)
{
	if (d->nfresh > 0 || d->nnews > 0 || d->lifted)
		return store_end(d->store, result, why);
	return store_end_soon(d->store, result, why);
}

/* Everything that waits goes with a transaction that there is anyway. */
static int finish(struct judge *j, int result, int64_t now, struct fault *why)
{
	struct docket *d = &j->docket;

	if (!d->begun)
		return result;
	if (result == 0)
		result = logins_write(&j->logins, d->store, d->jail, why);
	if (result == 0)
		result = jail_touch(d->store, d->jail, now, why);
	d->begun = false;
	if (end(d, result, why) < 0) {
		j->tainted = true;
		return -1;
	}
	logins_done(&j->logins);
	return 0;
}

static void begin(struct judge *j, struct offense *fresh)
{
	struct docket *d = &j->docket;

	d->begun = d->lifted = false;
	d->fresh = fresh;
	d->most = JUDGE_FRESH;
	d->nfresh = d->nnews = d->left_out = 0;
}

/* What was seen, and what waits for its time. */
static int run(struct judge *j, const struct sighting *batch, size_t n,
	       struct moment now, bool all, struct offense *fresh,
	       size_t *nfresh, struct fault *why)
{
	struct docket *d = &j->docket;
	int result;

	*nfresh = 0;
	begin(j, fresh);
	result = breaker_poll(d, now.wall, why);
	if (result == 0)
		result = failing_end_grace(d, now.wall, why);
	d->most = n + JUDGE_FRESH;
	for (size_t i = 0; i < n && result == 0; i++)
		result = judge_one(d, &batch[i], now, why);
	if (result == 0 && (now.boot >= logins_due(&j->logins) ||
			    (all && logins_wait(&j->logins))))
		result = docket_write(d, why);
	if (finish(j, result, now.wall, why) < 0)
		return -1;
	*nfresh = d->nfresh;
	return 0;
}

int judge_batch(struct judge *j, const struct sighting *batch, size_t n,
		struct moment now, struct offense *fresh, size_t *nfresh,
		struct fault *why)
{
	return run(j, batch, n, now, false, fresh, nfresh, why);
}

int judge_upkeep(struct judge *j, struct moment now, bool all,
		 struct offense *fresh, size_t *nfresh, struct fault *why)
{
	return run(j, NULL, 0, now, all, fresh, nfresh, why);
}

int64_t judge_due(const struct judge *j, struct moment now)
{
	int64_t logins = logins_due(&j->logins);
	int64_t suspect = suspects_due(
		&j->suspects, j->docket.settings->policy.account_grace);

	if (suspect != INT64_MAX)
		suspect = now.boot + (suspect - now.wall);
	return suspect < logins ? suspect : logins;
}

bool judge_news(const struct judge *j, size_t i, enum report_level *level,
		const char **text)
{
	const struct docket *d = &j->docket;

	if (i >= d->nnews)
		return false;
	*level = d->news[i].level;
	*text = d->news[i].text;
	return true;
}

void judge_event(const struct judge *j, size_t i, struct event *out)
{
	*out = j->docket.news[i].event;
}

size_t judge_left_out(const struct judge *j)
{
	return j->docket.left_out;
}

bool judge_is_tainted(const struct judge *j)
{
	return j->tainted;
}

bool judge_lifted(const struct judge *j)
{
	return j->docket.lifted;
}

struct memory *judge_memory(const struct judge *j)
{
	return j->docket.memory;
}

int judge_ask(struct judge *j, const struct address *offender, const char *user,
	      int64_t now, struct prospect *out, struct fault *why)
{
	return deciding_foresee(&j->docket, offender, user, now, out, why);
}

int judge_would_lock_out(struct judge *j, const struct address *host,
			 const char *user, int64_t now, bool *locked,
			 struct fault *why)
{
	struct docket *d = &j->docket;
	struct address offender = settings_offender(d->settings, host);
	struct entrance e;
	struct history h;

	*locked = false;
	memory_recall_login(d->memory, &offender, user, 0, now, &e);
	if (!e.known)
		return 0;
	if (pasts_with_networks(d, &offender, now, &h, why) < 0)
		return -1;
	*locked = h.banned;
	return 0;
}
