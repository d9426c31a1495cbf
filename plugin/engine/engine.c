/*
 * engine: see saslban/engine.h. The round itself: what comes after what, and
 * what is due when.
 */
#include "saslban/engine.h"

#include <stdlib.h>

#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/offense.h"

/* Seconds between two of each. LOOK is how soon a change that saslbanctl
 * recorded but could not carry out itself is carried out. */
enum { PRUNE = 3600, LOOK = 2, COUNT = 60 };

/* Rows that are ended or forgotten at a time. Once a second, which is more
 * than ever come in. */
enum { STEP = 2000 };

int engine_open(struct engine **out, const struct engine_parts *parts,
		struct enforcer *enforcer, struct fault *why)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL) {
		enforcer->ops->close(enforcer);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	e->settings = parts->settings;
	e->filter = parts->filter;
	e->reporter = parts->reporter;
	e->enforcer = enforcer;
	e->room = 1;
	if (statistics_open(&e->statistics, e->filter, why) < 0 ||
	    ignorelist_open(&e->ignorelist, e->settings, why) < 0) {
		engine_close(e);
		return -1;
	}
	*out = e;
	return 0;
}

void engine_close(struct engine *e)
{
	if (e == NULL)
		return;
	engine_report_rest(e);
	store_close(e->store);
	ignorelist_close(e->ignorelist);
	statistics_close(e->statistics);
	e->enforcer->ops->close(e->enforcer);
	free(e);
}

/* ---- what is due ---- */

/* Bans that have run out are marked, so that no clock revives them. */
static int engine_expire(struct engine *e, int64_t now, struct fault *why)
{
	int64_t end, rearm;

	if (now >= e->at.next) {
		if (store_begin(e->store, why) < 0 ||
		    store_end(e->store,
			      offense_expire(e->store, e->jail, now, STEP, NULL,
					     NULL, why),
			      why) < 0)
			return -1;
	}
	if (offense_next_end(e->store, e->jail, &end, why) < 0 ||
	    store_next_rearm(e->store, e->jail, &rearm, why) < 0)
		return -1;
	if (rearm != DURATION_FOREVER)
		rearm -= ENFORCER_LONGEST / 2;
	e->at.next = end < rearm ? end : rearm;
	return 0;
}

/* Without this, a quiet day would look like a dead engine. */
static int engine_note(struct engine *e, struct moment now, struct fault *why)
{
	if (now.boot < e->at.count)
		return 0;
	if (engine_count(e, now.wall, why) < 0)
		return -1;
	e->at.count = now.boot + COUNT;
	return 0;
}

/* *more is set when there is more to do. Offenses are the strikes: they go
 * when those have faded, too. */
static int prune(struct engine *e, int64_t now, bool *more, struct fault *why)
{
	int64_t retain = e->settings->retain;
	int64_t forget = e->settings->policy.forget;
	size_t failures = 0, offenses = 0;

	if (failure_prune(e->store, e->jail, now - retain, STEP, &failures,
			  why) < 0)
		return -1;
	if (forget != 0 && forget != DURATION_FOREVER &&
	    offense_prune(e->store, e->jail,
			  now - (forget > retain ? forget : retain), STEP,
			  &offenses, why) < 0)
		return -1;
	*more = failures == STEP || offenses == STEP;
	return 0;
}

static int engine_prune(struct engine *e, struct moment now, struct fault *why)
{
	bool more = false;

	if (now.boot < e->at.prune)
		return 0;
	e->at.prune = now.boot + PRUNE;
	if (e->settings->retain == DURATION_FOREVER)
		return 0;
	if (store_begin(e->store, why) < 0 ||
	    store_end(e->store, prune(e, now.wall, &more, why), why) < 0)
		return -1;
	if (more)
		e->at.prune = now.boot + 1;
	return 0;
}

/* The last round had too much to do. */
static bool is_behind(const struct engine *e)
{
	return e->ensured && e->room <= 0;
}

/* True when the kernel may differ from the store: our own doing, a change by
 * saslbanctl, something that is due, or trouble that may have passed. */
static int engine_wanted(struct engine *e, struct moment now, bool *wanted,
			 struct fault *why)
{
	int64_t version;

	*wanted = e->nfresh > 0 || e->spared || !e->ensured || is_behind(e) ||
		  now.wall >= e->at.next;
	if (now.boot >= e->at.look) {
		if (store_version(e->store, &version, why) < 0)
			return -1;
		*wanted = *wanted || version != e->version;
		e->version = version;
		e->at.look = now.boot + LOOK;
	}
	if (e->at.again != 0)
		*wanted = now.boot >= e->at.again;
	return 0;
}

/* What is due at this moment, apart from the batch. */
static int engine_turn(struct engine *e, struct moment now, struct fault *why)
{
	bool wanted;

	if (engine_wanted(e, now, &wanted, why) < 0)
		return -1;
	if (wanted && engine_enforce(e, now, why) < 0)
		return -1;
	if (wanted)
		e->spared = false;
	engine_report(e, now.boot);
	if (engine_watch(e, now, why) < 0 ||
	    engine_expire(e, now.wall, why) < 0 ||
	    engine_note(e, now, why) < 0 || engine_prune(e, now, why) < 0)
		return -1;
	return 0;
}

static int engine_line(struct engine *e, const struct sighting *batch,
		       size_t *n, struct moment now, struct fault *why)
{
	if (engine_ready(e, now, why) < 0)
		return -1;
	if (e->grown && engine_spare(e, now.wall, why) < 0)
		return -1;
	e->grown = false;
	if (*n > 0 && engine_judge(e, batch, *n, now.wall, why) < 0)
		return -1;
	*n = 0;
	return engine_turn(e, now, why);
}

int engine_round(struct engine *e, const struct sighting *batch, size_t *n,
		 struct moment now, struct fault *why)
{
	int result;

	/* Remembered, because the store may refuse just now. */
	if (ignorelist_turn(e->ignorelist, now.boot))
		e->grown = true;
	result = engine_line(e, batch, n, now, why);
	engine_refused(e, result < 0, now);
	return result;
}

int64_t engine_due(const struct engine *e)
{
	int64_t due = is_behind(e) ? 0 : e->at.look;
	int64_t other[] = {e->at.watch, e->at.prune, e->at.count,
			   ignorelist_due(e->ignorelist)};

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (other[i] < due)
			due = other[i];
	return due;
}
