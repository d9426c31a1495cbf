/*
 * store: see saslban/store.h. Opening and closing; the rest of it is in
 * transaction.c and look.c.
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

#include "connection.h"
#include "file.h"
#include "log.h"
#include "query.h"
#include "schema.h"

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
	/* rsyslogd may be forbidden to write to /var/tmp. */
	return connection_exec(s, "open",
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
		snprintf(mode, 16, "%s",
			 (const char *)sqlite3_column_text(q, 0));
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
		return connection_refused(s, "switch on WAL in", why);
	if (strcmp(mode, "wal") == 0 || strcmp(mode, "memory") == 0)
		return 0;
	return fault_set(why, FAULT_STORE,
			 "cannot use '%s': its file system has no shared "
			 "memory (WAL); use a local disk",
			 s->path);
}

/* The schema first and WAL after it: the file is empty or complete, and says
 * from its first page on whose it is. */
static int set_up_writer(struct store *s, bool may_migrate, struct fault *why)
{
	if (sqlite3_db_readonly(s->db, "main") == 1)
		return fault_set(why, FAULT_STORE,
				 "cannot write to '%s': no permission, or a "
				 "read-only file system",
				 s->path);
	if (set_up(s, why) < 0 || schema_check(s, may_migrate, why) < 0)
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
	if (is_shut(s) && file_freeze(s, why) < 0)
		return -1;
	if (set_up(s, why) < 0)
		return -1;
	return schema_check(s, false, why);
}

static int open_file(struct store *s, enum store_mode mode, struct fault *why)
{
	int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY
				       : SQLITE_OPEN_READWRITE;

	if (strcmp(s->path, IN_MEMORY) == 0)
		flags |= SQLITE_OPEN_MEMORY;
	else if (file_is_regular(s->path, why) < 0 ||
		 (mode == STORE_CREATE && file_create(s->path, why) < 0))
		return -1;
	if (sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return connection_refused(s, "open", why);
	connection_init(s);
	/* Until it is known for ours, a database is left as it is, even by
	 * the tidying up of the last one to close it. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (file_check(s, why) < 0)
		return -1;
	if (mode == STORE_READ)
		return set_up_reader(s, why);
	if (set_up_writer(s, mode == STORE_CREATE, why) < 0)
		return -1;
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	s->ours = true;
	log_note(s);
	return mode == STORE_CREATE ? log_defer(s, why) : 0;
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

/* Into a damaged file nothing is written: somebody may want to look. */
static void leave(struct store *s)
{
	bool moved = store_moved(s);

	if (s->damaged)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
				  NULL);
	else if (moved)
		(void)store_rescue(s, NULL);
	if (moved)
		log_leave(s);
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->statements; i++)
		sqlite3_finalize(s->statement[i].prepared);
	if (s->db != NULL)
		leave(s);
	sqlite3_close(s->db);
	free(s);
}

bool store_damaged(const struct store *s)
{
	return s->damaged;
}

bool store_moved(const struct store *s)
{
	return file_moved(s) || log_moved(s);
}

int store_rescue(struct store *s, struct fault *why)
{
	return store_moved(s) ? log_rescue(s, why) : 0;
}
