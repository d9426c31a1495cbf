/* digesting: see digesting.h. */
#include "digesting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/breach.h"
#include "saslban/duration.h"
#include "saslban/plain.h"
#include "saslban/plural.h"
#include "saslban/zone.h"
#include "vitals.h"

enum {
	DAYS = 7, /* of the table */
	WORST_DAILY = 10,
	WORST_WEEKLY = 20,
	ACCOUNTS = 10,
	SERVICES = 5,
	BROKEN_INTO = 20,
	DAY = 86400
};

struct digesting {
	struct desk *desk;
	struct store *store;
	const struct settings *settings;
	const struct digest_time *time;
	struct digest_bans bans;
	int64_t breaches;
};

/* ---- totals ---- */

static int see_service(void *context, const struct digest_name *n)
{
	struct digesting *x = context;
	char name[SIGHTING_USER];

	paper_line(&x->desk->part[LETTER_TOTALS], "    %-24s %9" PRId64,
		   plain_copy(name, sizeof(name), n->name), n->failures);
	return 0;
}

static int write_totals(struct digesting *x, struct fault *why)
{
	const struct digest_time *t = x->time;
	struct paper *p = &x->desk->part[LETTER_TOTALS];
	char from[ZONE_TEXT], to[ZONE_TEXT];
	const struct digest_bans *b = &x->bans;
	struct digest_bans running;
	int64_t failures;

	if (digest_bans(x->store, t, &x->bans, why) < 0 ||
	    digest_running(x->store, t->jail, t->observed, t->to, &running,
			   why) < 0 ||
	    digest_failures(x->store, t, &failures, why) < 0)
		return -1;
	paper_line(p, "From %s to %s", zone_time(t->from, from),
		   zone_time(t->to, to));
	paper_line(p, "                                   new    run now");
	paper_line(p, "  %-26s %9" PRId64 "  %9" PRId64,
		   t->observed ? "bans that would have been" : "bans", b->bans,
		   running.bans);
	for (int i = 0; i < DIGEST_STRIKES; i++)
		paper_line(p, "    strike %d%-16s %9" PRId64 "  %9" PRId64,
			   i + 1, i + 1 < DIGEST_STRIKES ? "" : " and more",
			   b->strike[i], running.strike[i]);
	paper_line(p, "  %-26s %9" PRId64, "addresses banned", b->addresses);
	paper_line(p, "  %-26s %9" PRId64, "failed logins", failures);
	return digest_names(x->store, DIGEST_SERVICES, t, SERVICES, see_service,
			    x, why);
}

/* ---- days ---- */

static int write_day(struct digesting *x, const struct digest_time *t,
		     struct fault *why)
{
	char day[ZONE_TEXT];
	struct digest_bans b;
	int64_t failures;

	if (digest_bans(x->store, t, &b, why) < 0 ||
	    digest_failures(x->store, t, &failures, why) < 0)
		return -1;
	paper_line(&x->desk->part[LETTER_DAYS],
		   "  %s  %7" PRId64 "  %8" PRId64 "  %8" PRId64 "  %9" PRId64
		   "  %13" PRId64,
		   zone_day(t->from, day), b.bans, b.strike[0], b.strike[1],
		   b.strike[2], failures);
	return 0;
}

/* The day in which the time ends, and those before it; by the local clock, so
 * that one of them may have 23 hours or 25. */
static int write_days(struct digesting *x, struct fault *why)
{
	static const struct schedule midnight = {SCHEDULE_DAILY, 0};
	struct schedule_zone zone = zone_local();
	struct digest_time day = *x->time;
	int64_t start[DAYS + 1];

	start[DAYS] = x->time->to;
	for (int i = DAYS; i > 0; i--)
		start[i - 1] = schedule_last(&midnight, &zone, start[i] - 1);
	paper_line(&x->desk->part[LETTER_DAYS],
		   "Day              bans  strike 1  strike 2  strike 3+  "
		   "failed logins");
	for (int i = 0; i < DAYS; i++) {
		day.from = start[i];
		day.to = start[i + 1];
		if (write_day(x, &day, why) < 0)
			return -1;
	}
	return 0;
}

/* ---- lists ---- */

