/* outfile: see outfile.h. */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(const struct outfile *o, struct fault *why)
{
	return fault_set(why, FAULT_SYSTEM, "cannot write '%s': %s", o->path,
			 strerror(errno));
}

/* Of the directory that the path is in, or 0. */
static mode_t directory_mode(const char *path)
{
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX] = ".";
	struct stat st;

	if (slash != NULL)
		snprintf(directory, sizeof(directory), "%.*s",
			 slash == path ? 1 : (int)(slash - path), path);
	return stat(directory, &st) == 0 ? st.st_mode : 0;
}

/* In a directory as /tmp everybody may put something in the way, as a link to
 * a file of ours, or a pipe, or a file that he can read. The kernel keeps
 * programs from opening that, and not from asking where a link leads. What is
 * our own there only we can replace. */
static bool is_others(const char *path)
{
	mode_t mode = directory_mode(path);
	struct stat st;

	return (mode & S_ISVTX) != 0 && (mode & (S_IWGRP | S_IWOTH)) != 0 &&
	       (lstat(path, &st) < 0 || st.st_uid != geteuid());
}

/* Where path leads. A link to what is not there stays a link, which the new
 * file replaces. */
static int find_place(struct outfile *o, const char *path, bool others,
		      struct fault *why)
{
	char *real = others ? NULL : realpath(path, NULL);
	int n = snprintf(o->path, sizeof(o->path), "%s",
			 real != NULL ? real : path);

	free(real);
	if (n < (int)sizeof(o->path))
		return 0;
	errno = ENAMETOOLONG;
	return refuse(o, why);
}

/* As the file has it that is replaced. Only root can give a file away: for
 * others the mode is what counts. */
static bool inherit(int fd, const struct stat *old)
{
	return (fchown(fd, old->st_uid, old->st_gid) == 0 || geteuid() != 0) &&
	       fchmod(fd, old->st_mode & 07777) == 0;
}

static bool lessen(int fd, mode_t mode)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, mode & ~mask) == 0;
}

/* A descriptor to be written to, or -1. */
static int open_beside(struct outfile *o, mode_t mode, bool others)
{
	struct stat old;
	bool there = !others && stat(o->path, &old) == 0;
	int fd;

	o->beside[0] = '\0';
	if (there && !S_ISREG(old.st_mode))
		return open(o->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (snprintf(o->beside, sizeof(o->beside), "%s.XXXXXX", o->path) >=
	    (int)sizeof(o->beside)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(o->beside, O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (there ? inherit(fd, &old) : lessen(fd, mode))
		return fd;
	close(fd);
	unlink(o->beside);
	return -1;
}

int outfile_open(struct outfile *o, const char *path, mode_t mode,
		 struct fault *why)
{
	bool others = is_others(path);
	int fd;

	if (find_place(o, path, others, why) < 0)
		return -1;
	fd = open_beside(o, mode, others);
	if (fd < 0)
		return refuse(o, why);
	o->file = fdopen(fd, "w");
	if (o->file != NULL)
		return 0;
	refuse(o, why);
	close(fd);
	if (o->beside[0] != '\0')
		unlink(o->beside);
	return -1;
}

/* The directory knows the new name, as far as it can be asked to: some file
 * systems cannot. */
static void sync_directory(const struct outfile *o)
{
	char directory[PATH_MAX];
	char *slash;
	int fd;

	memcpy(directory, o->path, sizeof(directory));
	slash = strrchr(directory, '/');
	if (slash == NULL)
		memcpy(directory, ".", 2);
	else
		slash[slash == directory] = '\0';
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int outfile_commit(struct outfile *o, struct fault *why)
{
	bool aside = o->beside[0] != '\0';
	bool whole = fflush(o->file) == 0 && ferror(o->file) == 0 &&
		     (!aside || fsync(fileno(o->file)) == 0);
	int error = errno;

	if (fclose(o->file) != 0 && whole) {
		whole = false;
		error = errno;
	}
	if (whole && aside && rename(o->beside, o->path) < 0) {
		whole = false;
		error = errno;
	}
	if (!whole) {
		if (aside)
			unlink(o->beside);
		errno = error;
		return refuse(o, why);
	}
	if (aside)
		sync_directory(o);
	return 0;
}

void outfile_abandon(struct outfile *o)
{
	fclose(o->file);
	if (o->beside[0] != '\0')
		unlink(o->beside);
}
