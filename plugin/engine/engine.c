/*
 * engine: see saslban/engine.h. The round: what comes after what, and what is
 * due when. Each concern has its owner: the database, the judge, the
 * sets, the statistics, the upkeep; nobody but this file knows all.
 */
#include "saslban/engine.h"

#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "changes.h"
#include "court.h"
#include "cutting.h"
#include "database.h"
#include "events.h"
#include "foreign.h"
#include "hostnames.h"
#include "metering.h"
#include "notify.h"
#include "pardon.h"
#include "report.h"
#include "rereading.h"
#include "restore.h"
#include "retelling.h"
#include "saslban/allowed.h"
#include "saslban/duration.h"
#include "saslban/exempt.h"
#include "sets.h"
#include "start.h"
#include "upkeep.h"

/* Seconds between two of each; a database that cannot be opened for writing
 * is read when it has refused for so long. */
enum { PRUNE = 3600, STATISTICS = 60, READ_ONLY = 2 };

/* Seconds without a sighting: there is time for what would keep one waiting. */
enum { QUIET = 2 };

/* Seconds after the clock was set or the database opened, in which either may
 * yet turn out wrong: nothing is forgotten until then. */
enum { DOUBT = 600 };

/* When the engine's own work is due; the sets, the exempt and the database
 * know when theirs is (engine_due). */
struct timetable {
	int64_t prune;      /* boot clock */
	int64_t statistics; /* boot clock */
	int64_t expire;     /* wall clock: the next ban runs out */
	int64_t busy;       /* boot clock: sightings came */
	struct moment last; /* of the last round */
};

struct engine {
	const struct settings *settings;
	struct enforcer *enforcer;
	struct report report;
	struct events events;
	struct database database;
	struct exempt *exempt;
	struct court court; /* as long as the store is open */
	struct rereading filters;
	struct metering metering;
	struct foreign foreign;
	struct sets sets;
	struct pardon pardon;
	struct restore restore;
	struct cutting cutting;
	struct notify notify;
	struct timetable at;
	uint64_t exempted; /* generation of the exempt with which the running
			    * bans were last compared; 0: not yet */
	int64_t listed;    /* version of the store of which the exempt has the
			    * allow list; 0: of none */
	bool changed;      /* what the store wants in the sets may have */
	bool started;      /* and reported so */
	struct offense fresh[ENGINE_BATCH +
			     JUDGE_FRESH]; /* offenses not yet reported */
	size_t nfresh;
};

/* ---- open, close ---- */

