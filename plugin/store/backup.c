/*
 * backup: see saslban/backup.h.
 *
 * SQLite begins a backup anew when the database is written to between two of
 * its steps, and under attack that would never end. Within a transaction that
 * reads, all steps see what was there when it began, and no writer waits.
 */
#include "saslban/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"
#include "dated.h"
#include "log.h"
#include "saslban/jail.h"

enum { PAGES = 250 }; /* in one step */

/* ---- names ---- */

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

char *backup_directory(const char *database, char out[BACKUP_PATH])
{
	snprintf(out, BACKUP_PATH, "%.*sbackup",
		 (int)(base_of(database) - database), database);
	return out;
}

static char *prefix_of(const char *directory, const char *database,
		       char out[DATED_PATH])
{
	snprintf(out, DATED_PATH, "%s/%s-", directory, base_of(database));
	return out;
}

char *backup_name(const char *directory, const char *database, int64_t now,
		  char out[BACKUP_PATH])
{
	char prefix[DATED_PATH];

	return dated_new(prefix_of(directory, database, prefix), now, out);
}

int backup_each(const char *directory, const char *database,
		int (*see)(void *context, const char *path), void *context,
		struct fault *why)
{
	char prefix[DATED_PATH];

	return dated_each(prefix_of(directory, database, prefix), see, context,
			  why);
}

struct keeping {
	size_t left; /* of those that stay */
	size_t removed;
	struct fault *why;
};

static int keep_or_remove(void *context, const char *path)
{
	struct keeping *k = context;

	if (k->left > 0) {
		k->left--;
		return 0;
	}
	if (unlink(path) < 0)
		return fault_set(k->why, FAULT_SYSTEM, "cannot remove '%s': %s",
				 path, strerror(errno));
	k->removed++;
	return 0;
}

int backup_keep(const char *directory, const char *database, size_t keep,
		size_t *n, struct fault *why)
{
	struct keeping k = {.left = keep, .why = why};
	int result = backup_each(directory, database, keep_or_remove, &k, why);

	*n = k.removed;
	return result;
}

/* ---- the copy ---- */

static int copy_pages(struct store *from, struct store *to,
		      const struct backup_progress *p, struct fault *why)
{
	sqlite3_backup *b =
		sqlite3_backup_init(to->db, "main", from->db, "main");
	int code = SQLITE_OK, answer = 0;

	if (b == NULL)
		return connection_refused(to, "write", why);
	while (code == SQLITE_OK && answer == 0) {
		code = sqlite3_backup_step(b, PAGES);
		if (code == SQLITE_OK && p != NULL && p->see != NULL) {
			size_t total = (size_t)sqlite3_backup_pagecount(b);
			size_t left = (size_t)sqlite3_backup_remaining(b);

			answer = p->see(p->context, total - left, total);
		}
	}
	sqlite3_backup_finish(b);
	if (answer != 0)
		return fault_set(why, FAULT_STORE, "given up");
	if (code == SQLITE_DONE)
		return 0;
	/* Which of the two it was, SQLite's code says best. */
	if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
		return connection_damaged("back up", from->path, why);
	return fault_set(why, FAULT_STORE, "cannot back up '%s' to '%s': %s",
			 from->path, to->path, sqlite3_errstr(code));
}

/* What is committed now is what all steps see. */
static int copy(struct store *from, struct store *to,
		const struct backup_progress *p, struct fault *why)
{
	int result;

	if (connection_exec(from, "read",
			    "BEGIN; SELECT count(*) FROM sqlite_schema",
			    why) < 0)
		return -1;
	result = copy_pages(from, to, p, why);
	(void)sqlite3_exec(from->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

/* As an ordinary database of SQLite's: one file, without a log. It says that it
 * is a copy: who puts it back is to know that it is not the latest. */
static int fill(struct store *s, struct store *to,
		const struct backup_progress *p, struct fault *why)
{
	if (sqlite3_open_v2(to->path, &to->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return connection_refused(to, "write", why);
	connection_init(to);
	if (copy(s, to, p, why) < 0 || store_begin(to, why) < 0 ||
	    store_end(to, jail_note_copied(to, why), why) < 0 ||
	    log_fold(to, why) < 0)
		return -1;
	return store_verify(to, why);
}

/* The statements of a verified copy go with it. */
static void close_copy(struct store *to)
{
	for (size_t i = 0; i < to->statements; i++)
		sqlite3_finalize(to->statement[i].prepared);
	sqlite3_close(to->db);
}

static int fill_and_close(struct store *s, const char *path,
			  const struct backup_progress *p, struct fault *why)
{
	struct store to = {.budget = CONNECTION_BUDGET};
	int result;

	snprintf(to.path, sizeof(to.path), "%s", path);
	result = fill(s, &to, p, why);
	close_copy(&to);
	return result;
}

/* ---- the file ---- */

static int refused(const char *task, const char *path, struct fault *why)
{
	return fault_set(why, FAULT_SYSTEM, "cannot %s '%s': %s", task, path,
			 strerror(errno));
}

/* A new file, for nobody else's eyes yet. */
static int create(const char *path, struct fault *why)
{
	int fd;

	(void)unlink(path); /* of one that was interrupted */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return refused("create", path, why);
	close(fd);
	return 0;
}

/* Whoever may read the database may read its copy, rsyslogd above all. */
static int hand_over(const char *database, const char *path, struct fault *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int result = 0;
	struct stat st;

	if (fd < 0)
		return refused("open", path, why);
	if (stat(database, &st) == 0 && geteuid() == 0 &&
	    fchown(fd, st.st_uid, st.st_gid) < 0)
		result = refused("give away", path, why);
	if (result == 0 && (fchmod(fd, 0640) < 0 || fsync(fd) < 0))
		result = refused("write", path, why);
	close(fd);
	return result;
}

int backup_write(struct store *s, const char *path,
		 const struct backup_progress *progress, struct fault *why)
{
	char part[SETTINGS_PATH];
	int n = snprintf(part, sizeof(part), "%s~", path);

	if (n < 0 || (size_t)n >= sizeof(part))
		return fault_set(why, FAULT_SETTING,
				 "the path '%s' is too long", path);
	if (create(part, why) < 0)
		return -1;
	if (fill_and_close(s, part, progress, why) == 0 &&
	    hand_over(s->path, part, why) == 0) {
		if (rename(part, path) == 0)
			return 0;
		refused("rename to", path, why);
	}
	(void)unlink(part);
	return -1;
}
