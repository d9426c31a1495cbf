/*
 * fixture: a database with a little of everything, for tests/cli.t.
 *
 * usage: fixture DATABASE NOW
 *        fixture DATABASE NOW JAIL...
 *
 * Two jails, bans of every state, failures with names that nobody should
 * print as they are. All times are NOW and an offset. With names of jails, the
 * database is there already, and they have an engine until standard input
 * ends.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/alive.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/filter_stats.h"
#include "saslban/stats.h"
#include "saslban/store.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

#define NEVER INT64_MIN /* an offset that stands for `not` */

struct value {
	const char *name;
	const char *text;
};

static const struct value sasl[] = {
	{"name", "sasl"},
	{"maxretry", "3"},
	{"findtime", "1h"},
	{"bantime", "48h"},
	{"bantime", "8d"},
	{"bantime", "32d"},
	{"ignoreip", "self"},
	{"ignoreip", "203.0.113.0/24"},
	{"ignoreip", "2001:db8:77::1"},
	{"ignoreip", "vpn.example.org"},
	{NULL, NULL},
};

static const struct value rbl[] = {
	{"name", "rbl"},       {"enforce", "off"}, {"maxretry", "1"},
	{"findtime", "1h"},    {"bantime", "1h"},  {"bantime.factor", "2"},
	{"bantime.max", "1d"}, {NULL, NULL},
};

struct jail_row {
	const struct value *values;
	int64_t seen;
	int64_t foreign, foreign_last;
};

static const struct jail_row jails[] = {
	{sasl, -10, 12, -3 * HOUR - 30},
	{rbl, -2 * HOUR - 30, 5, -2 * DAY},
};

struct offense_row {
	size_t jail; /* of jails[] */
	const char *address;
	unsigned strike;
	int64_t at;
	int64_t until; /* DURATION_FOREVER stays */
	int64_t failures;
	int64_t late;
	const char *why;
	bool observed;
	int64_t held; /* of its entry */
	int64_t ended;
	int64_t lifted;
	const char *lifted_by;
	const char *lifted_why;
};

static const struct offense_row offenses[] = {
	{0, "192.0.2.1", 1, -10 * DAY, -8 * DAY, 3, 2, "3 failures in 10m",
	 false, NEVER, -8 * DAY, NEVER, "", ""},
	{0, "198.51.100.8", 1, -2 * HOUR, 46 * HOUR, 3, 0, "3 failures in 4s",
	 false, NEVER, NEVER, -1 * HOUR, "alice", "a customer's printer"},
	{0, "198.51.100.9", 1, -5000, -5000 + 2 * DAY, 4, 0, "4 failures in 1m",
	 false, NEVER, -4000, NEVER, "", ""},
	{0, "198.51.100.9", 2, -4000, 8 * DAY - 4000, 3, 1, "3 failures in 2m",
	 false, 8 * DAY - 4000, NEVER, NEVER, "", ""},
	{0, "192.0.2.1", 2, -HOUR + 30, 8 * DAY - HOUR + 30, 3, 1,
	 "3 failures in 10m", false, 8 * DAY - HOUR + 30, NEVER, NEVER, "", ""},
	{0, "2001:db8:1:2::/64", 1, -30 * MINUTE, DURATION_FOREVER, 7, 0,
	 "by root: \033[2Jgo\n away", false, NEVER, NEVER, NEVER, "", ""},
	{1, "198.51.100.7", 1, -10 * MINUTE, 150 * MINUTE + 30, 1, 0,
	 "1 failure", true, NEVER, NEVER, NEVER, "", ""},
	{0, "10.20.0.0/16", 1, -5 * MINUTE, 60 * DAY + 30 * MINUTE + 30, 0, 0,
	 "by root", false, 24 * DAY, NEVER, NEVER, "", ""},
};

struct failure_row {
	size_t jail;
	const char *host;
	const char *address;
	const char *user;
	const char *mech;
	int64_t at;
	unsigned count;
	bool late;
};

