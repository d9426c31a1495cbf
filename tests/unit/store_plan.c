/* store: how SQLite goes about each statement: what is a million rows is never
 * read from end to end, and what is asked for often is found in an index. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/adopt.h"
#include "saslban/attempt.h"
#include "saslban/breach.h"
#include "saslban/digest.h"
#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/hostname.h"
#include "saslban/jail.h"
#include "saslban/login.h"
#include "saslban/offense.h"
#include "saslban/outage.h"
#include "saslban/ranking.h"
#include "saslban/outbox.h"
#include "saslban/secret.h"
#include "saslban/stats.h"
#include "saslban/total.h"
#include "store/connection.h"
#include "store/query.h"

/* ---- every statement once ---- */

static int see_failure(void *context, const struct failure *f)
{
	(void)context;
	(void)f;
	return 0;
}

static int see_entry(void *context, const struct entry *e)
{
	(void)context;
	(void)e;
	return 0;
}

static int see_jail(void *context, const struct jail *jail)
{
	(void)context;
	(void)jail;
	return 0;
}

static int see_filter(void *context, const struct filter_stats *f)
{
	(void)context;
	(void)f;
	return 0;
}

static int see_rule(void *context, const struct rule_stats *r)
{
	(void)context;
	(void)r;
	return 0;
}

static int see_name(void *context, const char *name, const struct address *a,
		    int64_t at)
{
	(void)context;
	(void)name;
	(void)a;
	(void)at;
	return 0;
}

static int see_address(void *context, const struct address *a)
{
	(void)context;
	(void)a;
	return 0;
}

static int see_login(void *context, const struct login *l)
{
	(void)context;
	(void)l;
	return 0;
}

static int see_outage(void *context, const struct outage_row *o)
{
	(void)context;
	(void)o;
	return 0;
}

static int see_breach(void *context, const struct breach_row *b)
{
	(void)context;
	(void)b;
	return 0;
}

static int see_total(void *context, const struct total *t)
{
	(void)context;
	(void)t;
	return 0;
}

static int see_sum(void *context, const struct offense_sum *sum)
{
	(void)context;
	(void)sum;
	return 0;
}

static int see_notice(void *context, const struct outbox_row *row)
{
	(void)context;
	(void)row;
	return 0;
}

static void use_jails(struct store *s, int64_t jail)
{
	struct address a = kit_address("192.0.2.1");
	struct jail_totals t;
	struct offense_running running;
	struct offense_span span;
	int64_t n;

	kit_jail(s, "sasl", "another");
	kit_jail(s, "sasl", "saslban");
	WRITE(s, jail_touch(s, jail, NOW, &write_why));
	WRITE(s, jail_add_foreign(s, jail, 1, NOW, &write_why));
	jail_seen(s, jail, &n, NULL);
	jail_each(s, see_jail, NULL, NULL);
	jail_totals(s, jail, NOW, NOW, &t, NULL);
	offense_running(s, jail, NOW, &running, NULL);
	offense_span(s, jail, NOW, NOW, &span, NULL);
	store_version(s, &n, NULL);
	WRITE(s, store_shift(s, jail, NOW, -5, &write_why));
	WRITE(s, store_shift(s, jail, NOW, 5, &write_why));
	WRITE(s, hostname_put(s, "a", &a, 1, NOW, &write_why));
	hostname_each(s, see_name, NULL, NULL);
	kit_stats(s, jail, "postfix", 5);
	WRITE(s, stats_filter_warned(s, jail, "postfix", NOW, &write_why));
	WRITE(s, stats_unload(s, jail, NOW, &write_why));
	stats_filter_each(s, jail, see_filter, NULL, NULL);
	stats_rule_each(s, jail, see_rule, NULL, NULL);
	total_each(s, see_total, NULL, NULL);
}

static int see_ranked_failure(void *context, const struct ranking_failure *f)
{
	(void)context;
	(void)f;
	return 0;
}

static int see_ranked_ban(void *context, const struct ranking_ban *b)
{
	(void)context;
	(void)b;
	return 0;
}

