/*
 * alive: see saslban/alive.h.
 *
 * Open file description locks (fcntl_locking(2)) belong to the descriptor that
 * took them: another one of the same process, closed again, takes none of them
 * away, and two jails of one process see each other's.
 */
#include "saslban/alive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/settings.h"
#include "saslban/siphash.h"

#define FILE_MODE 0640 /* as the database */

/* The bytes of sets: so many, from that one on. No jail has such an id. */
#define SETS (INT64_C(1) << 61)

struct alive {
	int fd; /* -1: of a database in memory */
};

#define ALIVE_PATH (SETTINGS_PATH + 16)

static void path_of(const char *database, char out[ALIVE_PATH])
{
	snprintf(out, ALIVE_PATH, "%s-engines", database);
}

/* Not through a symbolic link, and without waiting for a FIFO's other end. */
enum { OPEN_FLAGS = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY };

static int open_or_create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | OPEN_FLAGS, FILE_MODE);

	if (fd >= 0)
		(void)fchmod(fd, FILE_MODE); /* whatever the umask is */
	else if (errno == EEXIST)
		fd = open(path, O_RDWR | OPEN_FLAGS);
	return fd;
}

static bool is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static struct flock byte_of(int64_t jail, short type)
{
	return (struct flock){.l_type = type,
			      .l_whence = SEEK_SET,
			      .l_start = jail,
			      .l_len = 1};
}

/* No jail has this id. */
enum { OPENING = 0 };

/* What is claimed. */
struct thing {
	int64_t byte;
	enum fault_kind kind; /* of all that goes wrong */
	const char *set;      /* NULL: a jail */
};

static int lock(int fd, const char *path, const struct thing *t,
		struct fault *why)
{
	struct flock byte = byte_of(t->byte, F_WRLCK);

	if (!is_regular(fd))
		return fault_set(why, t->kind,
				 "cannot lock '%s': it is not a regular file",
				 path);
	if (fcntl(fd, F_OFD_SETLK, &byte) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return fault_set(why, t->kind, "cannot lock '%s': %s", path,
				 strerror(errno));
	if (t->set != NULL)
		return fault_set(why, t->kind,
				 "somebody else is making set '%s' larger",
				 t->set);
	return fault_set(why, t->kind,
			 "another engine runs this jail with the same "
			 "database: '%s' is locked; give one of the two "
			 "actions another name or database",
			 path);
}

static int claim(struct alive **out, const char *database,
		 const struct thing *t, struct fault *why)
{
	char path[ALIVE_PATH];
	struct alive *a = malloc(sizeof(*a));

	if (a == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	a->fd = -1;
	if (strcmp(database, ALIVE_NOWHERE) != 0) {
		path_of(database, path);
		a->fd = open_or_create(path);
		if (a->fd < 0)
			fault_set(why, t->kind, "cannot create '%s': %s", path,
				  strerror(errno));
		if (a->fd < 0 || lock(a->fd, path, t, why) < 0) {
			alive_release(a);
			return -1;
		}
	}
	*out = a;
	return 0;
}

int alive_claim(struct alive **out, const char *database, int64_t jail,
		struct fault *why)
{
	const struct thing t = {.byte = jail, .kind = FAULT_STORE};

	return claim(out, database, &t, why);
}

/* Sets of the same name are others in another network namespace. */
static int64_t byte_of_set(const char *set)
{
	static const struct siphash_key key = {{0x736574, 0x67726f77}};
	char text[128];
	struct stat st = {.st_ino = 0};
	int n;

	if (stat("/proc/thread-self/ns/net", &st) < 0)
		st.st_ino = 0;
	n = snprintf(text, sizeof(text), "%s %ju %ju", set,
		     (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return SETS + (int64_t)(siphash(&key, text, (size_t)n) % SETS);
}

int alive_claim_set(struct alive **out, const char *database, const char *set,
		    struct fault *why)
{
	const struct thing t = {
		.byte = byte_of_set(set), .kind = FAULT_ENFORCE, .set = set};

	return claim(out, database, &t, why);
}

bool alive_was_here(const char *database)
{
	char path[ALIVE_PATH];
	struct stat st;

	path_of(database, path);
	return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static int lock_opening(int fd, const char *path, struct fault *why)
{
	struct flock byte = byte_of(OPENING, F_WRLCK);

	if (fcntl(fd, F_OFD_SETLK, &byte) == 0)
		return 1;
	if (errno == EAGAIN || errno == EACCES)
		return 0;
	return fault_set(why, FAULT_STORE, "cannot lock '%s': %s", path,
			 strerror(errno));
}

int alive_lock(struct alive **out, const char *database, bool create,
	       struct fault *why)
{
	char path[ALIVE_PATH];
	struct alive *a;
	int result = -1;

	*out = NULL;
	if (!create && !alive_was_here(database))
		return 1;
	a = malloc(sizeof(*a));
	if (a == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	path_of(database, path);
	a->fd = open_or_create(path);
	if (a->fd < 0)
		fault_set(why, FAULT_STORE, "cannot open '%s': %s", path,
			  strerror(errno));
	else
		result = lock_opening(a->fd, path, why);
	if (result == 1)
		*out = a;
	else
		alive_release(a);
	return result;
}

bool alive_is_seen(const struct alive *a, const char *database)
{
	char path[ALIVE_PATH];
	struct stat ours, there;

	if (a == NULL || a->fd < 0)
		return a != NULL;
	path_of(database, path);
	return fstat(a->fd, &ours) == 0 && lstat(path, &there) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

void alive_release(struct alive *a)
{
	if (a == NULL)
		return;
	if (a->fd >= 0)
		close(a->fd);
	free(a);
}

enum alive_state alive_check(const char *database, int64_t jail)
{
	enum alive_state state = ALIVE_UNKNOWN;
	struct flock byte = byte_of(jail, F_RDLCK);
	char path[ALIVE_PATH];
	int fd;

	if (strcmp(database, ALIVE_NOWHERE) == 0)
		return ALIVE_UNKNOWN;
	path_of(database, path);
	fd = open(path, O_RDONLY | OPEN_FLAGS);
	if (fd < 0)
		return errno == ENOENT ? ALIVE_NOT : ALIVE_UNKNOWN;
	if (is_regular(fd) && fcntl(fd, F_OFD_GETLK, &byte) == 0)
		state = byte.l_type == F_UNLCK ? ALIVE_NOT : ALIVE_RUNS;
	close(fd);
	return state;
}
