/*
 * look: is there something at a path that cannot become our database? For the
 * check of a configuration, which touches nothing. See saslban/store.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

/* The directory that holds it is there. */
static int look_around(const char *path, struct fault *why)
{
	char directory[SETTINGS_PATH];
	const char *slash = strrchr(path, '/');
	struct stat st;

	if (slash == NULL || slash == path)
		return 0;
	snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path),
		 path);
	if (stat(directory, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return fault_set(why, FAULT_STORE,
			 "cannot create the database '%s': its directory is "
			 "missing; create it, writable for rsyslogd",
			 path);
}

int store_look(const char *path, struct fault *why)
{
	unsigned char head[FILE_HEAD];
	struct fault found = {.kind = FAULT_NONE};
	ssize_t n;
	int fd;

	if (path[0] != '/')
		return 0;
	if (access(path, F_OK) != 0)
		return look_around(path, why);
	if (file_is_regular(path, why) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return 0; /* who opens it later may be somebody else */
	n = read(fd, head, sizeof(head));
	close(fd);
	if (n < 0 || file_judge(path, file_whose(head, (size_t)n), &found) == 0)
		return 0;
	if (found.kind == FAULT_DAMAGED)
		return 0; /* the engine begins a new one */
	if (why != NULL)
		*why = found;
	return -1;
}