static void use_rankings(struct store *s, int64_t jail)
{
	struct address a = kit_address("192.0.2.1");
	struct ranking_standing standing;
	struct ranking_running running;
	int64_t n, m;

	ranking_begin(s, jail, 0, &n, NULL);
	ranking_failures(s, jail, 0, see_ranked_failure, NULL, NULL);
	ranking_bans(s, jail, 0, NOW, see_ranked_ban, NULL, NULL);
	ranking_running(s, jail, NOW, &running, NULL);
	ranking_standing(s, jail, &a, 0, NOW, &standing, NULL);
	ranking_account(s, jail, "alice", 0, &n, &m, NULL);
}

static void use_adopt(struct store *s, int64_t jail)
{
	struct offense o = {.jail = jail,
			    .address = kit_address("192.0.2.9"),
			    .strike = 1,
			    .at = NOW - 5,
			    .until = NOW + 500,
			    .dropped = {1, 1}};
	enum adopted adopted;

	WRITE(s, offense_adopt(s, &o, &adopted, &write_why));
}

static void use_lists(struct store *s, const struct address *a)
{
	/* A row for each way in, and each order. */
	struct offense_query query[] = {
		{.running = true, .at = a},
		{.running = true},
		{.running = true, .strike = 1},
		{.running = true, .limit = 5},
		{.running = true, .limit = 5, .sort = OFFENSE_STRIKE},
		{.running = true, .sort = OFFENSE_STRIKE},
		{.limit = 5, .sort = OFFENSE_STRIKE},
		{.sort = OFFENSE_STRIKE},
		{.strike = 1},
		{.at = a, .sort = OFFENSE_UNTIL},
		{.at = a, .sort = OFFENSE_UNTIL, .user = "alice"},
	};
	struct kit_seen seen = {"", 0, 0};

	for (size_t i = 0; i < sizeof(query) / sizeof(query[0]); i++) {
		query[i].now = NOW;
		offense_each(s, &query[i], kit_see_offense, &seen, NULL);
	}
}

static void use_history(struct store *s, int64_t jail)
{
	struct address a = kit_address("192.0.2.1");
	struct failure late = {
		.jail = jail,
		.host = a,
		.address = a,
		.at = NOW,
		.count = 1,
		.verdict = VERDICT_LATE,
	};
	struct kit_seen seen = {"", 0, 0};
	struct history h;
	int64_t n;
	size_t count;
	bool observed;

	use_rankings(s, jail);
	kit_failure(s, jail, "192.0.2.1", NOW, 1);
	WRITE(s, failure_add(s, &late, &write_why));
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	kit_lift(s, jail, "192.0.2.1", NOW);
	kit_ban(s, jail, "192.0.2.1", NOW - 90, NOW);
	offense_history(s, jail, &a, false, NOW, &h, NULL);
	failure_sum(s, jail, &a, NOW, &n, NULL);
	failure_each(s, &a, 1, see_failure, NULL, NULL);
	use_lists(s, &a);
	use_adopt(s, jail);
	offense_open_each(s, jail, NULL, 5, see_address, NULL, NULL);
	offense_sum_each(s, jail, NOW, see_sum, NULL, NULL);
	offense_latest(s, jail, &n, NULL);
	jail_observed(s, "sasl", &observed, NULL);
	offense_untold_each(s, jail, 5, kit_see_offense, &seen, NULL);
	WRITE(s, offense_told(s, 1, &write_why));
	offense_next_end(s, jail, &n, NULL);
	WRITE(s, offense_late(s, jail, &a, 1, &write_why));
	WRITE(s, offense_unobserve(s, jail, NOW, &write_why));
	WRITE(s, failure_prune(s, jail, NOW, 5, &count, &write_why));
	WRITE(s, offense_expire(s, jail, NOW, 5, NULL, NULL, &write_why));
	WRITE(s, offense_prune(s, jail, NOW, 5, &count, &write_why));
}

static int see_attempt(void *context, const struct attempt *a)
{
	(void)context;
	(void)a;
	return 0;
}

