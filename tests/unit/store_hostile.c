/* store: a database that somebody edited who means harm. No answer takes for
 * ever, and no number that comes out of it overflows. */
#include "storekit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/failure.h"
#include "saslban/filter_stats.h"
#include "saslban/hostname.h"
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/stats.h"
#include "store/connection.h"
#include "store/query.h"

#define PATH (KIT_DIR + 32)

static void sql_in(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
}

static void sql(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql_in(db, text);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A directory with a database of ours, closed. */
static void make(char dir[KIT_DIR], char path[PATH])
{
	struct store *s;
	int64_t jail;

	snprintf(path, PATH, "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	jail = kit_jail(s, "sasl", "saslban");
	kit_failure(s, jail, "192.0.2.1", NOW, 1);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	store_close(s);
}

/* ---- what stands in the place of a table ---- */

#define ENDLESS                  \
	"WITH RECURSIVE n(i) AS" \
	" (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "

struct place_row {
	const char *title;
	const char *sql;
};

static const struct place_row place_rows[] = {
	{"an endless view in the place of the jails",
	 "ALTER TABLE jail RENAME TO other; CREATE VIEW jail AS " ENDLESS
	 "i AS id, 'a' AS name, 0 AS seen FROM n"},
	{"an endless view in the place of the settings",
	 "ALTER TABLE setting RENAME TO other; CREATE VIEW setting AS " ENDLESS
	 "1 AS jail, 'set' AS name, i AS ordinal, 'x' AS value FROM n"},
	{"an endless view in the place of the failures",
	 "ALTER TABLE failure RENAME TO other; CREATE VIEW failure AS " ENDLESS
	 "1 AS jail, 1 AS count, i AS at, 'old' AS verdict FROM n"},
	{"an endless view in the place of the offenses",
	 "DROP VIEW ban; ALTER TABLE offense RENAME TO other;"
	 "CREATE VIEW offense AS " ENDLESS "i AS id FROM n"},
	{"an endless view in the place of the entries",
	 "ALTER TABLE entry RENAME TO other; CREATE VIEW entry AS " ENDLESS
	 "'saslban4' AS set_name, i AS held FROM n"},
	{"an endless view in the place of the filters",
	 "ALTER TABLE filter RENAME TO other; CREATE VIEW filter AS " ENDLESS
	 "i AS id FROM n"},
	{"an endless view in the place of the rules",
	 "ALTER TABLE rule RENAME TO other; CREATE VIEW rule AS " ENDLESS
	 "i AS id FROM n"},
	{"an endless view in the place of the host names",
	 "DROP TABLE hostname; CREATE VIEW hostname AS " ENDLESS
	 "'a' AS name, '192.0.2.1' AS address, i AS at FROM n"},
	{"a virtual table in the place of the host names",
	 "DROP TABLE hostname;"
	 "CREATE VIRTUAL TABLE hostname USING fts5(name, address, at)"},
	{"no table at all", "DROP TABLE hostname"},
};

static void place_test(void **state)
{
	const struct place_row *r = *state;
	char dir[KIT_DIR], path[PATH];

	make(dir, path);
	sql(path, r->sql);
	for (int mode = STORE_READ; mode <= STORE_CREATE; mode++) {
		struct fault why = {FAULT_NONE, ""};
		struct store *s = NULL;

		assert_int_equal(store_open(&s, path, mode, &why), -1);
		assert_null(s);
		if (why.kind != FAULT_FOREIGN)
			fail_msg("%s", why.text);
		assert_non_null(strstr(why.text, "is not the table"));
	}
	kit_remove(dir);
}

/* SQLite itself sees that the two do not fit. */
static void forged_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct fault why = {FAULT_NONE, ""};
	struct store *s = NULL;

	(void)state;
	make(dir, path);
	sql(path, place_rows[7].sql);
	sql(path, "PRAGMA writable_schema = ON;"
		  "UPDATE sqlite_schema SET type = 'table', rootpage = 2"
		  " WHERE name = 'hostname'");
	assert_int_equal(store_open(&s, path, STORE_WRITE, &why), -1);
	assert_int_equal(why.kind, FAULT_DAMAGED);
	assert_non_null(strstr(why.text, "it is damaged"));
	kit_remove(dir);
}

static int see_name(void *context, const char *name, const struct address *a,
		    int64_t at)
{
	(void)name;
	(void)a;
	(void)at;
	++*(size_t *)context;
	return 0;
}

/* It was a table when we looked. No view is read, whether it ends or not. */
static void swapped_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct fault why = {FAULT_NONE, ""};
	struct store *s;
	size_t n = 0;

	(void)state;
	make(dir, path);
	s = kit_open(path, STORE_WRITE);
	assert_int_equal(hostname_each(s, see_name, &n, NULL), 0);
	sql(path, "DROP TABLE hostname; CREATE VIEW hostname AS"
		  " SELECT 'a' AS name, '192.0.2.1' AS address, 1 AS at");
	assert_int_equal(hostname_each(s, see_name, &n, &why), -1);
	assert_int_equal(n, 0);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "prohibited"));
	store_close(s);
	kit_remove(dir);
}

