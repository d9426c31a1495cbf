/* store: databases of older versions. What is in them is all there afterwards,
 * and the tables are those of a new one. */
#include "storekit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/failure.h"
#include "saslban/filter_stats.h"
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/stats.h"
#include "store/connection.h"
#include "store/schema.h"

#define PATH (KIT_DIR + 32)

/* ---- the tables as they were ---- */

/* clang-format off */

/* Copies: the steps of the source must not differ from them any more. */
static const char version_1[] =
	"PRAGMA auto_vacuum = INCREMENTAL;"
	"CREATE TABLE jail ("
	"  id         INTEGER PRIMARY KEY,"
	"  name       TEXT NOT NULL UNIQUE,"
	"  configured INTEGER NOT NULL,"
	"  seen       INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE TABLE setting ("
	"  jail    INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  name    TEXT NOT NULL,"
	"  ordinal INTEGER NOT NULL,"
	"  value   TEXT NOT NULL,"
	"  PRIMARY KEY (jail, name, ordinal)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX setting_set ON setting(value, jail) WHERE name = 'set';"
	"CREATE TABLE failure ("
	"  id      INTEGER PRIMARY KEY,"
	"  jail    INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  host    TEXT NOT NULL,"
	"  address TEXT NOT NULL,"
	"  user    TEXT NOT NULL DEFAULT '',"
	"  service TEXT NOT NULL DEFAULT '',"
	"  mech    TEXT NOT NULL DEFAULT '',"
	"  rule    TEXT NOT NULL DEFAULT '',"
	"  at      INTEGER NOT NULL,"
	"  count   INTEGER NOT NULL DEFAULT 1 CHECK (count > 0),"
	"  late    INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),"
	"  lo      BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX failure_counted"
	"  ON failure(address, jail, late, at, count);"
	"CREATE INDEX failure_host ON failure(lo, at);"
	"CREATE INDEX failure_age ON failure(jail, at, count);"
	"CREATE TABLE offense ("
	"  id         INTEGER PRIMARY KEY,"
	"  jail       INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  address    TEXT NOT NULL,"
	"  strike     INTEGER NOT NULL CHECK (strike > 0),"
	"  at         INTEGER NOT NULL,"
	"  until      INTEGER,"
	"  failures   INTEGER NOT NULL DEFAULT 0,"
	"  late       INTEGER NOT NULL DEFAULT 0,"
	"  why        TEXT NOT NULL DEFAULT '',"
	"  observed   INTEGER NOT NULL DEFAULT 0 CHECK (observed IN (0, 1)),"
	"  enforced   INTEGER NOT NULL DEFAULT 0,"
	"  ended      INTEGER,"
	"  lifted     INTEGER,"
	"  lifted_by  TEXT NOT NULL DEFAULT '',"
	"  lifted_why TEXT NOT NULL DEFAULT '',"
	"  lo         BLOB NOT NULL,"
	"  hi         BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX offense_history"
	"  ON offense(address, jail, until, ended, lifted);"
	"CREATE INDEX offense_range ON offense(lo);"
	"CREATE INDEX offense_at ON offense(at, jail);"
	"CREATE UNIQUE INDEX offense_open ON offense(address, jail)"
	"  WHERE ended IS NULL AND lifted IS NULL;"
	"CREATE INDEX offense_until"
	"  ON offense(jail, until) WHERE ended IS NULL AND lifted IS NULL;"
	"CREATE INDEX offense_pending"
	"  ON offense(jail, enforced) WHERE ended IS NULL AND lifted IS NULL"
	" AND observed = 0 AND (until IS NULL OR enforced < until);"
	"CREATE INDEX offense_cut_short"
	"  ON offense(jail, enforced, lifted) WHERE (lifted IS NOT NULL OR"
	" (ended IS NOT NULL AND ended IS NOT until));"
	"CREATE VIEW ban AS"
	"  SELECT j.name AS jail, o.address, o.strike,"
	"    datetime(o.at, 'unixepoch', 'localtime') AS since,"
	"    coalesce(datetime(o.until, 'unixepoch', 'localtime'), 'forever')"
	"      AS until,"
	"    o.failures, o.late, o.why, o.observed"
	"  FROM offense o JOIN jail j ON j.id = o.jail"
	"  WHERE o.ended IS NULL AND o.lifted IS NULL"
	" AND (o.until IS NULL OR o.until > unixepoch());";