static void use_logins(struct store *s, int64_t jail)
{
	struct address a = kit_address("192.0.2.1");
	struct login login = {
		.address = a, .user = "alice", .first = NOW, .last = NOW};
	struct outage_row outage = {.jail = jail, .since = NOW, .opened = NOW};
	struct breach_row breach = {
		.jail = jail, .at = NOW, .user = "alice", .host = a};
	struct siphash_key key;
	int64_t at, ids[] = {1};
	size_t count;
	bool fresh;

	WRITE(s, login_put(s, &login, &write_why));
	login_each(s, NOW, 0, see_login, NULL, NULL);
	login_of_address(s, &a, 0, see_login, NULL, NULL);
	login_of_user(s, "alice", 0, see_login, NULL, NULL);
	attempt_each(s, jail, "alice", 0, see_attempt, NULL, NULL);
	WRITE(s, jail_logged_in(s, jail, NOW, &write_why));
	jail_last_login(s, jail, &at, NULL);
	WRITE(s, outage_begin(s, &outage, &write_why));
	outage_each(s, jail, 0, see_outage, NULL, NULL);
	WRITE(s, breach_add(s, &breach, &fresh, &write_why));
	breach_each(s, jail, NOW, 0, see_breach, NULL, NULL);
	secret_get(s, &key, NULL);
	WRITE(s, failure_settle(s, ids, 1, VERDICT_FORGIVEN, &write_why));
	WRITE(s, failure_excuse(s, jail, NOW, &write_why));
	failure_recent(s, jail, NOW, see_failure, NULL, NULL);
	WRITE(s, login_prune(s, NOW, 5, &count, &write_why));
	WRITE(s, breach_prune(s, jail, NOW, &write_why));
}

static void use_entries(struct store *s, int64_t jail)
{
	struct address a = kit_address("192.0.2.1");
	struct entry e;
	char text[KIT_TEXT];
	const struct dropped some = {1, 60};
	size_t count;
	int64_t n;

	kit_due(s, "saslban4", ENTRY_EXCESS, NOW, text);
	kit_due(s, "saslban4", ENTRY_SHORT, NOW, text);
	kit_due(s, "saslban4", ENTRY_ABSENT, NOW, text);
	kit_entry(s, "saslban4", "192.0.2.1", text);
	kit_held(s, "saslban4", "192.0.2.1", 0);
	entry_weakest(s, "saslban4", NOW, &e, 1, &count, NULL);
	entry_each(s, "saslban4", &a, 1, see_entry, NULL, NULL);
	entry_count(s, "saslban4", NOW, &n, NULL);
	entry_absent(s, "saslban4", NOW, &n, NULL);
	entry_next_short(s, "saslban4", NOW, &n, NULL);
	WRITE(s, dropped_note(s, "saslban4", &a, &some, &some, &write_why));
	WRITE(s, entry_at_large(s, jail, &a, NOW, &write_why));
	WRITE(s, entry_prune(s, "saslban4", NOW, 5, &count, &write_why));
}

static void use_outbox(struct store *s, int64_t jail)
{
	struct outbox_row row = {.jail = jail, .kind = NOTICE_DIGEST};
	struct notice_load load;
	struct outbox_sum sum;
	int64_t n, id;
	size_t count;

	WRITE(s, outbox_add(s, &row, &write_why));
	outbox_next(s, jail, &n, NULL);
	outbox_load(s, jail, false, 300, NOW, &load, NULL);
	WRITE(s, outbox_put(s, jail, false, false, NOW, &write_why));
	WRITE(s, outbox_put(s, jail, false, true, NOW, &write_why));
	outbox_mail(s, jail, NOW, &n, NULL);
	outbox_each(s, jail, 1, 0, see_notice, NULL, NULL);
	outbox_sum(s, jail, 1, &sum, NULL);
	outbox_digest(s, jail, &id, &n, NULL);
	WRITE(s, outbox_digest_due(s, row.id, NOW, NOW, &write_why));
	WRITE(s, outbox_sent(s, jail, 1, NOW, &write_why));
	WRITE(s, outbox_drop(s, jail, true, &write_why));
	WRITE(s, outbox_prune(s, jail, NOW, 5, &count, &write_why));
}

static int see_digest_name(void *context, const struct digest_name *n)
{
	(void)context;
	(void)n;
	return 0;
}

static void use_digest(struct store *s, int64_t jail)
{
	const struct digest_time t = {.jail = jail, .from = NOW, .to = NOW + 9};
	struct address a = kit_address("192.0.2.1");
	struct kit_seen seen = {"", 0, 0};
	struct digest_address one;
	struct digest_bans bans;
	int64_t n;

	digest_bans(s, &t, &bans, NULL);
	digest_running(s, jail, false, NOW, &bans, NULL);
	digest_failures(s, &t, &n, NULL);
	digest_worst(s, &t, 5, kit_see_offense, &seen, NULL);
	for (enum digest_by by = DIGEST_USERS; by <= DIGEST_SERVICES; by++) {
		digest_names(s, by, &t, 5, see_digest_name, NULL, NULL);
		digest_names_of(s, by, &a, 5, see_digest_name, NULL, NULL);
	}
	digest_address(s, &a, &one, NULL);
}