/* ---- what is run when we write ---- */

static void trigger_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct address a = kit_address("192.0.2.1");
	struct store *s;
	int64_t sum;

	(void)state;
	make(dir, path);
	sql(path, "CREATE VIEW endless AS " ENDLESS "i FROM n;"
		  "CREATE TRIGGER one AFTER INSERT ON failure BEGIN"
		  " SELECT count(*) FROM endless; END;"
		  "CREATE TRIGGER two BEFORE UPDATE ON entry BEGIN"
		  " DELETE FROM offense; END");
	s = kit_open(path, STORE_WRITE);
	kit_failure(s, 1, "192.0.2.1", NOW, 1);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	assert_int_equal(failure_sum(s, 1, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 2);
	assert_int_equal(kit_offense(s, 1).held, NOW + 90);
	store_close(s);
	kit_remove(dir);
}

/* ---- what takes too long all the same ---- */

static const struct query count_query = {"count without an end in", false,
					 ENDLESS "count(*) FROM n"};

static const struct query rows_query = {"read without an end in", false,
					ENDLESS "i FROM n"};

static void one_step_test(void **state)
{
	struct store *s = kit_memory();
	struct fault why = {FAULT_NONE, ""};
	int64_t n;

	(void)state;
	s->budget = 3;
	assert_int_equal(query_number(s, &count_query, &why, &n, NO_VALUES),
			 -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "takes too long"));
	/* That was it: the store works on, in a transaction, too. */
	kit_jail(s, "sasl", "saslban");
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(query_number(s, &count_query, NULL, &n, NO_VALUES),
			 -1);
	store_rollback(s);
	kit_jail(s, "rbl", "saslban");
	store_close(s);
}

/* Each row comes at once, and there are more and more; whoever reads them asks
 * for other things meanwhile. */
static void row_by_row_test(void **state)
{
	struct store *s = kit_memory();
	struct fault why = {FAULT_NONE, ""};
	struct statement *st;
	int64_t n;
	int more;

	(void)state;
	s->budget = 3;
	st = query_begin(s, &rows_query, &why, NO_VALUES);
	assert_non_null(st);
	while ((more = query_next(st, &why)) > 0)
		if (column_int(st, 0) % 1000 == 0)
			assert_int_equal(store_version(s, &n, NULL), 0);
	assert_int_equal(more, -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "takes too long"));
	store_close(s);
}

/* A statement that is used for years does not use up anything. */
static void often_test(void **state)
{
	struct store *s = kit_memory();
	int64_t n;

	(void)state;
	s->budget = 0;
	for (int i = 0; i < 300000; i++)
		if (store_version(s, &n, NULL) < 0)
			fail_msg("after %d times", i);
	store_close(s);
}

