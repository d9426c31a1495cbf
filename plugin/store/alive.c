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

#define FILE_MODE 0640 /* as the database */
#define IN_MEMORY ":memory:"

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

static int lock(int fd, const char *path, int64_t jail, struct fault *why)
{
	struct flock byte = byte_of(jail, F_WRLCK);

	if (!is_regular(fd))
		return fault_set(why, FAULT_STORE,
				 "cannot lock '%s': it is not a regular file",
				 path);
	if (fcntl(fd, F_OFD_SETLK, &byte) == 0)
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return fault_set(why, FAULT_STORE,
				 "another engine runs this jail with the same "
				 "database: '%s' is locked; give one of the "
				 "two actions another name or database",
				 path);
	return fault_set(why, FAULT_STORE, "cannot lock '%s': %s", path,
			 strerror(errno));
}

int alive_claim(struct alive **out, const char *database, int64_t jail,
		struct fault *why)
{
	char path[ALIVE_PATH];
	struct alive *a = malloc(sizeof(*a));

	if (a == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	a->fd = -1;
	if (strcmp(database, IN_MEMORY) != 0) {
		path_of(database, path);
		a->fd = open_or_create(path);
		if (a->fd < 0)
			fault_set(why, FAULT_STORE, "cannot create '%s': %s",
				  path, strerror(errno));
		if (a->fd < 0 || lock(a->fd, path, jail, why) < 0) {
			alive_release(a);
			return -1;
		}
	}
	*out = a;
	return 0;
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

	if (strcmp(database, IN_MEMORY) == 0)
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