/* ---- plans ---- */

/* The steps of its plan, each with a line feed behind it. */
static void read_plan(struct store *s, const char *sql, char *out, size_t size)
{
	sqlite3_stmt *plan = NULL;
	char explain[4096];
	size_t end = 0;

	out[0] = '\0';
	snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(s->db, explain, -1, &plan, NULL),
			 SQLITE_OK);
	while (sqlite3_step(plan) == SQLITE_ROW)
		end += (size_t)snprintf(out + end, size - end, "%s\n",
					sqlite3_column_text(plan, 3));
	assert_true(end < size);
	sqlite3_finalize(plan);
}

/* What a person asks for now and then, see offense_each.c. */
static bool is_wanted(const char *task, const char *step)
{
	static const char *const wanted[][2] = {
		{"look for an account's bans in", "SCAN f\n"},
		{"look for an account's failures in", "SCAN failure\n"},
		{"choose running bans in", "SCAN o\n"},
		{"choose a few running bans in", "SCAN o\n"},
		{"sort offenses for a few in", "SCAN o\n"},
		{"sort all offenses in", "SCAN o\n"},
		{"count the bans that run in", "SCAN offense\n"},
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strcmp(task, wanted[i][0]) == 0 &&
		    strncmp(step, wanted[i][1], strlen(wanted[i][1])) == 0)
			return true;
	return false;
}

/* A step that reads all of a table, or of an index that holds all of one.
 * `SCAN o USING INDEX offense_at` with a limit is how the newest are read;
 * jails and their settings, filters, rules, host names and those who are
 * allowed are few; and the clock is set once in a blue moon. */
static bool is_slow(const char *task, const char *step)
{
	static const char *const few[] = {
		"SCAN CONSTANT ROW",
		"SCAN jail",
		"SCAN j",
		"SCAN json_each",
		"SCAN setting",
		"SCAN filter",
		"SCAN rule",
		"SCAN hostname",
		"SCAN outage",
		"SCAN allow",
		"SCAN total",
		"SCAN (subquery-1)", /* those of a limit,
					turned round */
		"SCAN breach",
		"SCAN login USING COVERING INDEX",
		/* counted each hour */ "SCAN a\n", /* one address, or those
	  of a jail's bans */
		"SCAN of\n",     /* addresses of which a mail is due */
		"SCAN all_of\n", /* one number */
	};

	if (strncmp(step, "SCAN ", 5) != 0 ||
	    strcmp(task, "shift bans in") == 0 || is_wanted(task, step) ||
	    strncmp(step, "SCAN o USING INDEX offense_at\n", 30) == 0 ||
	    strncmp(step, "SCAN o USING COVERING INDEX offense_at\n", 39) == 0)
		return false;
	for (size_t i = 0; i < sizeof(few) / sizeof(few[0]); i++)
		if (strncmp(step, few[i], strlen(few[i])) == 0)
			return false;
	return true;
}

struct plan_row {
	const char *title;
	const char *task;
	const char *steps;
};