static const char version_2[] =
	"CREATE TABLE source ("
	"  id        INTEGER PRIMARY KEY,"
	"  jail      INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  filter    TEXT NOT NULL,"
	"  loaded    INTEGER NOT NULL DEFAULT 1 CHECK (loaded IN (0, 1)),"
	"  lines     INTEGER NOT NULL DEFAULT 0,"
	"  telltales INTEGER NOT NULL DEFAULT 0,"
	"  missed    INTEGER NOT NULL DEFAULT 0,"
	"  overruns  INTEGER NOT NULL DEFAULT 0,"
	"  example   TEXT NOT NULL DEFAULT '',"
	"  first     INTEGER,"
	"  last      INTEGER,"
	"  matched   INTEGER,"
	"  warned    INTEGER,"
	"  UNIQUE (jail, filter)"
	") STRICT;"
	"CREATE TABLE rule ("
	"  id       INTEGER PRIMARY KEY,"
	"  jail     INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  filter   TEXT NOT NULL,"
	"  name     TEXT NOT NULL,"
	"  kind     TEXT NOT NULL,"
	"  regex    TEXT NOT NULL,"
	"  loaded   INTEGER NOT NULL DEFAULT 1 CHECK (loaded IN (0, 1)),"
	"  hits     INTEGER NOT NULL DEFAULT 0,"
	"  overruns INTEGER NOT NULL DEFAULT 0,"
	"  first    INTEGER,"
	"  last     INTEGER,"
	"  UNIQUE (jail, filter, name, kind, regex)"
	") STRICT;";

/* clang-format on */

/* ---- a database of version 2 ---- */

static const char stamp_1[] =
	"PRAGMA application_id = 1396851022; PRAGMA user_version = 1";
static const char stamp_3[] =
	"PRAGMA application_id = 1396851022; PRAGMA user_version = 3";
static const char stamp_2[] =
	"PRAGMA application_id = 1396851022; PRAGMA user_version = 2";

/* NOW is 1700000000. Two jails share a set; one has another; and of one the
 * settings were lost. */
static const char jails[] =
	"INSERT INTO jail (id, name, configured, seen) VALUES"
	" (1, 'sasl', 1600000000, 1699999999), (2, 'rbl', 1600000000, 7),"
	" (3, 'web', 1600000000, 0), (4, 'bare', 1600000000, 0);"
	"INSERT INTO setting VALUES (1, 'name', 0, 'sasl'),"
	" (1, 'set', 0, 'saslban'), (2, 'name', 0, 'rbl'),"
	" (2, 'set', 0, 'saslban'), (3, 'name', 0, 'web'),"
	" (3, 'set', 0, 'web'), (4, 'name', 0, 'bare');";

static const char failures[] =
	"INSERT INTO failure (jail, host, address, user, service, mech, rule,"
	"  at, count, late, lo) VALUES"
	" (1, '192.0.2.1', '192.0.2.1', 'bob', 'postfix/smtpd', 'LOGIN',"
	"  'postfix:1', 1699999000, 3, 0, x'04c0000201'),"
	" (1, '192.0.2.1', '192.0.2.1', 'eve', 'dovecot', '',"
	"  'dovecot:2', 1699999901, 1, 1, x'04c0000201'),"
	" (1, '192.0.2.1', '192.0.2.1', 'joe', 'dovecot', '',"
	"  'dovecot:2', 1699999902, 2, 1, x'04c0000201');";

static const char statistics[] =
	"INSERT INTO source (jail, filter, lines, telltales, missed, overruns,"
	"  example, first, last, matched, warned) VALUES"
	" (1, 'postfix', 1000, 50, 30, 2, 'postfix/smtpd: *', 1690000000,"
	"  1699999999, 1695000000, 1699000000);"
	"INSERT INTO rule (jail, filter, name, kind, regex, hits, overruns,"
	"  first, last) VALUES (1, 'postfix', 'postfix:1', 'failure', '^a$',"
	"  42, 1, 1690000000, 1699999999);";

struct old_offense {
	const char *title;
	int64_t jail;
	const char *address;
	unsigned strike;
	int64_t at, until, enforced, ended, lifted;
	bool observed;
};

