/*
 * schema: see schema.h.
 *
 * A store is migrated in one transaction: it has the old version or the new
 * one, and a power cut does not leave a third.
 */
#include "schema.h"

#include <stdio.h>

#include "connection.h"

struct state {
	int64_t application;
	int64_t version;
	int64_t objects; /* tables, indexes, views */
};

/* The first row of a query without values. */
static sqlite3_stmt *ask(struct store *s, const char *task, const char *sql,
			 struct fault *why)
{
	sqlite3_stmt *q = NULL;

	s->ticks = 0;
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		return q;
	connection_refused(s, task, why);
	sqlite3_finalize(q);
	return NULL;
}

static int look(struct store *s, struct state *state, struct fault *why)
{
	sqlite3_stmt *q =
		ask(s, "read the version of",
		    "SELECT (SELECT application_id FROM pragma_application_id),"
		    " (SELECT user_version FROM pragma_user_version),"
		    " (SELECT count(*) FROM sqlite_schema)",
		    why);

	if (q == NULL)
		return -1;
	state->application = sqlite3_column_int64(q, 0);
	state->version = sqlite3_column_int64(q, 1);
	state->objects = sqlite3_column_int64(q, 2);
	sqlite3_finalize(q);
	return 0;
}

static int judge(struct store *s, const struct state *state, struct fault *why)
{
	if (state->application != SCHEMA_APPLICATION &&
	    (state->application != 0 || state->version != 0 ||
	     state->objects != 0))
		return fault_set(why, FAULT_FOREIGN,
				 "'%s' is another program's database; name "
				 "another file or move it away",
				 s->path);
	if (state->version > SCHEMA_VERSION)
		return fault_set(why, FAULT_FOREIGN,
				 "'%s' has version %lld, made by a newer "
				 "saslban; this one knows %d: upgrade, or move "
				 "the file away",
				 s->path, (long long)state->version,
				 SCHEMA_VERSION);
	return 0;
}

/* ---- are the tables tables? ---- */

struct table {
	const char *name;
	int from, to; /* the versions that have it */
};

static const struct table tables[] = {
	{"jail", 1, SCHEMA_VERSION},
	{"setting", 1, SCHEMA_VERSION},
	{"failure", 1, SCHEMA_VERSION},
	{"offense", 1, SCHEMA_VERSION},
	{"source", 2, 2},
	{"rule", 2, SCHEMA_VERSION},
	{"filter", 3, SCHEMA_VERSION},
	{"entry", 3, SCHEMA_VERSION},
	{"hostname", 3, SCHEMA_VERSION},
	{"login", 4, SCHEMA_VERSION},
	{"learning", 4, SCHEMA_VERSION},
	{"outage", 4, SCHEMA_VERSION},
	{"breach", 4, SCHEMA_VERSION},
	{"secret", 4, SCHEMA_VERSION},
	{"allow", 4, SCHEMA_VERSION},
	{"total", 4, SCHEMA_VERSION},
	{"renewal", 4, SCHEMA_VERSION},
};

/* What stands there may be a view that never ends, or a table of another
 * module's; views are off (connection_init), but that is no reason to read
 * on. */
static int check_table(struct store *s, const char *name, struct fault *why)
{
	sqlite3_stmt *q;
	char sql[128];
	bool fine;

	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM pragma_table_list('%s')"
		 " WHERE schema = 'main' AND type = 'table'",
		 name);
	q = ask(s, "read the tables of", sql, why);
	if (q == NULL)
		return -1;
	fine = sqlite3_column_int(q, 0) == 1;
	sqlite3_finalize(q);
	if (fine)
		return 0;
	return fault_set(why, FAULT_FOREIGN,
			 "'%s' was changed by another program: '%s' is not the "
			 "table that it was; move the file away, a new one is "
			 "created",
			 s->path, name);
}

static int check_tables(struct store *s, int64_t version, struct fault *why)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (tables[i].from <= version && version <= tables[i].to &&
		    check_table(s, tables[i].name, why) < 0)
			return -1;
	return 0;
}

/* ---- migration ---- */

static int run_steps(struct store *s, int64_t version, struct fault *why)
{
	char stamp[96];

	for (const struct migration *m = migrations; m->sql != NULL; m++)
		if (m->version > version &&
		    connection_exec(s, "migrate", m->sql, why) < 0)
			return -1;
	snprintf(stamp, sizeof(stamp),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 SCHEMA_APPLICATION, SCHEMA_VERSION);
	return connection_exec(s, "migrate", stamp, why);
}

/* Where somebody has views of his own, SQLite looks up the columns of these
 * when a table gets another name or loses a column; none is read. One that
 * asks for what an earlier step took away would stop it; where the schema may
 * be written to by hand, which nobody does here, it is left as it is. */
static void tolerate_views(struct store *s, bool on)
{
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, on, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, !on, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, on, NULL);
}

static int migrate_from(struct store *s, int64_t version, struct fault *why)
{
	int result;

	if (check_tables(s, version, why) < 0)
		return -1;
	tolerate_views(s, true);
	result = run_steps(s, version, why);
	tolerate_views(s, false);
	return result;
}

/* Two may find the same old version at once; the second one to get the lock
 * looks again and finds nothing left to do. */
static int migrate(struct store *s, bool empty, struct fault *why)
{
	struct state state;
	int result;

	/* Before the first table or never. */
	if (empty &&
	    connection_exec(s, "create the tables of",
			    "PRAGMA auto_vacuum = INCREMENTAL", why) < 0)
		return -1;
	if (connection_exec(s, "write to", "BEGIN IMMEDIATE", why) < 0)
		return -1;
	result = look(s, &state, why);
	if (result == 0)
		result = judge(s, &state, why);
	if (result == 0 && state.version < SCHEMA_VERSION)
		result = migrate_from(s, state.version, why);
	return store_end(s, result, why);
}

int schema_check(struct store *s, bool may_migrate, struct fault *why)
{
	struct state state;

	if (look(s, &state, why) < 0 || judge(s, &state, why) < 0)
		return -1;
	if (state.version < SCHEMA_VERSION && !may_migrate)
		return fault_set(why, FAULT_STORE,
				 "'%s' has version %lld and is not readable "
				 "before rsyslogd has brought it to %d: start "
				 "rsyslogd with the new module",
				 s->path, (long long)state.version,
				 SCHEMA_VERSION);
	if (state.version < SCHEMA_VERSION &&
	    migrate(s, state.objects == 0, why) < 0)
		return -1;
	return check_tables(s, SCHEMA_VERSION, why);
}