/* ---- numbers ---- */

#define MAX "9223372036854775807"
#define NEARLY "9223372036854775806"
#define MIN "(-9223372036854775807 - 1)"

/* An offense, as it is edited and as it is read. */
struct offense_row {
	const char *title;
	const char *set;
	struct offense expected; /* strike, at, until, failures, late, held,
				  * ended, lifted */
};

#define OFFENSE_DROPPED(packets, bytes, strike, at, until, failures, late,   \
			ended, lifted)                                       \
	{                                                                    \
		0, 0, "", {0}, strike, at, until, failures, late, "", false, \
			0, ended, lifted, "", "", false, GROUND_COUNT,       \
		{                                                            \
			packets, bytes                                       \
		}                                                            \
	}
#define OFFENSE(...) OFFENSE_DROPPED(0, 0, __VA_ARGS__)

static const struct offense_row offense_rows[] = {
	{"as it was", "at = at", OFFENSE(1, NOW, NOW + 90, 3, 0, 0, 0)},
	{"before all times",
	 "at = " MIN ", until = " MIN ", ended = " MIN ", lifted = " MIN,
	 OFFENSE(1, 0, 0, 3, 0, 0, 0)},
	{"behind all times",
	 "at = " NEARLY ", until = " NEARLY ", ended = " NEARLY
	 ", lifted = " NEARLY,
	 OFFENSE(1, STORE_LAST, FOREVER, 3, 0, STORE_LAST, STORE_LAST)},
	{"the last second that there is",
	 "at = 253402300799, until = 253402300799",
	 OFFENSE(1, STORE_LAST, STORE_LAST, 3, 0, 0, 0)},
	{"and the one behind it", "at = 253402300800, until = 253402300800",
	 OFFENSE(1, STORE_LAST, FOREVER, 3, 0, 0, 0)},
	{"strikes beyond counting", "strike = " MAX,
	 OFFENSE(STORE_STRIKES, NOW, NOW + 90, 3, 0, 0, 0)},
	{"2^32 strikes", "strike = 4294967296",
	 OFFENSE(STORE_STRIKES, NOW, NOW + 90, 3, 0, 0, 0)},
	{"fewer strikes than none", "strike = " MIN,
	 OFFENSE(0, NOW, NOW + 90, 3, 0, 0, 0)},
	{"counts beyond counting", "failures = " MAX ", late = " MAX,
	 OFFENSE(1, NOW, NOW + 90, COLUMN_COUNT, COLUMN_COUNT, 0, 0)},
	{"more dropped than anybody could", "packets = " MAX ", bytes = " MAX,
	 OFFENSE_DROPPED(COLUMN_COUNT, COLUMN_COUNT, 1, NOW, NOW + 90, 3, 0, 0,
			 0)},
	{"less than nothing", "packets = -1, bytes = " MIN,
	 OFFENSE_DROPPED(0, 0, 1, NOW, NOW + 90, 3, 0, 0, 0)},
	{"counts below nothing", "failures = -1, late = " MIN,
	 OFFENSE(1, NOW, NOW + 90, 0, 0, 0, 0)},
};

/* A store with one ban, edited. */
static struct store *edit(char dir[KIT_DIR], const char *text)
{
	char path[PATH];
	sqlite3 *db;

