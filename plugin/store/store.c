/*
 * store: see saslban/store.h. One connection and its transactions.
 *
 * SQLite is opened without its own mutex: a store belongs to one thread. Two
 * jails of one rsyslogd have a connection each, so every file descriptor of
 * the database is SQLite's own: closing another one would drop the POSIX
 * locks of all of them.
 */
#include "saslban/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_impl.h"

/* SQLite would take this for a temporary file of its own. */
#define NOWHERE ""
#define IN_MEMORY ":memory:"

/* In KiB, taken as it is needed; SQLite's own 2 MB make the indexes of a
 * million rows a third dearer. */
#define CACHE "-8192"

/* A burst may grow the log; after a checkpoint it is cut to this. */
#define WAL_LIMIT "4194304"

static int set_up(struct store *s, struct fault *why)
{
	/* A database is data: nothing that stands in it is run with our
	 * rights, and nothing that we run can rewrite the schema itself. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	/* rsyslogd may be forbidden to write to /var/tmp. */
	return store_exec(s, "open",
			  "PRAGMA synchronous = FULL;"
			  "PRAGMA temp_store = MEMORY;"
			  "PRAGMA cache_size = " CACHE ";"
			  "PRAGMA journal_size_limit = " WAL_LIMIT,
			  why);
}

enum { PAUSE = 10 }; /* ms between two tries */

/* Writes the mode that it came to. SQLite does not wait here: of two that
 * switch at once, each with a read lock, it refuses one in order that they do
 * not wait for each other. */
static int try_wal(struct store *s, char mode[16])
{
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(s->db, "PRAGMA journal_mode = WAL", -1,
				      &q, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(q);
	if (code == SQLITE_ROW)
		store_column_text(q, 0, mode, 16);
	sqlite3_finalize(q);
	return code;
}

static int switch_on_wal(struct store *s, struct fault *why)
{
	char mode[16] = "";
	int code;

	for (int waited = 0;; waited += PAUSE) {
		code = try_wal(s, mode);
		if (code != SQLITE_BUSY || waited >= STORE_BUSY)
			break;
		sqlite3_sleep(PAUSE);
	}
	if (code != SQLITE_ROW)
		return store_refused(s, "switch on WAL in", why);
	if (strcmp(mode, "wal") == 0 || strcmp(mode, "memory") == 0)
		return 0;
	return fault_set(why, FAULT_STORE,
			 "cannot use '%s': its file system has no shared "
			 "memory (WAL); use a local disk",
			 s->path);
}

/* The schema first and WAL after it: the file is empty or complete, and says
 * from its first page on whose it is. */
static int set_up_writer(struct store *s, struct fault *why)
{
	if (sqlite3_db_readonly(s->db, "main") == 1)
		return fault_set(why, FAULT_STORE,
				 "cannot write to '%s': no permission, or a "
				 "read-only file system",
				 s->path);
	if (set_up(s, why) < 0 || store_schema_check(s, true, why) < 0)
		return -1;
	return switch_on_wal(s, why);
}

/* The first thing that takes a read lock; true when there can be none. */
static bool is_shut(struct store *s)
{
	switch (sqlite3_exec(s->db, "PRAGMA schema_version", NULL, NULL,
			     NULL)) {
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
		return true;
	default:
		return false;
	}
}

static int set_up_reader(struct store *s, struct fault *why)
{
	if (is_shut(s) && store_file_freeze(s, why) < 0)
		return -1;
	if (set_up(s, why) < 0)
		return -1;
	return store_schema_check(s, false, why);
}

static int open_file(struct store *s, enum store_mode mode, struct fault *why)
{
	int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY
				       : SQLITE_OPEN_READWRITE;

	if (strcmp(s->path, IN_MEMORY) == 0)
		flags |= SQLITE_OPEN_MEMORY;
	else if (mode == STORE_CREATE && store_file_make(s->path, why) < 0)
		return -1;
	if (sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return store_refused(s, "open", why);
	sqlite3_busy_timeout(s->db, STORE_BUSY);
	/* Until it is known for ours, a database is left as it is, even by
	 * the tidying up of the last one to close it. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (store_file_check(s, why) < 0)
		return -1;
	if ((mode == STORE_READ ? set_up_reader(s, why)
				: set_up_writer(s, why)) < 0)
		return -1;
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
			  mode == STORE_READ, NULL);
	if (mode != STORE_READ)
		store_file_note(s);
	return 0;
}

int store_open(struct store **out, const char *path, enum store_mode mode,
	       struct fault *why)
{
	struct store *s;

	if (strcmp(path, NOWHERE) == 0 || strlen(path) >= sizeof(s->path))
		return fault_set(why, FAULT_STORE,
				 "cannot open the database '%s': a path has 1 "
				 "to %d bytes",
				 path, SETTINGS_PATH - 1);
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	memcpy(s->path, path, strlen(path) + 1);
	if (open_file(s, mode, why) < 0) {
		store_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < STORE_SLOTS; i++)
		sqlite3_finalize(s->slot[i]);
	if (s->db != NULL && store_moved(s))
		store_file_leave(s);
	sqlite3_close(s->db);
	free(s);
}

int store_exec(struct store *s, const char *task, const char *sql,
	       struct fault *why)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_refused(s, task, why);
	return 0;
}

int store_begin(struct store *s, struct fault *why)
{
	static const struct store_query query = {SLOT_BEGIN, false, "write to",
						 "BEGIN IMMEDIATE"};

	if (store_prepare(s, &query, why) == NULL)
		return -1;
	return store_run(s, &query, why);
}

int store_commit(struct store *s, struct fault *why)
{
	static const struct store_query query = {SLOT_COMMIT, true, "commit to",
						 "COMMIT"};

	if (store_prepare(s, &query, why) == NULL)
		return -1;
	return store_run(s, &query, why);
}

void store_rollback(struct store *s)
{
	/* A refused write may have rolled back already. */
	if (!sqlite3_get_autocommit(s->db))
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

int store_end(struct store *s, int result, struct fault *why)
{
	if (result == 0 && store_commit(s, why) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

int store_version(struct store *s, int64_t *version, struct fault *why)
{
	static const struct store_query query = {SLOT_VERSION, false,
						 "look for changes in",
						 "PRAGMA data_version"};
	sqlite3_stmt *q = store_prepare(s, &query, why);

	if (q == NULL || store_step(s, &query, why) < 0)
		return -1;
	*version = sqlite3_column_int64(q, 0);
	store_reset(s, &query);
	return 0;
}
