/* connection: see connection.h. */
#include "connection.h"

#include <errno.h>
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
	{SQLITE_CORRUPT, FAULT_FOREIGN,
	 "it is damaged, and may be another program's; name another file or "
	 "move it away"},
	{SQLITE_FULL, FAULT_STORE, "the disk is full"},
	{SQLITE_NOMEM, FAULT_MEMORY, "out of memory"},
	{SQLITE_INTERRUPT, FAULT_STORE, CONNECTION_TOO_LONG},
};

/* What SQLite's last read of that file was refused with. */
static int last_errno(sqlite3_file *file)
{
	int number = 0;

	if (file != NULL && file->pMethods != NULL)
		(void)file->pMethods->xFileControl(
			file, SQLITE_FCNTL_LAST_ERRNO, &number);
	return number;
}

int connection_disk_error(const struct store *s)
{
	static const int pointer[] = {SQLITE_FCNTL_FILE_POINTER,
				      SQLITE_FCNTL_JOURNAL_POINTER};

	for (size_t i = 0; i < sizeof(pointer) / sizeof(pointer[0]); i++) {
		sqlite3_file *file = NULL;
		int number;

		if (sqlite3_file_control(s->db, "main", pointer[i], &file) !=
		    SQLITE_OK)
			continue;
		number = last_errno(file);
		if (number == EIO || number == ENXIO || number == ERANGE)
			return number;
	}
	return 0;
}

int connection_damaged(const char *task, const char *path, struct fault *why)
{
	return fault_set(why, FAULT_DAMAGED,
			 "cannot %s '%s': it is damaged; rsyslogd sets it "
			 "aside and begins a new one",
			 task, path);
}

/* These two alone say that what is on the disk is not what was written. */
static int found_damage(struct store *s, const char *task, struct fault *why)
{
	int error = connection_disk_error(s);

	if (error != 0)
		return fault_set(why, FAULT_STORE, "cannot %s '%s': %s", task,
				 s->path, strerror(error));
	s->damaged = true;
	return connection_damaged(task, s->path, why);
}

int connection_refused(struct store *s, const char *task, struct fault *why)
{
	int code = sqlite3_errcode(s->db) & 0xff;

	if ((code == SQLITE_CORRUPT || code == SQLITE_NOTADB) && s->ours)
		return found_damage(s, task, why);
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

int connection_overwrite(struct store *s, struct fault *why)
{
	return connection_exec(s, "write to", "PRAGMA secure_delete = ON", why);
}