int engine_open(struct engine **out, const struct engine_parts *parts,
		struct enforcer *enforcer, struct fault *why)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL) {
		if (enforcer != NULL)
			enforcer->ops->close(enforcer);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	e->settings = parts->settings;
	e->enforcer = enforcer;
	report_init(&e->report, e->settings->name, parts->reporter);
	events_init(&e->events, e->settings, &e->report);
	database_init(&e->database, e->settings, &e->report);
	court_init(&e->court, e->settings, &e->events);
	foreign_init(&e->foreign, &e->report, parts->tally);
	metering_init(&e->metering, parts->meter);
	cutting_init(&e->cutting, parts->cutter);
	if (notify_open(&e->notify, parts, why) < 0 ||
	    rereading_open(&e->filters, e->settings, parts->editions,
			   &e->report, why) < 0 ||
	    exempt_open(&e->exempt, e->settings, why) < 0 ||
	    sets_open(&e->sets, e->settings, enforcer, &e->report, why) < 0) {
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
	events_close(&e->events);
	court_close(&e->court);
	database_close(&e->database);
	exempt_close(e->exempt);
	rereading_close(&e->filters);
	sets_close(&e->sets);
	notify_close(&e->notify);
	if (e->enforcer != NULL)
		e->enforcer->ops->close(e->enforcer);
	free(e);
}

/* ---- what may have changed while we looked away ---- */

/* The store was opened or the clock set: nothing that was known holds. */
static int begin_anew(struct engine *e, struct moment now, struct fault *why)
{
	sets_forget(&e->sets, e->database.adopts ? e->database.jail : 0, now);
	rereading_relist(&e->filters);
	e->exempted = 0;
	e->changed = true;
	e->at.prune = now.boot + DOUBT;
	e->at.statistics = now.boot;
	e->listed = 0;
	if (hostnames_load(e->exempt, e->database.store, why) < 0 ||
	    retelling_end(&e->database, e->settings, &e->report, now, why) <
		    0 ||
	    notify_begin(&e->notify, &e->database, now, why) < 0)
		return -1;
	return court_open(&e->court, e->exempt, e->database.store,
			  e->database.jail, now, why);
}

static int list_allowed(struct engine *e, struct moment now, struct fault *why)
{
	return allowed_renew(e->exempt, e->database.store, &e->listed, now,
			     why);
}

static int pardon(struct engine *e, struct moment now, struct fault *why)
{
	struct database *d = &e->database;
	bool lifted;

	if (pardon_step(&e->pardon, d->store, d->jail, e->exempt, &e->events,
			now, &lifted, why) < 0 ||
	    (lifted && judge_catch_up(e->court.judge, now.wall, why) < 0))
		return -1;
	e->changed = e->changed || lifted;
	return 0;
}

/* What somebody else has written to the store, and addresses that are exempt
 * from now on. */
static int notice_changes(struct engine *e, struct moment now,
			  struct fault *why)
{
	struct database *d = &e->database;
	bool changed;
	size_t bans = 0;

	if (database_changed(d, now, &changed, why) < 0)
		return -1;
	if (((changed || e->listed == 0) && list_allowed(e, now, why) < 0) ||
	    hostnames_keep(e->exempt, d->store, &e->report, now, why) < 0)
		return -1;
	if (changed && judge_catch_up(e->court.judge, now.wall, why) < 0)
		return -1;
	if (changed && changes_report(d->store, d->jail, &e->cutting,
				      &e->events, now, &bans, why) < 0)
		return -1;
	if (bans > 0 || e->exempted != exempt_generation(e->exempt))
		pardon_begin(&e->pardon);
	e->exempted = exempt_generation(e->exempt);
	e->changed = e->changed || changed;
	return e->pardon.runs ? pardon(e, now, why) : 0;
}

/* ---- report ---- */

static void report_fresh(struct engine *e, struct moment now)
{
	for (size_t i = 0; i < e->nfresh; i++)
		announce_ban(&e->events, e->database.store, e->enforcer,
			     &e->fresh[i], now);
	e->nfresh = 0;
	report_left_out(&e->report, now.boot);
	events_report_lost(&e->events, now);
}

/* Reported when the sets are known, or at once when there are none. */
static void report_start(struct engine *e)
{
	uint64_t restored;

	if (e->started || !sets_known(&e->sets, &restored))
		return;
	e->started = true;
	start_report(&e->report, e->settings,
		     e->settings->enforce ? e->enforcer->ops->kind : NULL,
		     restored);
}

/* The database was lost, and has by now what the sets hold. */
static int finish_adoption(struct engine *e, struct moment now,
			   struct fault *why)
{
	uint64_t added;

	if (!e->database.adopts || !sets_known(&e->sets, &added))
		return 0;
	e->exempted = 0; /* some of them may be exempt */
	e->changed = true;
	if (judge_catch_up(e->court.judge, now.wall, why) < 0)
		return -1;
	return database_adopted(&e->database, why);
}

/* ---- upkeep ---- */

static int keep_statistics(struct engine *e, int64_t now, struct fault *why)
{
	struct database *d = &e->database;

	if (foreign_keep(&e->foreign, d->store, d->jail, now, why) < 0 ||
	    metering_keep(&e->metering, d->store, d->jail, why) < 0)
		return -1;
	return rereading_keep(&e->filters, d->store, d->jail, now, why);
}

static int keep_up(struct engine *e, struct moment now, struct fault *why)
{
	struct database *d = &e->database;
	bool more;

	if (now.boot >= e->at.busy + QUIET)
		store_checkpoint(d->store);
	if (now.wall >= e->at.expire &&
	    upkeep_expire(d->store, d->jail, &e->events, now, &e->at.expire,
			  why) < 0)
		return -1;
	if (foreign_poll(&e->foreign, d->store, d->jail, now, why) < 0)
		return -1;
	if (now.boot >= e->at.statistics) {
		if (keep_statistics(e, now.wall, why) < 0)
			return -1;
		e->at.statistics = now.boot + STATISTICS;
	}
	if (now.boot >= e->at.prune) {
		if (upkeep_prune(d->store, d->jail, e->settings, e->enforcer,
				 now.wall, &more, why) < 0)
			return -1;
		e->at.prune = now.boot + (more ? 1 : PRUNE);
	}
	return notify_poll(&e->notify, d, &e->sets,
			   now.boot < e->at.busy + QUIET, now, why);
}

/* ---- the round ---- */

/* What was seen, or what was to wait. */
static int judge(struct engine *e, const struct sighting *batch, size_t n,
		 struct moment now, struct fault *why)
{
	int result;

	report_fresh(e, now); /* of a round that has failed */
	/* Who was just allowed is not banned once more. */
	if (list_allowed(e, now, why) < 0)
		return -1;
	if (n > 0)
		result = court_judge(&e->court, batch, n, now, e->fresh,
				     &e->nfresh, why);
	else
		result = court_upkeep(&e->court, now, false, e->fresh,
				      &e->nfresh, why);
	if (result < 0)
		return -1;
	for (size_t i = 0; i < e->nfresh; i++)
		cutting_add(&e->cutting, &e->fresh[i]);
	e->changed =
		e->changed || e->nfresh > 0 || judge_lifted(e->court.judge);
	return 0;
}

static int run_round(struct engine *e, const struct sighting *batch, size_t *n,
		     struct moment now, struct fault *why)
{
	bool anew;

	if (database_ready(&e->database, now, &anew, why) < 0)
		return -1;
	metering_poll(&e->metering, e->database.store);
	if (anew && begin_anew(e, now, why) < 0)
		return -1;
	if (store_save(e->database.store, why) < 0)
		return -1;
	if (e->court.unsure &&
	    court_open(&e->court, e->exempt, e->database.store,
		       e->database.jail, now, why) < 0)
		return -1;
	if (notice_changes(e, now, why) < 0)
		return -1;
	if (*n > 0)
		e->at.busy = now.boot;
	if (judge(e, batch, *n, now, why) < 0)
		return -1;
	*n = 0;
	if (store_save(e->database.store, why) < 0)
		return -1;
	if (e->changed)
		e->at.expire = 0; /* the next to run out may be another */
	if (sets_poll(&e->sets, e->database.store, now, e->changed, why) < 0)
		return -1;
	e->changed = false;
	if (finish_adoption(e, now, why) < 0)
		return -1;
	report_start(e);
	cutting_poll(&e->cutting, &e->report, now.boot);
	report_fresh(e, now);
	cutting_report(&e->cutting, &e->report, now.boot);
	return keep_up(e, now, why);
}

int engine_round(struct engine *e, const struct sighting *batch, size_t *n,
		 struct moment now, struct fault *why)
{
	struct database *d = &e->database;
	int result;

	exempt_poll(e->exempt, now);
	result = run_round(e, batch, n, now, why);
	metering_poll(&e->metering, d->store);
	e->at.last = now;
	if (result < 0 && d->store == NULL && d->refused != 0 &&
	    now.boot >= d->refused + READ_ONLY && sets_enforce(&e->sets))
		restore_poll(&e->restore, e->settings, e->enforcer, &e->report,
			     now);
	database_result(d, result < 0, now);
	return result;
}

int engine_keep_last(struct engine *e, struct moment now, struct fault *why)
{
	if (e->database.store == NULL || e->court.unsure)
		return 0;
	if (court_upkeep(&e->court, now, true, e->fresh, &e->nfresh, why) < 0 ||
	    notify_keep(&e->notify, &e->database, now, why) < 0)
		return -1;
	report_fresh(e, now);
	return keep_statistics(e, now.wall, why);
}

void engine_reread(struct engine *e)
{
	rereading_again(&e->filters);
	exempt_reread(e->exempt);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t engine_due(const struct engine *e)
{
	struct moment last = e->at.last;
	int64_t due = sooner(e->database.look, exempt_due(e->exempt));

	if (e->pardon.runs)
		return last.boot;
	due = sooner(due, sooner(e->at.prune, e->at.statistics));
	if (e->at.expire != DURATION_FOREVER)
		due = sooner(due, last.boot + (e->at.expire - last.wall));
	due = sooner(due, sets_due(&e->sets, last));
	due = sooner(due, cutting_due(&e->cutting));
	due = sooner(due, notify_due(&e->notify));
	return sooner(due, court_due(&e->court, last));
}