/* What is asked each second, or for each failure. */
static const struct plan_row plan_rows[] = {
	{"the failures of one address are found in an index",
	 "count failures in",
	 "SEARCH failure USING INDEX failure_host (lo>? AND lo<?)\n"},
	{"the latest failures are the end of the table",
	 "read the latest failures in",
	 "SEARCH failure USING INTEGER PRIMARY KEY (rowid>?)\n"},
	{"failures in an outage are those of a time", "excuse failures in",
	 "SEARCH failure USING INDEX failure_age (jail=? AND at>?)\n"},
	{"a breach that goes on is found at once", "count a breach in",
	 "SEARCH breach USING COVERING INDEX breach_who"
	 " (jail=? AND user=? AND host=? AND last>?)\n"},
	{"the outage that lasts is found at once", "end an outage in",
	 "SEARCH outage USING INDEX outage_open (jail=? AND closed=?)\n"},
	{"the last login of all is one row", "read the last login in",
	 "SEARCH jail USING INTEGER PRIMARY KEY (rowid=?)\n"},
	{"the row of the hour is found in an index", "fold a late failure in",
	 "SEARCH failure USING INTEGER PRIMARY KEY (rowid=?)\n"
	 "SCALAR SUBQUERY 1\n"
	 "SEARCH failure USING COVERING INDEX failure_folded"
	 " (address=? AND jail=? AND verdict=? AND at>? AND at<?)\n"},
	{"the history is read in an index and a few rows",
	 "read the history in",
	 "SEARCH offense USING COVERING INDEX offense_history"
	 " (address=? AND jail=?)\n"
	 "SCALAR SUBQUERY 1\n"
	 "SEARCH offense USING INDEX offense_history (address=? AND jail=?)\n"
	 "USE TEMP B-TREE FOR ORDER BY\n"},
	{"the ban that runs is found at once", "supersede a ban in",
	 "SEARCH offense USING INDEX offense_open (address=? AND jail=?)\n"},
	{"addresses that are banned are read in their order",
	 "read the banned addresses in",
	 "SEARCH offense USING INDEX offense_open (address>?)\n"},
	{"so is the one that ends next", "look for the next end in",
	 "SEARCH offense USING INDEX offense_until (jail=? AND until>?)\n"},
	{"nothing to report costs nothing",
	 "look for what is to be reported in",
	 "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)\n"
	 "SEARCH o USING INDEX offense_untold (jail=?)\n"
	 "CORRELATED SCALAR SUBQUERY 1\n"
	 "SEARCH s USING PRIMARY KEY (jail=? AND name=?)\n"
	 "SEARCH e USING PRIMARY KEY (set_name=? AND address=?)\n"},
	{"failures are added up from the first of that time on",
	 "add up the failures in",
	 "SEARCH failure USING INTEGER PRIMARY KEY (rowid>?)\n"
	 "SCALAR SUBQUERY 2\n"
	 "SEARCH failure USING COVERING INDEX failure_age (jail=? AND at>?)\n"},
	{"so are bans", "add up the bans in",
	 "SEARCH offense USING INTEGER PRIMARY KEY (rowid>?)\n"
	 "SCALAR SUBQUERY 2\n"
	 "SEARCH offense USING COVERING INDEX offense_at (at>?)\n"},
	{"of the running bans no others are read", "count the running bans in",
	 "SEARCH offense USING INDEX offense_until (jail=?)\n"},
	{"how an address stands is found at once",
	 "look for the bans of an address in",
	 "SEARCH offense USING INDEX offense_range (lo>? AND lo<?)\n"},
	{"so is who logs in", "look for the logins of a user in",
	 "SEARCH login USING COVERING INDEX login_user (user=?)\n"},
	{"what is held too long is an index",
	 "look for entries to be removed in",
	 "SEARCH entry USING INDEX entry_excess"
	 " (set_name=? AND (held,address)>(?,?) AND held<?)\n"},
	{"what is held too short is an index",
	 "look for entries to be renewed in",
	 "SEARCH entry USING INDEX entry_short"
	 " (set_name=? AND (held,address)>(?,?) AND held<?)\n"},
	{"what is absent is an index, in its order",
	 "look for entries to be added in",
	 "MERGE (UNION ALL)\n"
	 "LEFT\n"
	 "SEARCH entry USING INDEX entry_absent"
	 " (set_name=? AND (strike,since,address)<(?,?,?))\n"
	 "RIGHT\n"
	 "SEARCH entry USING INDEX entry_short (set_name=? AND held<?)\n"
	 "USE TEMP B-TREE FOR ORDER BY\n"},
	{"so is what yields first", "look for the weakest entries in",
	 "SEARCH entry USING INDEX entry_weakest (set_name=?)\n"},
	{"the next renewal is the first of an index",
	 "look for the next renewal in",
	 "SEARCH entry USING INDEX entry_short (set_name=? AND held>?)\n"},
	{"entries are read piece by piece", "read the entries in",
	 "SEARCH entry USING PRIMARY KEY (set_name=? AND address>?)\n"},
	{"entries are counted in one set", "count entries in",
	 "SEARCH entry USING PRIMARY KEY (set_name=?)\n"},
	{"absent entries are counted by what is absent",
	 "count entries to be added in",
	 "SEARCH entry USING INDEX entry_absent (set_name=?)\n"
	 "SCALAR SUBQUERY 2\n"
	 "SEARCH entry USING INDEX entry_short (set_name=? AND held<?)\n"},
	{"a total is found at once", "add to a total in",
	 "SCALAR SUBQUERY 1\n"
	 "SEARCH total USING PRIMARY KEY"
	 " (jail=? AND name=? AND word=? AND strike=?)\n"},
	{"the bans of an address are found at once",
	 "bring an entry up to date in",
	 "CO-ROUTINE a\n"
	 "SCAN CONSTANT ROW\n"
	 "SCAN a\n"
	 "SEARCH o USING INDEX offense_history (address=? AND jail=?)"
	 " LEFT-JOIN\n"
	 "LIST SUBQUERY 2\n"
	 "SEARCH setting USING COVERING INDEX setting_set (value=?)\n"
	 "USE TEMP B-TREE FOR GROUP BY\n"},
	{"when a mail is due is the first of an index",
	 "look for what is to be told in",
	 "SEARCH outbox USING INDEX outbox_due (jail=?)\n"},
	{"what nobody takes is found by when it was due", "forget notices in",
	 "SEARCH outbox USING INDEX outbox_due (jail=? AND due<?)\n"},
	{"the mails of a time are an index", "count the mails in",
	 "SEARCH outbox USING COVERING INDEX outbox_sent"
	 " (jail=? AND sent>? AND sent<?)\n"},
	{"the failures of a time are summed up in an index",
	 "sum up the failures in",
	 "SEARCH failure USING COVERING INDEX failure_age"
	 " (jail=? AND at>? AND at<?)\n"},
	{"accounts are those of the latest failures", "sum up the accounts in",
	 "SEARCH failure USING INDEX failure_age (jail=? AND at>? AND at<?)\n"},
	{"what an address tried is found in an index",
	 "sum up the accounts of an address in",
	 "SEARCH failure USING INDEX failure_host (lo>? AND lo<?)\n"},
	{"the bans of a time are found in an index", "sum up the bans in",
	 "SEARCH offense USING INDEX offense_at (at>? AND at<?)\n"},
	{"bans that run are found in an index", "sum up the bans that run in",
	 "SEARCH offense USING INDEX offense_until (jail=?)\n"},
	{"running bans are read in the order of the table",
	 "read running bans in",
	 "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)\n"
	 "LIST SUBQUERY 3\n"
	 "SEARCH o USING INDEX offense_until (jail=?)\n"},
	{"pending bans are found by what is absent", "count in",
	 "SEARCH e USING INDEX entry_absent (set_name=?)\n"
	 "SEARCH o USING INDEX offense_open (address=? AND jail=?)\n"},
	{"and by what ran out before it was renewed", "count in",
	 "SEARCH e USING INDEX entry_short (set_name=? AND held<?)\n"
	 "SEARCH o USING INDEX offense_open (address=? AND jail=?)\n"},
};

