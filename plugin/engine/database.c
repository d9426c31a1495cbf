/* database: see database.h. */
#include "database.h"

#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/renewal.h"

enum {
	REOPEN = 10, /* seconds of refusals until it is opened anew */
	REPLACE = 30 /* seconds between two tries to replace a damaged one,
		      * each of which may read and write all of it */
};

void database_init(struct database *d, const struct settings *settings,
		   const struct report *report)
{
	*d = (struct database){.settings = settings, .report = report};
}

void database_close(struct database *d)
{
	alive_release(d->alive);
	store_close(d->store);
	d->alive = NULL;
	d->store = NULL;
}

/* ---- the clock ---- */

static int shift(struct database *d, int64_t now, int64_t step,
		 struct fault *why)
{
	char text[DURATION_TEXT];
	int result;

	if (store_begin(d->store, why) < 0)
		return -1;
	result = store_shift(d->store, d->jail, now, step, why);
	if (result == 0)
		result = jail_touch(d->store, d->jail, now, why);
	if (store_end(d->store, result, why) < 0)
		return -1;
	report(d->report, REPORT_WARNING,
	       "the clock was set %s by %s; running bans keep the time that "
	       "is left to them",
	       step < 0 ? "back" : "forward",
	       duration_human(step < 0 ? -step : step, text));
	return 0;
}

/* The clock may have been set back while no engine ran. A clock that
 * was set forward looks like time that has passed. */
static int heal_clock(struct database *d, int64_t now, struct fault *why)
{
	int64_t seen;

	if (jail_seen(d->store, d->jail, &seen, why) < 0)
		return -1;
	if (seen <= now + MOMENT_SLACK)
		return 0;
	return shift(d, now, now - seen, why);
}

/* ---- open ---- */

/* What has found damage is closed; whether it is damaged another connection
 * finds out. */
static void doubt(struct database *d)
{
	d->doubtful = d->doubtful || store_damaged(d->store);
}

static const char *trouble(const struct database *d, enum outlet outlet)
{
	const struct reporter *r = d->report->reporter;

	return r->trouble == NULL ? "" : r->trouble(r->context, outlet);
}

static int enter_jail(struct database *d, int64_t now, struct fault *why)
{
	bool observed;
	int result;

	if (store_begin(d->store, why) < 0)
		return -1;
	result = jail_observed(d->store, d->settings->name, &observed, why);
	if (result == 0)
		result = jail_put(d->store, d->settings, now, &d->jail, why);
	if (result == 0)
		result = jail_rulesets(d->store, d->jail,
				       trouble(d, OUTLET_EVENTS),
				       trouble(d, OUTLET_NOTIFY), why);
	/* It looks at every running ban. */
	if (result == 0 && d->settings->enforce && observed)
		result = offense_unobserve(d->store, d->jail, now, why);
	return store_end(d->store, result, why);
}

/* Without it bans are recorded and enforced all the same: only saslbanctl
 * status cannot tell that an engine runs. Somebody may remove the file, and
 * another engine of the jail may end. */
static void claim(struct database *d)
{
	const char *path = d->settings->database;
	struct fault why;
	int result;

	if (alive_is_seen(d->alive, path))
		return;
	alive_release(d->alive);
	d->alive = NULL;
	result = alive_claim(&d->alive, path, d->jail, &why);
	if (result < 0 && !d->unclaimed)
		report(d->report, REPORT_WARNING, "%s", why.text);
	d->unclaimed = result < 0;
}

static void report_renewal(const struct database *d, const struct renewal *r)
{
	const char *path = d->settings->database;

	if (r->backup)
		report(d->report, REPORT_ERROR,
		       "THE DATABASE '%s' WAS DAMAGED and is kept as '%s'; "
		       "going on with the backup '%s' and the bans that the "
		       "sets hold",
		       path, r->aside, r->from);
	else
		report(d->report, REPORT_ERROR,
		       "THE DATABASE '%s' WAS DAMAGED and is kept as '%s'; "
		       "going on with a new one and the bans that the sets "
		       "hold",
		       path, r->aside);
}

/* One that is damaged is replaced. */
static int open_whole(struct database *d, struct moment now, struct fault *why)
{
	struct renewal r;
	int result;

	if (d->doubtful && now.boot < d->again) {
		if (why != NULL)
			*why = d->kept;
		return -1;
	}
	result = renewal_open(&d->store, d->settings->database, d->doubtful,
			      now.wall, &r, &d->kept);
	d->doubtful = r.damaged && r.aside[0] == '\0';
	if (r.aside[0] != '\0')
		report_renewal(d, &r);
	if (result == 0)
		return 0;
	d->again = now.boot + REPLACE;
	if (d->doubtful)
		fault_prefix(&d->kept, "%s", r.why.text);
	if (why != NULL)
		*why = d->kept;
	return -1;
}

static int open_store(struct database *d, struct moment now, struct fault *why)
{
	if (open_whole(d, now, why) < 0)
		return -1;
	if (enter_jail(d, now.wall, why) < 0 ||
	    heal_clock(d, now.wall, why) < 0 ||
	    renewal_due(d->store, d->jail, &d->adopts, why) < 0) {
		doubt(d);
		database_close(d);
		return -1;
	}
	return 0;
}

int database_adopted(struct database *d, struct fault *why)
{
	if (store_begin(d->store, why) < 0 ||
	    store_end(d->store, renewal_done(d->store, d->jail, why), why) < 0)
		return -1;
	d->adopts = false;
	return 0;
}

/* ---- watch ---- */

/* The log of the database may be what was removed: what only that log holds
 * is written into the file before it is left. */
static void leave_moved(struct database *d)
{
	struct fault why;

	if (store_rescue(d->store, &why) < 0)
		report(d->report, REPORT_ERROR, "%s", why.text);
	report(d->report, REPORT_WARNING,
	       "the database '%s', or its log, was removed or replaced; going "
	       "on with what is there now",
	       d->settings->database);
	database_close(d);
}

int database_ready(struct database *d, struct moment now, bool *anew,
		   struct fault *why)
{
	int64_t step;

	*anew = false;
	if (d->store != NULL &&
	    (now.boot >= d->look || store_damaged(d->store)) &&
	    store_moved(d->store))
		leave_moved(d);
	if (d->store != NULL && store_damaged(d->store)) {
		doubt(d);
		database_close(d);
	}
	if (d->store == NULL) {
		if (open_store(d, now, why) < 0)
			return -1;
		*anew = true;
	} else if ((step = moment_step(&d->last, &now)) != 0) {
		if (shift(d, now.wall, step, why) < 0)
			return -1;
		*anew = true;
	}
	if (*anew || now.boot >= d->look)
		claim(d);
	d->last = now;
	return 0;
}

int database_changed(struct database *d, struct moment now, bool *changed,
		     struct fault *why)
{
	int64_t version;

	*changed = false;
	if (now.boot < d->look)
		return 0;
	if (store_version(d->store, &version, why) < 0)
		return -1;
	*changed = version != d->version;
	d->version = version;
	d->look = now.boot + DATABASE_LOOK;
	return 0;
}

void database_result(struct database *d, bool refused, struct moment now)
{
	if (!refused) {
		d->refused = 0;
	} else if (d->refused == 0) {
		d->refused = now.boot;
	} else if (now.boot >= d->refused + REOPEN) {
		database_close(d);
		d->refused = now.boot;
	}
}