	make(dir, path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql_in(db, "PRAGMA ignore_check_constraints = ON");
	sql_in(db, text);
	sqlite3_close(db);
	return kit_open(path, STORE_WRITE);
}

static void offense_test(void **state)
{
	const struct offense_row *r = *state;
	const struct offense *expected = &r->expected;
	const struct dropped most = {COLUMN_COUNT, COLUMN_COUNT};
	struct address a = kit_address("192.0.2.1");
	char dir[KIT_DIR], text[512];
	struct offense o;
	struct history h;
	struct store *s;

	snprintf(text, sizeof(text), "UPDATE offense SET %s", r->set);
	s = edit(dir, text);
	o = kit_offense(s, 1);
	assert_int_equal(o.strike, expected->strike);
	assert_true(o.at == expected->at);
	assert_true(o.until == expected->until);
	assert_true(o.failures == expected->failures);
	assert_true(o.late == expected->late);
	assert_true(o.dropped.packets == expected->dropped.packets);
	assert_true(o.dropped.bytes == expected->dropped.bytes);
	assert_true(o.ended == expected->ended);
	assert_true(o.lifted == expected->lifted);
	assert_int_equal(offense_history(s, 1, &a, false, NOW, &h, NULL), 0);
	assert_in_range(h.strikes, 0, STORE_STRIKES);
	assert_true(h.last_end >= 0);
	assert_true(h.last_end <= STORE_LAST || h.last_end == FOREVER);
	/* Whatever it was: time goes on, and it can be written to. */
	WRITE(s, offense_late(s, 1, &a, 5, &write_why));
	WRITE(s, dropped_note(s, "saslban4", &a, &most, &most, &write_why));
	WRITE(s, store_shift(s, 1, NOW + 1000, 1000, &write_why));
	WRITE(s, store_shift(s, 1, NOW, -1000, &write_why));
	WRITE(s, store_shift(s, 1, NOW, -STORE_LAST, &write_why));
	WRITE(s, offense_expire(s, 1, NOW, 9, NULL, NULL, &write_why));
	kit_lift(s, 0, "192.0.2.1", NOW);
	kit_ban(s, 1, "192.0.2.1", NOW, NOW + 90);
	ENTRY(s, "saslban4", "192.0.2.1", "+90/-");
	store_close(s);
	kit_remove(dir);
}

struct entry_row {
	const char *title;
	const char *set;
	const char *expected;
	unsigned strike;
	int64_t since;
};

static const struct entry_row entry_rows[] = {
	{"before all times",
	 "wanted = " MIN ", held = " MIN ", strike = " MIN ", since = " MIN,
	 "-/-", 0, 0},
	{"behind all times",
	 "wanted = " NEARLY ", held = " NEARLY ", strike = " MAX
	 ", since = " NEARLY,
	 "forever/forever", STORE_STRIKES, STORE_LAST},
	{"counters beyond counting, and below nothing",
	 "packets = " MAX ", bytes = " MIN, "+90/-", 1, NOW},
	{"one second before the first", "wanted = -1, held = -1", "-/-", 1,
	 NOW},
};

static void entry_test(void **state)
{
	const struct entry_row *r = *state;
	struct address a = kit_address("192.0.2.1");
	char dir[KIT_DIR], text[512];
	struct entry e[2];
	struct store *s;
	int64_t when;
	bool found;
	size_t n;

	snprintf(text, sizeof(text), "UPDATE entry SET %s", r->set);
	s = edit(dir, text);
	ENTRY(s, "saslban4", "192.0.2.1", r->expected);
	assert_int_equal(entry_get(s, "saslban4", &a, e, &found, NULL), 0);
	assert_int_equal(e->strike, r->strike);
	assert_true(e->since == r->since);
	assert_in_range(e->counted.packets, 0, COLUMN_COUNT);
	assert_in_range(e->counted.bytes, 0, COLUMN_COUNT);
	for (int which = ENTRY_EXCESS; which <= ENTRY_ABSENT; which++)
		assert_int_equal(entry_due(s, "saslban4", which, NOW, FOREVER,
					   NULL, e, 2, &n, NULL),
				 0);
	assert_int_equal(entry_next_short(s, "saslban4", NOW, &when, NULL), 0);
	assert_true(when >= 0);
	WRITE(s, store_shift(s, 1, NOW + 1000, 1000, &write_why));
	WRITE(s, entry_held(s, "saslban4", &a, NOW + 90, &write_why));
	kit_ban(s, 1, "192.0.2.1", NOW, FOREVER);
	ENTRY(s, "saslban4", "192.0.2.1", "forever/+90");
	store_close(s);
	kit_remove(dir);
}

static int copy_failure(void *context, const struct failure *f)
{
	*(struct failure *)context = *f;
	return 0;
}

static void failure_test(void **state)
{
	struct address a = kit_address("192.0.2.1");
	struct failure f = {.jail = 1,
			    .host = a,
			    .address = a,
			    .at = NOW,
			    .count = 5,
			    .verdict = VERDICT_LATE};
	struct jail_totals t;
	char dir[KIT_DIR];
	struct failure back;
	struct store *s;
	int64_t sum;

	(void)state;
	s = edit(dir,
		 "UPDATE failure SET count = " MAX ";"
		 "INSERT INTO failure (jail, host, address, at, count, lo)"
		 " SELECT jail, host, address, at, " MAX ", lo FROM failure;"
		 "INSERT INTO failure (jail, host, address, at, count, lo)"
		 " SELECT jail, host, address, " NEARLY ", 1, lo FROM failure;"
		 "INSERT INTO failure (jail, host, address, at, count, verdict,"
		 "  lo)"
		 " VALUES (1, '192.0.2.1', '192.0.2.1', 1700000000, " MAX ","
		 "  'late', x'04c0000201');"
		 "INSERT INTO failure (jail, host, address, at, count, lo)"
		 " VALUES (1, '192.0.2.1', '192.0.2.1', 1, " MIN ","
		 "  x'04c0000201')");
	/* As many as fit, of each row. */
	assert_int_equal(failure_sum(s, 1, &a, 0, &sum, NULL), 0);
	assert_true(sum == 2 * (int64_t)UINT32_MAX + 2);
	WRITE(s, failure_add(s, &f, &write_why));
	assert_int_equal(failure_each(s, &a, 0, copy_failure, &back, NULL), 0);
	assert_int_equal(jail_totals(s, 0, NOW, 0, &t, NULL), 0);
	assert_true(t.failures >= sum);
	/* What lies behind all times gets into the past. */
	WRITE(s, store_shift(s, 1, NOW, -10, &write_why));
	assert_int_equal(failure_sum(s, 1, &a, NOW + 1, &sum, NULL), 0);
	assert_int_equal(sum, 0);
	store_close(s);
	kit_remove(dir);
}

static int copy_filter(void *context, const struct filter_stats *f)
{
	*(struct filter_stats *)context = *f;
	return 0;
}

static int see_rule(void *context, const struct rule_stats *r)
{
	assert_true(r->hits == COLUMN_COUNT && r->overruns == COLUMN_COUNT);
	assert_true(r->first == 0 && r->last == STORE_LAST);
	++*(size_t *)context;
	return 0;
}

static void stats_test(void **state)
{
	struct filter_stats f;
	char dir[KIT_DIR];
	struct store *s;
	size_t n = 0;

	(void)state;
	s = edit(dir,
		 "INSERT INTO filter (jail, name, lines, unmatched,"
		 " unmatched_since_match, overruns, first, last, matched, "
		 "warned)"
		 " VALUES (1, 'postfix', " MAX ", " MAX ", " MAX ", " MAX ","
		 " " MIN ", " MAX ", " NEARLY ", -1);"
		 "INSERT INTO rule (jail, filter, name, kind, regex, hits,"
		 " overruns, first, last) VALUES (1, 'postfix', 'postfix:1',"
		 " 'failure', '^a$', " MAX ", " MAX ", " MIN ", " MAX ")");
	kit_stats(s, 1, "postfix", 5);
	assert_int_equal(stats_filter_each(s, 0, copy_filter, &f, NULL), 0);
	assert_true(f.lines == COLUMN_COUNT);
	assert_true(f.unmatched == COLUMN_COUNT);
	assert_true(f.unmatched_since_match == COLUMN_COUNT);
	assert_true(f.overruns == COLUMN_COUNT);
	assert_true(f.first == 0);
	assert_true(f.last == NOW);
	assert_true(f.matched == STORE_LAST);
	assert_true(f.warned == 0);
	WRITE(s, store_shift(s, 1, NOW, 1000, &write_why));
	WRITE(s, store_shift(s, 1, NOW, -1000, &write_why));
	store_close(s);
	kit_remove(dir);
	/* A rule that is not counted stays as it is. */
	s = edit(dir,
		 "INSERT INTO rule (jail, filter, name, kind, regex, hits,"
		 " overruns, first, last) VALUES (1, 'postfix', 'postfix:1',"
		 " 'failure', '^a$', " MAX ", " MAX ", " MIN ", " MAX ")");
	assert_int_equal(stats_rule_each(s, 0, see_rule, &n, NULL), 0);
	assert_int_equal(n, 1);
	store_close(s);
	kit_remove(dir);
}

static int copy_seen(void *context, const struct jail *jail)
{
	*(int64_t *)context = jail->seen;
	return 0;
}

struct seen_row {
	const char *title;
	const char *set;
	int64_t expected;
};

static const struct seen_row seen_rows[] = {
	{"a jail that was seen before all times", "seen = " MIN, 0},
	{"a jail that was seen behind all times", "seen = " MAX, STORE_LAST},
};

static void seen_test(void **state)
{
	const struct seen_row *r = *state;
	char dir[KIT_DIR], text[128];
	struct store *s;
	int64_t seen;

	snprintf(text, sizeof(text), "UPDATE jail SET %s", r->set);
	s = edit(dir, text);
	assert_int_equal(jail_seen(s, 1, &seen, NULL), 0);
	assert_true(seen == r->expected);
	assert_int_equal(jail_each(s, copy_seen, &seen, NULL), 0);
	assert_true(seen == r->expected);
	store_close(s);
	kit_remove(dir);
}

/* Text that is no address is passed over, and does not stop what runs. */
static void no_address_test(void **state)
{
	struct kit_seen seen = {"", 0, 0};
	struct offense_query all = {.jail = 0};
	char dir[KIT_DIR];
	struct entry e[2];
	struct store *s;
	size_t n;

	(void)state;
	s = edit(dir, "UPDATE offense SET address = 'localhost';"
		      "UPDATE failure SET address = '1.2.3';"
		      "UPDATE entry SET address = char(27);"
		      "INSERT INTO hostname VALUES ('a', 'b', 1)");
	assert_int_equal(offense_each(s, &all, kit_see_offense, &seen, NULL),
			 0);
	assert_string_equal(seen.text, "");
	assert_int_equal(entry_due(s, "saslban4", ENTRY_ABSENT, NOW, NOW, NULL,
				   e, 2, &n, NULL),
			 0);
	assert_int_equal(n, 0);
	WRITE(s, offense_expire(s, 1, NOW + 90, 9, kit_see_offense, &seen,
				&write_why));
	assert_string_equal(seen.text, "");
	n = 0;
	assert_int_equal(hostname_each(s, see_name, &n, NULL), 0);
	assert_int_equal(n, 0);
	store_close(s);
	kit_remove(dir);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(forged_test),
		cmocka_unit_test(swapped_test),
		cmocka_unit_test(trigger_test),
		cmocka_unit_test(one_step_test),
		cmocka_unit_test(row_by_row_test),
		cmocka_unit_test(often_test),
		cmocka_unit_test(failure_test),
		cmocka_unit_test(stats_test),
		cmocka_unit_test(no_address_test),
	};
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, place_rows, place_test);
	ROWS(tests, n, offense_rows, offense_test);
	ROWS(tests, n, entry_rows, entry_test);
	ROWS(tests, n, seen_rows, seen_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("store_hostile", tests, n, NULL, NULL);
}
