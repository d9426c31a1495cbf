/*
 * engine_store: the store, opened and opened again, and the clock of which it
 * remembers the last reading.
 *
 * The file is looked at from time to time: who removes a database, or puts
 * another in its place, does not tell us.
 */
#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

enum {
	FIRST_WATCH = 60, /* seconds until the first look at the sets */
	REOPEN = 10, /* seconds of refusals after which it is opened anew */
	DOUBT = 600  /* seconds in which the clock may yet be set: nothing
		      * is forgotten by it */
};

static int shift(struct engine *e, int64_t now, int64_t step, struct fault *why)
{
	char span[DURATION_TEXT];
	int result;

	if (store_begin(e->store, why) < 0)
		return -1;
	result = store_shift(e->store, e->jail, now, step, why);
	if (result == 0)
		result = jail_touch(e->store, e->jail, now, why);
	if (store_end(e->store, result, why) < 0)
		return -1;
	engine_say(e, REPORT_WARNING,
		   "the clock went %s by %s; running bans keep what is left",
		   step < 0 ? "back" : "forward",
		   duration_human(step < 0 ? -step : step, span));
	return 0;
}

static int enroll(struct engine *e, int64_t now, struct fault *why)
{
	int result;

	if (store_begin(e->store, why) < 0)
		return -1;
	result = jail_put(e->store, e->settings, now, &e->jail, why);
	if (result == 0 && e->settings->enforce)
		result = offense_unobserve(e->store, e->jail, now, why);
	return store_end(e->store, result, why);
}

/* The jail in the freshly opened store: known, its clock steps healed. */
static int enter(struct engine *e, struct moment now, struct fault *why)
{
	int64_t seen;

	if (enroll(e, now.wall, why) < 0 ||
	    jail_seen(e->store, e->jail, &seen, why) < 0)
		return -1;
	/* The clock may have been set back while nobody was here. Forward
	 * cannot be told from time that has passed. */
	if (seen > now.wall + MOMENT_SLACK &&
	    shift(e, now.wall, now.wall - seen, why) < 0)
		return -1;
	return 0;
}

static void leave(struct engine *e)
{
	store_close(e->store);
	e->store = NULL;
	e->ensured = false;
}

static int open_store(struct engine *e, struct moment now, struct fault *why)
{
	if (store_open(&e->store, e->settings->database, STORE_CREATE, why) < 0)
		return -1;
	if (enter(e, now, why) < 0) {
		leave(e);
		return -1;
	}
	e->last = now;
	e->at.watch = now.boot + FIRST_WATCH;
	e->at.prune = now.boot + DOUBT;
	e->grown = true; /* since the store was last open */
	statistics_relist(e->statistics);
	e->at.count = now.boot;
	return 0;
}

int engine_ready(struct engine *e, struct moment now, struct fault *why)
{
	int64_t step;

	if (e->store != NULL && now.boot >= e->at.look &&
	    store_moved(e->store)) {
		engine_say(e, REPORT_WARNING,
			   "the database '%s' was removed or replaced; going "
			   "on with the one that is there now",
			   e->settings->database);
		leave(e);
	}
	if (e->store == NULL)
		return open_store(e, now, why);
	step = moment_step(&e->last, &now);
	if (step != 0) {
		if (shift(e, now.wall, step, why) < 0)
			return -1;
		e->at.prune = now.boot + DOUBT;
	}
	e->last = now;
	return 0;
}

void engine_refused(struct engine *e, bool refused, struct moment now)
{
	if (!refused) {
		e->refused = 0;
	} else if (e->refused == 0) {
		e->refused = now.boot;
	} else if (now.boot >= e->refused + REOPEN) {
		/* Some refusals end with the connection: the jail's row was
		 * deleted, the file was restored in place. */
		leave(e);
		e->refused = now.boot;
	}
}