static int see_worst(void *context, const struct offense *o)
{
	struct digesting *x = context;
	char at[ZONE_TEXT], address[ADDRESS_TEXT], length[DURATION_TEXT];

	paper_line(&x->desk->part[LETTER_THIRD], "  %s  strike %-3u %-8s  %s%s",
		   zone_time(o->at, at), o->strike,
		   duration_length(duration_left(o->until, o->at), length),
		   address_print(&o->address, address),
		   o->lifted != 0 ? " (lifted)" : "");
	return 0;
}

static int write_worst(struct digesting *x, struct fault *why)
{
	bool weekly = x->settings->notify_mode == NOTIFY_WEEKLY;
	struct digest_time week = *x->time;
	struct paper *p = &x->desk->part[LETTER_THIRD];

	if (week.from > week.to - DAYS * DAY)
		week.from = week.to - DAYS * DAY;
	paper_line(p, "The latest bans of strike 3 and more");
	if (digest_worst(x->store, &week, weekly ? WORST_WEEKLY : WORST_DAILY,
			 see_worst, x, why) < 0)
		return -1;
	if (strchr(p->text, '\n')[1] == '\0')
		*p = paper_new(x->desk->text[LETTER_THIRD], DESK_PART);
	return 0;
}

static int see_breach(void *context, const struct breach_row *b)
{
	struct digesting *x = context;
	struct paper *p = &x->desk->part[LETTER_BREACHES];
	char at[ZONE_TEXT], address[ADDRESS_TEXT], user[SIGHTING_USER];

	if (b->at >= x->time->to)
		return 0;
	if (x->breaches++ == 0)
		paper_line(p, "BREACHES: change these passwords");
	paper_line(p, "  %s  %s", zone_time(b->at, at),
		   plain_copy(user, sizeof(user), b->user));
	paper_line(p, "    from %s", address_print(&b->host, address));
	paper_wrap(p, 4, b->why);
	return 0;
}

static int see_account(void *context, const struct digest_name *n)
{
	struct digesting *x = context;
	struct paper *p = &x->desk->part[LETTER_ACCOUNTS];
	char name[SIGHTING_USER];

	if (n->addresses < 2)
		return 0;
	if (p->len == 0)
		paper_line(p, "Accounts that several addresses tried");
	paper_line(p,
		   "  %-40.60s %7" PRId64 " failure%s, %" PRId64 " addresses",
		   plain_copy(name, sizeof(name), n->name), n->failures,
		   plural(n->failures), n->addresses);
	return 0;
}

/* ---- the whole ---- */

/* The day is that of the last second, so that a mail of 00:00 tells of the day
 * that is over. */
static void head(struct digesting *x, unsigned warnings)
{
	char day[ZONE_TEXT], breaches[48] = "", warned[48] = "";
	const struct digest_bans *b = &x->bans;
	bool weekly = x->settings->notify_mode == NOTIFY_WEEKLY;

	if (x->breaches > 0)
		snprintf(breaches, sizeof(breaches), ", %" PRId64 " BREACH%s",
			 x->breaches, x->breaches == 1 ? "" : "ES");
	if (warnings > 0)
		snprintf(warned, sizeof(warned), ", %u warning%s", warnings,
			 plural(warnings));
	desk_headline(x->desk,
		      "%s%s: %" PRId64 " ban%s, %" PRId64 " third strike%s%s%s",
		      weekly ? "week to " : "", zone_day(x->time->to - 1, day),
		      b->bans, plural(b->bans), b->strike[2],
		      plural(b->strike[2]), breaches, warned);
}

int digesting_write(struct desk *d, struct store *s,
		    const struct settings *settings,
		    const struct digest_time *t, const struct sets *sets,
		    struct fault *why)
{
	struct digesting x = {
		.desk = d, .store = s, .settings = settings, .time = t};
	unsigned warnings;

	if (write_totals(&x, why) < 0 || write_days(&x, why) < 0 ||
	    write_worst(&x, why) < 0 ||
	    breach_each(s, t->jail, t->from, BROKEN_INTO, see_breach, &x, why) <
		    0 ||
	    digest_names(s, DIGEST_USERS, t, ACCOUNTS, see_account, &x, why) <
		    0 ||
	    vitals_write(&d->part[LETTER_ALIVE], s, t->jail, settings, sets,
			 t->to, &warnings, why) < 0)
		return -1;
	head(&x, warnings);
	return 0;
}