static const struct failure_row failures[] = {
	{0, "192.0.2.1", "192.0.2.1", "alice", "LOGIN", -HOUR - 40, 1, false},
	{0, "192.0.2.1", "192.0.2.1", "\033[31mred\007", "PLAIN", -HOUR - 30, 1,
	 false},
	{0, "192.0.2.1", "192.0.2.1", "bad\xff\xfe utf8", "PLAIN", -HOUR - 20,
	 1, false},
	{0, "192.0.2.1", "192.0.2.1", "\u202egnp.exe", "LOGIN", -HOUR + 20, 1,
	 false},
	{0, "192.0.2.1", "192.0.2.1", "\u65e5\u672c", "LOGIN", -HOUR + 30, 2,
	 false},
	{0, "192.0.2.1", "192.0.2.1", "q\"b\\s/\177\302\233m", "", -HOUR + 40,
	 1, true},
	{0, "2001:db8:1:2::5", "2001:db8:1:2::/64", "bob", "PLAIN",
	 -31 * MINUTE, 7, false},
	{1, "192.0.2.1", "192.0.2.1", "eve", "", -20 * MINUTE, 1, false},
};

struct filter_row {
	size_t jail;
	const char *filter;
	int64_t lines;
	int64_t unmatched;
	bool matched;
	const char *example;
	int64_t at;
	int64_t ambiguous;
	int64_t orphans;
};

static const struct filter_row filters[] = {
	{0, "postfix", 1000, 3, false,
	 "postfix/smtpd: warning: *[*]: SASL * authentication failed", -9 * DAY,
	 0, 0},
	{0, "postfix", 234, 0, true, "", -2 * HOUR - 30, 0, 0},
	{0, "dovecot", 500, 0, true, "", -8 * DAY - 30, 0, 1},
	{0, "dovecot", 40, 25, false, "dovecot: imap-login: Login failed for *",
	 -HOUR, 4, 2},
	{1, "postfix[mode=rbl]", 12, 0, false, "", -30 * MINUTE, 1, 0},
};

struct rule_row {
	size_t jail;
	const char *filter;
	const char *name;
	const char *kind;
	const char *regex;
	int64_t hits;
	int64_t overruns;
	int64_t at;
};

static const struct rule_row rules[] = {
	{0, "postfix", "postfix:1", "failure", "^a$", 41, 0, -9 * DAY},
	{0, "postfix", "postfix:1", "failure", "^a$", 1, 0, -2 * HOUR - 30},
	{0, "postfix", "postfix:ok:1", "success", "^b\\[$", 0, 0, -HOUR},
	{0, "dovecot", "dovecot:1", "failure", "^(?:.*){9}$", 7, 2,
	 -8 * DAY - 30},
	{1, "postfix[mode=rbl]", "postfix:1", "failure", "^c$", 0, 0, -HOUR},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	struct store *store;
	int64_t now;
	int64_t id[COUNT(jails)];
	char set[COUNT(jails)][SETTINGS_SET];
};

static void die(const struct fault *why)
{
	fprintf(stderr, "fixture: %s\n", why->text);
	exit(1);
}

static int64_t when(const struct fixture *f, int64_t offset)
{
	if (offset == NEVER)
		return 0;
	return duration_after(f->now, offset);
}

static struct address address_of(const char *text)
{
	struct address a;

	if (address_parse(text, strlen(text), &a) < 0)
		abort();
	return a;
}

static int add_jail(struct fixture *f, size_t i, struct fault *why)
{
	struct settings s;

	settings_init(&s);
	for (const struct value *v = jails[i].values; v->name != NULL; v++)
		if (settings_set(&s, v->name, v->text, why) < 0)
			return -1;
	if (settings_check(&s, why) < 0 ||
	    jail_put(f->store, &s, f->now, &f->id[i], why) < 0 ||
	    jail_add_foreign(f->store, f->id[i], jails[i].foreign,
			     when(f, jails[i].foreign_last), why) < 0)
		return -1;
	memcpy(f->set[i], s.set, sizeof(s.set));
	return jail_touch(f->store, f->id[i], when(f, jails[i].seen), why);
}

static int add_offense(struct fixture *f, const struct offense_row *r,
		       struct fault *why)
{
	struct offense o = {
		.jail = f->id[r->jail],
		.address = address_of(r->address),
		.strike = r->strike,
		.at = when(f, r->at),
		.until = when(f, r->until),
		.failures = r->failures,
		.late = r->late,
		.observed = r->observed,
		.ended = when(f, r->ended),
		.lifted = when(f, r->lifted),
		.told = true,
	};
	char set[ENTRY_SET];