/* Of one address the bans are told one after the other. */
static const struct old_offense old_offenses[] = {
	{"a ban, held", 1, "192.0.2.1", 2, NOW - 100, NOW + 900, NOW + 900, 0,
	 0, false},
	{"a shorter one of the other jail", 2, "192.0.2.1", 1, NOW - 50,
	 NOW + 90, NOW + 900, 0, 0, false},
	{"32 days, of which the kernel takes 24", 1, "192.0.2.2", 5, NOW - 10,
	 NOW + 2764790, NOW + 2147473, 0, 0, false},
	{"for ever, not held yet", 1, "192.0.2.3", 1, NOW - 10, FOREVER, 0, 0,
	 0, false},
	{"for ever, held", 1, "192.0.2.33", 1, NOW - 10, FOREVER, NOW + 2147473,
	 0, 0, false},
	{"lifted, and still held", 1, "192.0.2.4", 1, NOW - 99, NOW + 900,
	 NOW + 900, 0, NOW - 5, false},
	{"... while the other jail bans it", 2, "192.0.2.4", 3, NOW - 60,
	 NOW + 80, 0, 0, 0, false},
	{"lifted, and still held, with nobody else", 1, "192.0.2.44", 1,
	 NOW - 99, NOW + 700, NOW + 700, 0, NOW - 5, false},
	{"superseded, and still held", 1, "192.0.2.5", 1, NOW - 99, NOW + 900,
	 NOW + 900, NOW - 10, 0, false},
	{"... by a shorter one", 1, "192.0.2.5", 2, NOW - 10, NOW + 50, 0, 0, 0,
	 false},
	{"observed", 1, "192.0.2.6", 1, NOW - 10, NOW + 900, 0, 0, 0, true},
	{"observed, in a shared set, of one that is banned", 2, "192.0.2.2", 9,
	 NOW - 5, FOREVER, 0, 0, 0, true},
	{"another set", 3, "192.0.2.1", 1, NOW - 10, NOW + 70, NOW + 70, 0, 0,
	 false},
	{"IPv6", 1, "2001:db8::/64", 1, NOW - 10, NOW + 900, NOW + 899, 0, 0,
	 false},
	{"ran out", 1, "192.0.2.7", 1, NOW - 99, NOW - 50, NOW - 50, NOW - 50,
	 0, false},
	{"ran out, before another that runs", 1, "192.0.2.77", 1, NOW - 99,
	 NOW - 50, NOW - 50, NOW - 50, 0, false},
	{"... of the same", 1, "192.0.2.77", 2, NOW - 20, NOW + 300, NOW + 300,
	 0, 0, false},
	{"lifted before it was held", 1, "192.0.2.8", 1, NOW - 99, NOW + 900, 0,
	 0, NOW - 98, false},
	{"of a jail without settings", 4, "192.0.2.9", 1, NOW - 10, NOW + 900,
	 0, 0, 0, false},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
}

static sqlite3 *open_old(const char *path, bool two)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql(db, version_1);
	if (two)
		sql(db, version_2);
	sql(db, two ? stamp_2 : stamp_1);
	return db;
}

/* The number, or NULL where it stands for that. */
static char *or_null(int64_t n, int64_t null, char out[32])
{
	if (n == null)
		return strcpy(out, "NULL");
	snprintf(out, 32, "%lld", (long long)n);
	return out;
}

static void insert(sqlite3 *db, const struct old_offense *o)
{
	char until[32], ended[32], lifted[32], text[1024];

	snprintf(text, sizeof(text),
		 "INSERT INTO offense (jail, address, strike, at, until,"
		 " failures, late, why, observed, enforced, ended, lifted,"
		 " lifted_by, lifted_why, lo, hi) VALUES (%lld, '%s', %u, %lld,"
		 " %s, 3, 4, '%s', %d, %lld, %s, %s, '%s', '%s', x'', x'')",
		 (long long)o->jail, o->address, o->strike, (long long)o->at,
		 or_null(o->until, FOREVER, until), o->title, o->observed,
		 (long long)o->enforced, or_null(o->ended, 0, ended),
		 or_null(o->lifted, 0, lifted), o->lifted ? "alice" : "",
		 o->lifted ? "a mistake" : "");
	sql(db, text);
}

