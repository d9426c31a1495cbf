/*
 * store_schema: the tables, see docs/SCHEMA.md.
 *
 * Each step brings a database from one version to the next and is never
 * changed once it was released; a new column is a new step. A store is
 * migrated in one transaction: it has the old version or the new one, and a
 * power cut does not leave a third.
 */
#include "store_impl.h"

#include <stdio.h>

#include "saslban/offense.h"

static const char jails[] =
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
	"CREATE INDEX setting_set ON setting(value, jail) WHERE name = 'set';";

static const char failures[] =
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
	/* Judging reads this index and not the table. */
	"CREATE INDEX failure_counted"
	"  ON failure(address, jail, late, at, count);"
	"CREATE INDEX failure_host ON failure(lo, at);"
	"CREATE INDEX failure_age ON failure(jail, at, count);";

static const char offenses[] =
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
	/* Judging reads this index and not the table. */
	"CREATE INDEX offense_history"
	"  ON offense(address, jail, until, ended, lifted);"
	"CREATE INDEX offense_range ON offense(lo);"
	"CREATE INDEX offense_at ON offense(at, jail);"
	/* What runs, what is due and what was cut short is little; old
	 * offenses are many, and are not in these. */
	"CREATE UNIQUE INDEX offense_open ON offense(address, jail)"
	"  WHERE " SQL_OPEN(
		"") ";"
		    "CREATE INDEX offense_until"
		    "  ON offense(jail, until) WHERE " SQL_OPEN(
			    "") ";"
				"CREATE INDEX offense_pending"
				"  ON offense(jail, enforced) "
				"WHERE " SQL_PENDING(
					"") ";"
					    "CREATE INDEX offense_cut_short"
					    "  ON offense(jail, enforced, "
					    "lifted) WHERE " SQL_CUT_SHORT(
						    "") ";";

/* For people: what runs now, in their own time. */
static const char views[] =
	"CREATE VIEW ban AS"
	"  SELECT j.name AS jail, o.address, o.strike,"
	"    datetime(o.at, 'unixepoch', 'localtime') AS since,"
	"    coalesce(datetime(o.until, 'unixepoch', 'localtime'), 'forever')"
	"      AS until,"
	"    o.failures, o.late, o.why, o.observed"
	"  FROM offense o JOIN jail j ON j.id = o.jail"
	"  WHERE " SQL_RUNS("o.", "unixepoch()") ";";

/* Version 2: what the filters and their rules have seen. Another expression
 * is another rule, also where it got the old one's name. */
static const char sources[] =
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

struct migration {
	int version; /* that it leads to */
	const char *sql;
};

/* In order; several rows may lead to the same version. */
static const struct migration migrations[] = {
	{1, jails}, {1, failures}, {1, offenses}, {1, views}, {2, sources},
};
enum { MIGRATIONS = sizeof(migrations) / sizeof(migrations[0]), NEWEST = 2 };

struct state {
	int64_t application;
	int64_t version;
	int64_t objects; /* tables, indexes, views */
};

static int look(struct store *s, struct state *state, struct fault *why)
{
	static const char sql[] =
		"SELECT (SELECT application_id FROM pragma_application_id),"
		" (SELECT user_version FROM pragma_user_version),"
		" (SELECT count(*) FROM sqlite_schema)";
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(q);
	if (code == SQLITE_ROW) {
		state->application = sqlite3_column_int64(q, 0);
		state->version = sqlite3_column_int64(q, 1);
		state->objects = sqlite3_column_int64(q, 2);
	} else {
		store_refused(s, "read the version of", why);
	}
	sqlite3_finalize(q);
	return code == SQLITE_ROW ? 0 : -1;
}

static int judge(struct store *s, const struct state *state, struct fault *why)
{
	if (state->application != STORE_APPLICATION &&
	    (state->application != 0 || state->version != 0 ||
	     state->objects != 0))
		return fault_set(why, FAULT_FOREIGN,
				 "'%s' is another program's database; name "
				 "another file or move it away",
				 s->path);
	if (state->version > NEWEST)
		return fault_set(why, FAULT_FOREIGN,
				 "'%s' has version %lld, made by a newer "
				 "saslban; this one knows %d: upgrade, or move "
				 "the file away",
				 s->path, (long long)state->version, NEWEST);
	return 0;
}

static int migrate_from(struct store *s, int64_t version, struct fault *why)
{
	char stamp[96];

	for (size_t i = 0; i < MIGRATIONS; i++)
		if (migrations[i].version > version &&
		    store_exec(s, "migrate", migrations[i].sql, why) < 0)
			return -1;
	snprintf(stamp, sizeof(stamp),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 STORE_APPLICATION, NEWEST);
	return store_exec(s, "migrate", stamp, why);
}

/* Two may find the same old version at once; the second one to get the lock
 * looks again and finds nothing left to do. */
static int migrate_all(struct store *s, bool empty, struct fault *why)
{
	struct state state;

	/* Before the first table or never. */
	if (empty && store_exec(s, "make the tables of",
				"PRAGMA auto_vacuum = INCREMENTAL", why) < 0)
		return -1;
	if (store_begin(s, why) < 0)
		return -1;
	if (look(s, &state, why) < 0 || judge(s, &state, why) < 0)
		goto undo;
	if (state.version < NEWEST && migrate_from(s, state.version, why) < 0)
		goto undo;
	if (store_commit(s, why) == 0)
		return 0;
undo:
	store_rollback(s);
	return -1;
}

int store_schema_check(struct store *s, bool migrate, struct fault *why)
{
	struct state state;

	if (look(s, &state, why) < 0 || judge(s, &state, why) < 0)
		return -1;
	if (state.version == NEWEST)
		return 0;
	if (migrate)
		return migrate_all(s, state.objects == 0, why);
	return fault_set(why, FAULT_STORE,
			 "'%s' has version %lld and is not readable before "
			 "rsyslogd has brought it to %d: start it",
			 s->path, (long long)state.version, NEWEST);
}
