/* textfile: see textfile.h. */
#include "textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool textfile_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool textfile_is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int refuse(const char *path, const char *what, struct fault *why)
{
	return fault_set(why, FAULT_FILTER, "cannot read '%s': %s", path, what);
}

static int check(const char *path, const struct stat *st, struct fault *why)
{
	const char *kind = "something else";

	if (S_ISREG(st->st_mode)) {
		if (st->st_size <= FILE_MAX)
			return 0;
		return refuse(path, "longer than a mebibyte", why);
	}
	if (S_ISDIR(st->st_mode))
		kind = "a directory";
	else if (S_ISFIFO(st->st_mode))
		kind = "a FIFO";
	else if (S_ISSOCK(st->st_mode))
		kind = "a socket";
	else if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		kind = "a device";
	return fault_set(why, FAULT_FILTER,
			 "cannot read '%s': it is %s; allowed: a regular file",
			 path, kind);
}

/* Bytes until the end of the file, at most FILE_MAX + 1; -1 on failure. The
 * size that the file states is not asked: files of /proc state none. */
static ssize_t read_all(int fd, char *text)
{
	size_t len = 0;

	while (len <= FILE_MAX) {
		ssize_t n = read(fd, text + len, FILE_MAX + 1 - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static int read_open(struct textfile *out, int fd, const char *path,
		     struct fault *why)
{
	struct stat st;
	ssize_t len;

	/* Once more: the name may mean another file by now. */
	if (fstat(fd, &st) != 0)
		return refuse(path, strerror(errno), why);
	if (check(path, &st, why) < 0)
		return -1;
	out->device = st.st_dev;
	out->inode = st.st_ino;
	out->text = malloc(FILE_MAX + 1);
	if (out->text == NULL)
		return fault_set(why, FAULT_MEMORY,
				 "out of memory reading '%s'", path);
	len = read_all(fd, out->text);
	if (len >= 0 && len <= FILE_MAX) {
		out->len = (size_t)len;
		return 0;
	}
	refuse(path, len < 0 ? strerror(errno) : "longer than a mebibyte", why);
	free(out->text);
	out->text = NULL;
	return -1;
}

int textfile_read(struct textfile *out, const char *path, struct fault *why)
{
	struct stat st;
	int fd, result;

	memset(out, 0, sizeof(*out));
	/* Some devices do something already when they are opened. */
	if (stat(path, &st) == 0 && check(path, &st, why) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(why, FAULT_FILTER, "cannot open '%s': %s",
				 path, strerror(errno));
	result = read_open(out, fd, path, why);
	close(fd);
	return result;
}