/* A directory with a database of version 2 that has all of the above. */
static void make_old(char dir[KIT_DIR], char path[PATH], const char *more)
{
	sqlite3 *db;

	snprintf(path, PATH, "%s/a.db", kit_dir(dir));
	db = open_old(path, true);
	sql(db, "PRAGMA journal_mode = WAL");
	sql(db, jails);
	sql(db, failures);
	sql(db, statistics);
	for (size_t i = 0; i < COUNT(old_offenses); i++)
		insert(db, &old_offenses[i]);
	sql(db, more);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* ---- what becomes of it ---- */

struct entry_row {
	const char *title;
	const char *set, *address;
	const char *expected; /* wanted and held, in seconds from NOW */
	unsigned strike;
	int64_t since;
};

static const struct entry_row entry_rows[] = {
	{"the longest of two jails, the highest strike, the latest beginning",
	 "saslban4", "192.0.2.1", "+900/+900", 2, NOW - 50},
	{"a long ban is held in part", "saslban4", "192.0.2.2",
	 "+2764790/+2147473", 5, NOW - 10},
	{"a ban for ever that is to be added", "saslban4", "192.0.2.3",
	 "forever/-", 1, NOW - 10},
	{"a ban for ever that is held in part", "saslban4", "192.0.2.33",
	 "forever/+2147473", 1, NOW - 10},
	{"lifted in one jail, wanted by the other for less", "saslban4",
	 "192.0.2.4", "+80/+900", 3, NOW - 60},
	{"lifted, to be removed", "saslban4", "192.0.2.44", "-/+700", 0, 0},
	{"superseded by a shorter one", "saslban4", "192.0.2.5", "+50/+900", 2,
	 NOW - 10},
	{"observed", "saslban4", "192.0.2.6", "none", 0, 0},
	{"another set", "web4", "192.0.2.1", "+70/+70", 1, NOW - 10},
	{"IPv6", "saslban6", "2001:db8::/64", "+900/+899", 1, NOW - 10},
	{"ran out", "saslban4", "192.0.2.7", "none", 0, 0},
	{"ran out and banned anew", "saslban4", "192.0.2.77", "+300/+300", 2,
	 NOW - 20},
	{"lifted before it was held", "saslban4", "192.0.2.8", "none", 0, 0},
	{"of a jail without a set", "saslban4", "192.0.2.9", "none", 0, 0},
};

static void entry_test(void **state)
{
	const struct entry_row *r = *state;
	char dir[KIT_DIR], path[PATH];
	struct address a = kit_address(r->address);
	struct entry e = {.strike = 0};
	struct store *s;
	bool found;

	make_old(dir, path, "");
	s = kit_open(path, STORE_CREATE);
	ENTRY(s, r->set, r->address, r->expected);
	assert_int_equal(entry_get(s, r->set, &a, &e, &found, NULL), 0);
	assert_int_equal(e.strike, r->strike);
	assert_int_equal(e.since, r->since);
	store_close(s);
	kit_remove(dir);
}

static int count_entry(void *context, const struct entry *e)
{
	(void)e;
	++*(size_t *)context;
	return 0;
}

/* There are no others. */
static void entries_test(void **state)
{
	static const char *const set[] = {"saslban4", "saslban6", "web4"};
	char dir[KIT_DIR], path[PATH];
	struct store *s;
	size_t n = 0;

	(void)state;
	make_old(dir, path, "");
	s = kit_open(path, STORE_CREATE);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(
			entry_each(s, set[i], NULL, 0, count_entry, &n, NULL),
			0);
	assert_int_equal(n, 10);
	store_close(s);
	kit_remove(dir);
}

static void offenses_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct store *s;

	(void)state;
	make_old(dir, path, "");
	s = kit_open(path, STORE_CREATE);
	for (size_t i = 0; i < COUNT(old_offenses); i++) {
		const struct old_offense *old = &old_offenses[i];
		struct offense o = kit_offense(s, (int64_t)i + 1);
		char address[ADDRESS_TEXT];

		assert_int_equal(o.jail, old->jail);
		assert_string_equal(address_print(&o.address, address),
				    old->address);
		assert_int_equal(o.strike, old->strike);
		assert_int_equal(o.at, old->at);
		assert_true(o.until == old->until);
		assert_int_equal(o.failures, 3);
		assert_int_equal(o.late, 4);
		assert_string_equal(o.why, old->title);
		assert_int_equal(o.observed, old->observed);
		assert_int_equal(o.ended, old->ended);
		assert_int_equal(o.lifted, old->lifted);
		assert_string_equal(o.lifted_by, old->lifted ? "alice" : "");
		assert_string_equal(o.lifted_why,
				    old->lifted ? "a mistake" : "");
		/* The old engine has reported all of it. */
		assert_true(o.told);
	}
	store_close(s);
	kit_remove(dir);
}