static struct store *use_all(void)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	use_jails(s, jail);
	use_history(s, jail);
	use_logins(s, jail);
	use_entries(s, jail);
	use_outbox(s, jail);
	use_digest(s, jail);
	return s;
}

static void plan_test(void **state)
{
	const struct plan_row *r = *state;
	struct store *s = use_all();
	char plan[4096];
	size_t seen = 0;

	for (size_t i = 0; i < s->statements; i++) {
		const struct query *q = s->statement[i].query;

		if (strcmp(q->task, r->task) != 0)
			continue;
		read_plan(s, q->sql, plan, sizeof(plan));
		/* Of the largest only a part is given. */
		if (strstr(plan, r->steps) == NULL)
			fail_msg("to %s '...':\n%s", q->task, plan);
		seen++;
	}
	assert_int_equal(seen, 1);
	store_close(s);
}

static void scan_test(void **state)
{
	struct store *s = use_all();
	char plan[4096];

	(void)state;
	/* All that there are: who adds a query uses it above. */
	assert_int_equal(s->statements, 153);
	for (size_t i = 0; i < s->statements; i++) {
		const struct query *q = s->statement[i].query;

		read_plan(s, q->sql, plan, sizeof(plan));
		for (const char *step = plan; *step != '\0';
		     step = strchr(step, '\n') + 1)
			if (is_slow(q->task, step))
				fail_msg("to %s '...': %.*s", q->task,
					 (int)strcspn(step, "\n"), step);
	}
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[48];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, plan_rows, plan_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(scan_test);
	return _cmocka_run_group_tests("store_plan", tests, n, NULL, NULL);
}
