/* fresh: see fresh.h. */
#include "fresh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dated.h"
#include "log.h"
#include "query.h"
#include "saslban/backup.h"
#include "saslban/jail.h"

enum { CHUNK = 65536, TRIES = 10 /* backups that are looked at */ };

static const struct query note_query = {
	"note a renewal in", true,
	"INSERT INTO renewal (at, aside, backup, why) VALUES (?1, ?2, ?3, ?4)"};

static void part_of(const char *database, const char *suffix,
		    char out[DATED_PATH])
{
	snprintf(out, DATED_PATH, "%s.renewing%s", database, suffix);
}

void fresh_discard(const char *database)
{
	static const char *const suffix[] = {"", "-wal", "-shm", "-journal"};
	char path[DATED_PATH];

	for (size_t i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		part_of(database, suffix[i], path);
		(void)unlink(path);
	}
}

void fresh_settle(const char *path)
{
	const char *slash = strrchr(path, '/');
	char directory[DATED_PATH];
	int fd;

	snprintf(directory, sizeof(directory), "%.*s",
		 slash == NULL ? 0 : (int)(slash - path + 1), path);
	fd = open(slash == NULL ? "." : directory,
		  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

/* ---- from a backup ---- */

static int copy_bytes(int from, int to)
{
	char chunk[CHUNK];
	ssize_t n, done;

	while ((n = read(from, chunk, sizeof(chunk))) > 0)
		for (ssize_t at = 0; at < n; at += done) {
			done = write(to, chunk + at, (size_t)(n - at));
			if (done < 0)
				return -1;
		}
	return n == 0 ? 0 : -1;
}

/* Nobody else has either of them open, so closing them drops no lock. */
static int copy_file(const char *path, const char *to, struct fault *why)
{
	int in = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int out = -1, result = -1;

	if (in >= 0)
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (out >= 0)
		result = copy_bytes(in, out);
	if (result < 0)
		fault_set(why, FAULT_STORE, "cannot copy '%s' to '%s': %s",
			  path, to, strerror(errno));
	if (out >= 0)
		close(out);
	if (in >= 0)
		close(in);
	return result;
}

struct choice {
	const char *database;
	struct renewal *r;
	struct store *store; /* NULL: none was whole yet */
	int tries;
	struct fault why;
};

/* One that is damaged, or newer than we are, is passed over. */
static int try_backup(void *context, const char *path)
{
	char part[DATED_PATH];
	struct choice *c = context;

	part_of(c->database, "", part);
	fresh_discard(c->database);
	if (copy_file(path, part, &c->why) == 0 &&
	    store_open(&c->store, part, STORE_CREATE, &c->why) == 0) {
		if (store_verify(c->store, &c->why) == 0) {
			snprintf(c->r->from, sizeof(c->r->from), "%s", path);
			return 1;
		}
		store_close(c->store);
		c->store = NULL;
	}
	return ++c->tries == TRIES;
}

static int open_part(struct choice *c, struct fault *why)
{
	char directory[BACKUP_PATH], part[DATED_PATH];

	backup_directory(c->database, directory);
	(void)backup_each(directory, c->database, try_backup, c, NULL);
	c->r->backup = c->store != NULL;
	if (c->store != NULL)
		return 0;
	part_of(c->database, "", part);
	fresh_discard(c->database);
	return store_open(&c->store, part, STORE_CREATE, why);
}

/* ---- the whole of it ---- */

/* A backup that something else than saslbanctl has made does not say that it is
 * one. */
static int note(struct store *s, int64_t now, const struct renewal *r,
		struct fault *why)
{
	int result;

	if (store_begin(s, why) < 0)
		return -1;
	result = query_run(s, &note_query, why,
			   VALUES(INT(now), TEXT(r->aside), TEXT(r->from),
				  TEXT(r->why.text)));
	if (result == 0 && r->backup)
		result = jail_note_copied(s, why);
	return store_end(s, result, why);
}

/* SQLite has synced it; the permissions and the name are not its own. */
static int complete(const char *part, const char *renewed, struct fault *why)
{
	int fd = open(part, O_RDONLY | O_CLOEXEC);
	int result = -1;

	if (fd >= 0) {
		(void)fchmod(fd, 0640); /* whatever the umask is */
		result = fsync(fd);
		close(fd);
	}
	if (result == 0)
		result = rename(part, renewed);
	if (result < 0)
		return fault_set(why, FAULT_STORE, "cannot write '%s': %s",
				 renewed, strerror(errno));
	fresh_settle(renewed);
	return 0;
}

int fresh_make(const char *database, const char *renewed, int64_t now,
	       struct renewal *r, struct fault *why)
{
	struct choice c = {.database = database, .r = r};
	char part[DATED_PATH];
	int result;

	if (open_part(&c, why) < 0)
		return -1;
	result = note(c.store, now, r, why);
	if (result == 0)
		result = log_fold(c.store, why);
	store_close(c.store);
	if (result < 0)
		return -1;
	part_of(database, "", part);
	return complete(part, renewed, why);
}