/* What runs on is reported when a person lifts it. */
static void told_test(void **state)
{
	struct kit_seen seen = {"", 0, 0};
	char dir[KIT_DIR], path[PATH];
	struct store *s;

	(void)state;
	make_old(dir, path, "");
	s = kit_open(path, STORE_CREATE);
	kit_lift(s, 1, "192.0.2.1", NOW);
	assert_int_equal(
		offense_untold_each(s, 1, 0, kit_see_offense, &seen, NULL), 0);
	assert_string_equal(seen.text, "192.0.2.1");
	ENTRY(s, "saslban4", "192.0.2.1", "+90/+900");
	store_close(s);
	kit_remove(dir);
}

static int see_failure(void *context, const struct failure *f)
{
	char *text = context;
	size_t end = strlen(text);

	snprintf(text + end, KIT_TEXT - end, "%s %s %s %s %lld %u %s\n",
		 f->user, f->service, f->mech, f->rule,
		 (long long)(f->at - NOW), f->count, verdict_word(f->verdict));
	return 0;
}

static int see_jail(void *context, const struct jail *jail)
{
	char *text = context;
	size_t end = strlen(text);

	snprintf(text + end, KIT_TEXT - end, "%lld %s %s %lld\n",
		 (long long)jail->id, jail->settings.name, jail->settings.set,
		 (long long)jail->seen);
	return 0;
}

static int copy_filter(void *context, const struct filter_stats *f)
{
	*(struct filter_stats *)context = *f;
	return 0;
}

static int see_rule(void *context, const struct rule_stats *r)
{
	char *text = context;

	snprintf(text, KIT_TEXT, "%s %s %s %lld %lld", r->filter, r->name,
		 r->regex, (long long)r->hits, (long long)r->overruns);
	return 0;
}

static void rest_test(void **state)
{
	char dir[KIT_DIR], path[PATH], text[KIT_TEXT] = "";
	struct address a = kit_address("192.0.2.1");
	struct filter_stats f;
	struct store *s;

	(void)state;
	make_old(dir, path, "");
	s = kit_open(path, STORE_CREATE);
	assert_int_equal(failure_each(s, &a, 0, see_failure, text, NULL), 0);
	assert_string_equal(
		text, "joe dovecot  dovecot:2 -98 2 late\n"
		      "eve dovecot  dovecot:2 -99 1 late\n"
		      "bob postfix/smtpd LOGIN postfix:1 -1000 3 counted\n");
	text[0] = '\0';
	assert_int_equal(jail_each(s, see_jail, text, NULL), 0);
	assert_string_equal(text, "4 bare  0\n2 rbl saslban 7\n"
				  "1 sasl saslban 1699999999\n3 web web 0\n");
	assert_int_equal(stats_filter_each(s, 0, copy_filter, &f, NULL), 0);
	assert_int_equal(f.jail, 1);
	assert_string_equal(f.filter, "postfix");
	assert_int_equal(f.lines, 1000);
	assert_int_equal(f.unmatched, 50);
	assert_int_equal(f.unmatched_since_match, 30);
	assert_int_equal(f.overruns, 2);
	assert_string_equal(f.example, "postfix/smtpd: *");
	assert_int_equal(f.first, 1690000000);
	assert_int_equal(f.last, 1699999999);
	assert_int_equal(f.matched, 1695000000);
	assert_int_equal(f.warned, 1699000000);
	assert_int_equal(stats_rule_each(s, 0, see_rule, text, NULL), 0);
	assert_string_equal(text, "postfix postfix:1 ^a$ 42 1");
	store_close(s);
	kit_remove(dir);
}

/* ---- the tables ---- */