	snprintf(o.why, sizeof(o.why), "%s", r->why);
	snprintf(o.lifted_by, sizeof(o.lifted_by), "%s", r->lifted_by);
	snprintf(o.lifted_why, sizeof(o.lifted_why), "%s", r->lifted_why);
	if (offense_add(f->store, &o, why) < 0)
		return -1;
	if (r->held == NEVER)
		return 0;
	return entry_held(f->store,
			  entry_set(f->set[r->jail], o.address.family, set),
			  &o.address, when(f, r->held), why);
}

static int add_failure(struct fixture *f, const struct failure_row *r,
		       struct fault *why)
{
	struct failure x = {
		.jail = f->id[r->jail],
		.host = address_of(r->host),
		.address = address_of(r->address),
		.service = "postfix/smtpd",
		.rule = "postfix:1",
		.at = when(f, r->at),
		.count = r->count,
		.verdict = r->late ? VERDICT_LATE : VERDICT_COUNT,
	};

	snprintf(x.user, sizeof(x.user), "%s", r->user);
	snprintf(x.mech, sizeof(x.mech), "%s", r->mech);
	return failure_add(f->store, &x, why);
}

static int add_filter(struct fixture *f, const struct filter_row *r,
		      struct fault *why)
{
	struct filter_stats x = {
		.jail = f->id[r->jail],
		.lines = r->lines,
		.unmatched = r->unmatched,
		.ambiguous = r->ambiguous,
		.orphans = r->orphans,
		.matched = r->matched,
	};

	snprintf(x.filter, sizeof(x.filter), "%s", r->filter);
	snprintf(x.example, sizeof(x.example), "%s", r->example);
	return stats_filter_add(f->store, &x, when(f, r->at), why);
}

static int add_rule(struct fixture *f, const struct rule_row *r,
		    struct fault *why)
{
	struct rule_stats x = {
		.jail = f->id[r->jail],
		.kind = r->kind,
		.regex = r->regex,
		.hits = r->hits,
		.overruns = r->overruns,
	};

	snprintf(x.filter, sizeof(x.filter), "%s", r->filter);
	snprintf(x.name, sizeof(x.name), "%s", r->name);
	return stats_rule_add(f->store, &x, when(f, r->at), why);
}

static int fill(struct fixture *f, struct fault *why)
{
	int result = store_begin(f->store, why);

	for (size_t i = 0; result == 0 && i < COUNT(jails); i++)
		result = add_jail(f, i, why);
	for (size_t i = 0; result == 0 && i < COUNT(offenses); i++)
		result = add_offense(f, &offenses[i], why);
	for (size_t i = 0; result == 0 && i < COUNT(failures); i++)
		result = add_failure(f, &failures[i], why);
	for (size_t i = 0; result == 0 && i < COUNT(filters); i++)
		result = add_filter(f, &filters[i], why);
	for (size_t i = 0; result == 0 && i < COUNT(rules); i++)
		result = add_rule(f, &rules[i], why);
	return result < 0 ? -1 : store_commit(f->store, why);
}

/* ---- engines ---- */

struct wanted {
	const char *name;
	int64_t id;
};

static int see_jail(void *context, const struct jail *j)
{
	struct wanted *w = context;

	if (strcmp(j->settings.name, w->name) == 0)
		w->id = j->id;
	return 0;
}

/* Until standard input ends. */
static void hold(const char *database, char **names)
{
	struct store *s;
	struct fault why;

	if (store_open(&s, database, STORE_READ, &why) < 0)
		die(&why);
	for (; *names != NULL; names++) {
		struct wanted w = {.name = *names};
		struct alive *alive;

		if (jail_each(s, see_jail, &w, &why) < 0 ||
		    alive_claim(&alive, database, w.id, &why) < 0)
			die(&why);
	}
	store_close(s);
	puts("running");
	fflush(stdout);
	while (getchar() != EOF)
		;
}

int main(int argc, char **argv)
{
	struct fixture f = {.store = NULL};
	struct fault why;

	if (argc < 3) {
		fputs("usage: fixture DATABASE NOW [JAIL...]\n", stderr);
		return 2;
	}
	if (argc > 3) {
		hold(argv[1], argv + 3);
		return 0;
	}
	f.now = strtoll(argv[2], NULL, 10);
	if (store_open(&f.store, argv[1], STORE_CREATE, &why) < 0 ||
	    fill(&f, &why) < 0)
		die(&why);
	store_close(f.store);
	return 0;
}
