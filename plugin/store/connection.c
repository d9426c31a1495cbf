/* connection: see connection.h. */
#include "connection.h"

#include <string.h>

/* SQLite calls this at each tick; an answer other than 0 ends what runs. */
static int count_tick(void *context)
{
	struct store *s = context;

	return ++s->ticks > s->budget;
}

void connection_init(struct store *s)
{
	s->budget = CONNECTION_BUDGET;
	sqlite3_busy_timeout(s->db, STORE_BUSY);
	sqlite3_progress_handler(s->db, CONNECTION_TICK, count_tick, s);
	/* A database is data: nothing that stands in it is run with our
	 * rights, and nothing that we run can rewrite the schema itself. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
}

/* A text of our own where SQLite's leaves a reader without a next step. */
struct refusal {
	int code;
	enum fault_kind kind;
	const char *text;
};

static const struct refusal refusals[] = {
	{SQLITE_BUSY, FAULT_STORE, "another program is writing"},
	{SQLITE_NOTADB, FAULT_FOREIGN,
	 "it is not a SQLite database; name another file or move it away"},
	{SQLITE_CORRUPT, FAULT_STORE,
	 "it is damaged; stop rsyslog and move it away, a new one is created"},
	{SQLITE_FULL, FAULT_STORE, "the disk is full"},
	{SQLITE_NOMEM, FAULT_MEMORY, "out of memory"},
	{SQLITE_INTERRUPT, FAULT_STORE, CONNECTION_TOO_LONG},
};

int connection_refused(struct store *s, const char *task, struct fault *why)
{
	int code = sqlite3_errcode(s->db) & 0xff;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].code == code)
			return fault_set(why, refusals[i].kind,
					 "cannot %s '%s': %s", task, s->path,
					 refusals[i].text);
	/* Where a system call failed, its reason says more. */
	if ((code == SQLITE_CANTOPEN || code == SQLITE_IOERR) &&
	    sqlite3_system_errno(s->db) != 0)
		return fault_set(why, FAULT_STORE, "cannot %s '%s': %s", task,
				 s->path,
				 strerror(sqlite3_system_errno(s->db)));
	return fault_set(why, FAULT_STORE, "cannot %s '%s': %s", task, s->path,
			 sqlite3_errmsg(s->db));
}

int connection_exec(struct store *s, const char *task, const char *sql,
		    struct fault *why)
{
	s->ticks = 0;
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return connection_refused(s, task, why);
	return 0;
}