/* All of the first column, line by line. */
static char *lines_of(sqlite3 *db, const char *text)
{
	static const size_t size = 65536;
	char *out = calloc(1, size);
	sqlite3_stmt *q;
	size_t end = 0;

	assert_non_null(out);
	if (sqlite3_prepare_v2(db, text, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	while (sqlite3_step(q) == SQLITE_ROW)
		end += (size_t)snprintf(out + end, size - end, "%s\n",
					sqlite3_column_text(q, 0));
	assert_true(end < size);
	sqlite3_finalize(q);
	return out;
}

static char *lines_at(const char *path, const char *text)
{
	sqlite3 *db;
	char *lines;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	lines = lines_of(db, text);
	sqlite3_close(db);
	return lines;
}

static const char schema[] =
	"SELECT type || ' ' || name || ': ' || coalesce(sql, '')"
	" FROM sqlite_schema ORDER BY type, name";

/* The steps to a version that was released are what they were. */
static void steps_test(void **state)
{
	const bool two = *(const bool *)*state;
	sqlite3 *old = open_old(":memory:", two), *now;
	char *expected, *actual;

	assert_int_equal(sqlite3_open(":memory:", &now), SQLITE_OK);
	for (const struct migration *m = migrations; m->sql != NULL; m++)
		if (m->version <= 1 + two)
			sql(now, m->sql);
	expected = lines_of(old, schema);
	actual = lines_of(now, schema);
	assert_string_equal(actual, expected);
	free(expected);
	free(actual);
	sqlite3_close(old);
	sqlite3_close(now);
}

/* Whoever comes from an older version has what a new one has. */
static void same_test(void **state)
{
	char dir[KIT_DIR], old[PATH], fresh[PATH];
	char *expected, *actual;

	(void)state;
	make_old(dir, old, "");
	snprintf(fresh, sizeof(fresh), "%s/b.db", dir);
	store_close(kit_open(old, STORE_CREATE));
	store_close(kit_open(fresh, STORE_CREATE));
	expected = lines_at(fresh, schema);
	actual = lines_at(old, schema);
	assert_string_equal(actual, expected);
	free(expected);
	free(actual);
	actual = lines_at(old, "SELECT user_version FROM pragma_user_version"
			       " UNION ALL SELECT * FROM pragma_integrity_check"
			       " UNION ALL SELECT 'key'"
			       "  FROM pragma_foreign_key_check");
	assert_string_equal(actual, "4\nok\n");
	free(actual);
	kit_remove(dir);
}

/* Somebody has views of his own. */
static void views_test(void **state)
{
	char dir[KIT_DIR], path[PATH], *lines;

	(void)state;
	make_old(
		dir, path,
		"CREATE VIEW worst AS SELECT address FROM ban WHERE strike = 5;"
		"CREATE VIEW held AS SELECT address FROM offense"
		" WHERE enforced > 0;"
		"CREATE VIEW suspect AS SELECT missed FROM source;"
		"CREATE INDEX mine ON failure(user);"
		"CREATE TABLE notes (text TEXT)");
	store_close(kit_open(path, STORE_CREATE));
	store_close(kit_open(path, STORE_READ));
	lines = lines_at(path, "SELECT address FROM offense WHERE strike = 5");
	assert_string_equal(lines, "192.0.2.2\n");
	free(lines);
	lines = lines_at(path, "SELECT * FROM suspect");
	assert_string_equal(lines, "30\n");
	free(lines);
	kit_remove(dir);
}

/* ---- who migrates, and what if that fails ---- */

static void assert_version_2(const char *path)
{
	char *lines = lines_at(
		path, "SELECT user_version FROM pragma_user_version"
		      " UNION ALL SELECT count(enforced) FROM offense"
		      " UNION ALL SELECT count(telltales) FROM source");

	assert_string_equal(lines, "2\n19\n1\n");
	free(lines);
}

/* Only the engine: an older one may be running. */
static void others_test(void **state)
{
	char dir[KIT_DIR], path[PATH];

	(void)state;
	make_old(dir, path, "");
	for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		struct fault why = {FAULT_NONE, ""};
		struct store *s = NULL;

		assert_int_equal(store_open(&s, path, mode, &why), -1);
		assert_int_equal(why.kind, FAULT_STORE);
		assert_non_null(strstr(why.text, "has version 2"));
		assert_non_null(strstr(why.text, "start rsyslogd"));
		assert_version_2(path);
	}
	kit_remove(dir);
}

struct refused_row {
	const char *title;
	const char *sql;
	enum fault_kind kind;
	const char *text;
};

static const struct refused_row refused_rows[] = {
	{"a table of one of the new names", "CREATE TABLE entry (x)",
	 FAULT_STORE, "entry already exists"},
	{"a view in the place of a table",
	 "ALTER TABLE rule RENAME TO other;"
	 "CREATE VIEW rule AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
	 " SELECT i + 1 FROM n) SELECT i AS id FROM n",
	 FAULT_FOREIGN, "'rule' is not the table that it was"},
	{"a table that is missing", "DROP TABLE rule", FAULT_FOREIGN,
	 "'rule' is not the table that it was"},
};

static void refused_test(void **state)
{
	const struct refused_row *r = *state;
	struct fault why = {FAULT_NONE, ""};
	char dir[KIT_DIR], path[PATH];
	struct store *s = NULL;

	make_old(dir, path, r->sql);
	assert_int_equal(store_open(&s, path, STORE_CREATE, &why), -1);
	assert_int_equal(why.kind, r->kind);
	if (strstr(why.text, r->text) == NULL)
		fail_msg("not helpful: %s", why.text);
	assert_version_2(path);
	kit_remove(dir);
}

/* ---- version 3 ---- */

/* A directory with a database of version 3, made by the steps of the source. */
static void make_3(char dir[KIT_DIR], char path[PATH], const char *more)
{
	sqlite3 *db;

	snprintf(path, PATH, "%s/a.db", kit_dir(dir));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql(db, "PRAGMA auto_vacuum = INCREMENTAL");
	for (const struct migration *m = migrations; m->sql != NULL; m++)
		if (m->version <= 3)
			sql(db, m->sql);
	sql(db, stamp_3);
	sql(db, jails);
	sql(db, failures);
	sql(db, "INSERT INTO offense (jail, address, strike, at, until,"
		"  failures, why, lo, hi) VALUES"
		" (1, '192.0.2.1', 2, 1699999902, 1700999902, 3, '3 failures',"
		"  x'04c0000201', x'04c0000201'),"
		" (1, '192.0.2.0/24', 1, 1699999903, NULL, 0, 'by root',"
		"  x'04c0000200', x'04c00002ff')");
	sql(db, more);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

struct three_row {
	const char *title;
	const char *more; /* in the database of version 3 */
	const char *query;
	const char *expected;
};

/* Whoever asks for a column that is gone by then. */
#define VIEWS                                                          \
	"CREATE VIEW held AS SELECT enforced FROM offense;"            \
	"CREATE VIEW knocking AS SELECT user FROM failure WHERE late;" \
	"CREATE VIEW names AS SELECT user FROM failure;"               \
	"CREATE INDEX mine ON failure(user)"

static const struct three_row three_rows[] = {
	{"late failures are late, the others counted", "",
	 "SELECT user || ' ' || verdict || ' ' || sort || ' ' || guess"
	 " || '.' || session FROM failure ORDER BY id",
	 "bob counted clear 0.\neve late clear 0.\njoe late clear 0.\n"},
	{"nothing else of them is lost", "",
	 "SELECT sum(at) || ' ' || sum(count) || ' ' || min(mech || rule)"
	 " || ' ' || hex(min(lo)) FROM failure",
	 "5099998803 6 LOGINpostfix:1 04C0000201\n"},
	{"who was banned by hand was banned by a person", "",
	 "SELECT address || ' ' || ground FROM offense ORDER BY id",
	 "192.0.2.1 count\n192.0.2.0/24 person\n"},
	{"nobody has logged in, nothing is known of outages and breaches", "",
	 "SELECT (SELECT count(*) FROM login) + (SELECT count(*) FROM outage)"
	 " + (SELECT count(*) FROM breach) + sum(logged_in) FROM jail",
	 "0\n"},
	{"nothing has been dropped yet", "",
	 "SELECT sum(packets) || ' ' || sum(bytes) || ' '"
	 " || (SELECT count(*) FROM entry WHERE packets <> 0 OR bytes <> 0)"
	 " FROM offense",
	 "0 0 0\n"},
	{"there is one secret", "",
	 "SELECT count(*) || ' ' || (min(a) <> 0) || (min(b) <> 0)"
	 " || (min(a) <> min(b)) FROM secret",
	 "1 111\n"},
	{"views of somebody's are left alone, whether they work or not", VIEWS,
	 "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name",
	 "ban\nheld\nknocking\nnames\n"},
	{"they find what they found", VIEWS, "SELECT * FROM names",
	 "bob\neve\njoe\n"},
	{"so is an index of somebody's", VIEWS,
	 "SELECT user FROM failure INDEXED BY mine ORDER BY user",
	 "bob\neve\njoe\n"},
	{"an index that somebody has removed is not missed",
	 "DROP INDEX failure_counted",
	 "SELECT count(*) FROM failure WHERE verdict = 'late'", "2\n"},
	{"it is whole", "", "SELECT * FROM pragma_integrity_check", "ok\n"},
};

static void three_test(void **state)
{
	const struct three_row *r = *state;
	char dir[KIT_DIR], path[PATH], *lines;

	make_3(dir, path, r->more);
	store_close(kit_open(path, STORE_CREATE));
	lines = lines_at(path, r->query);
	assert_string_equal(lines, r->expected);
	free(lines);
	lines = lines_at(path, "PRAGMA user_version");
	assert_string_equal(lines, "4\n");
	free(lines);
	kit_remove(dir);
}

static const struct refused_row refused_3_rows[] = {
	{"there is a table 'login' of somebody's", "CREATE TABLE login (x)",
	 FAULT_STORE, "login already exists"},
	{"there is a view 'secret' of somebody's",
	 "CREATE VIEW secret AS SELECT 1", FAULT_STORE,
	 "secret already exists"},
	{"the failures are a view",
	 "ALTER TABLE failure RENAME TO other;"
	 "CREATE VIEW failure AS SELECT * FROM other",
	 FAULT_FOREIGN, "'failure' is not the table that it was"},
	{"the failures lack a column",
	 "PRAGMA foreign_keys = OFF;"
	 "DROP TABLE failure; CREATE TABLE failure (id INTEGER PRIMARY KEY)",
	 FAULT_STORE, "no such column"},
	{"an index has another's name",
	 "CREATE INDEX failure_folded ON offense(at)", FAULT_STORE,
	 "failure_folded already exists"},
};

/* It keeps its version, and everything that is in it. */
static void refused_3_test(void **state)
{
	const struct refused_row *r = *state;
	struct fault why = {FAULT_NONE, ""};
	char dir[KIT_DIR], path[PATH], *before, *after;
	struct store *s = NULL;

	make_3(dir, path, r->sql);
	before = lines_at(path, schema);
	assert_int_equal(store_open(&s, path, STORE_CREATE, &why), -1);
	assert_int_equal(why.kind, r->kind);
	if (strstr(why.text, r->text) == NULL)
		fail_msg("not helpful: %s", why.text);
	after = lines_at(path, schema);
	assert_string_equal(after, before);
	free(before);
	free(after);
	after = lines_at(path, "PRAGMA user_version");
	assert_string_equal(after, "3\n");
	free(after);
	kit_remove(dir);
}

/* While the migration tolerates odd views, and afterwards: the schema is not
 * to be written to. */
static void defended_test(void **state)
{
	char dir[KIT_DIR], path[PATH], *lines;
	struct store *s;

	(void)state;
	make_3(dir, path, "");
	s = kit_open(path, STORE_CREATE);
	sqlite3_exec(s->db, "PRAGMA writable_schema = ON", NULL, NULL, NULL);
	assert_int_not_equal(sqlite3_exec(s->db, "DELETE FROM sqlite_schema",
					  NULL, NULL, NULL),
			     SQLITE_OK);
	assert_int_not_equal(
		sqlite3_exec(s->db, "SELECT * FROM ban", NULL, NULL, NULL),
		SQLITE_OK);
	store_close(s);
	lines = lines_at(path, "SELECT count(*) > 9 FROM sqlite_schema");
	assert_string_equal(lines, "1\n");
	free(lines);
	kit_remove(dir);
}

/* ---- version 1 ---- */

static void version_1_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct fault why = {FAULT_NONE, ""};
	struct store *s = NULL;
	sqlite3 *db;

	(void)state;
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	db = open_old(path, false);
	sql(db, jails);
	insert(db, &old_offenses[0]);
	sqlite3_close(db);
	assert_int_equal(store_open(&s, path, STORE_READ, &why), -1);
	assert_non_null(strstr(why.text, "has version 1"));
	s = kit_open(path, STORE_CREATE);
	ENTRY(s, "saslban4", "192.0.2.1", "+900/+900");
	kit_stats(s, 1, "postfix", 5);
	store_close(s);
	store_close(kit_open(path, STORE_READ));
	kit_remove(dir);
}

int main(void)
{
	static bool no = false, yes = true;
	const struct CMUnitTest singles[] = {
		cmocka_unit_test_prestate(steps_test, &no),
		cmocka_unit_test_prestate(steps_test, &yes),
		cmocka_unit_test(same_test),
		cmocka_unit_test(entries_test),
		cmocka_unit_test(offenses_test),
		cmocka_unit_test(told_test),
		cmocka_unit_test(rest_test),
		cmocka_unit_test(views_test),
		cmocka_unit_test(others_test),
		cmocka_unit_test(defended_test),
		cmocka_unit_test(version_1_test),
	};
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, entry_rows, entry_test);
	ROWS(tests, n, refused_rows, refused_test);
	ROWS(tests, n, three_rows, three_test);
	ROWS(tests, n, refused_3_rows, refused_3_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("store_migrate", tests, n, NULL, NULL);
}
