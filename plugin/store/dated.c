/* dated: see dated.h. */
#include "dated.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1000 };

static void stamp(int64_t now, char out[DATED_STAMP])
{
	time_t t = (time_t)now;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, DATED_STAMP, "%Y%m%dT%H%M%SZ", &tm) !=
		    DATED_STAMP - 1)
		memcpy(out, "00000000T000000Z", DATED_STAMP);
}

char *dated_new(const char *prefix, int64_t now, char out[DATED_PATH])
{
	char date[DATED_STAMP];
	struct stat st;

	for (int64_t at = now; at < now + MOST; at++) {
		stamp(at, date);
		snprintf(out, DATED_PATH, "%s%s", prefix, date);
		if (lstat(out, &st) < 0)
			break;
	}
	return out;
}

static bool is_stamp(const char *name)
{
	static const char like[] = "00000000T000000Z";

	for (size_t i = 0; i < sizeof(like) - 1; i++)
		if (like[i] == '0' ? name[i] < '0' || name[i] > '9'
				   : name[i] != like[i])
			return false;
	return name[sizeof(like) - 1] == '\0';
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(b, a);
}

/* The dates of the names that are BASE and a date; of more than MOST any. */
static size_t collect(DIR *dir, const char *base, char date[MOST][DATED_STAMP])
{
	size_t len = strlen(base), n = 0;
	const struct dirent *d;

	while (n < MOST && (d = readdir(dir)) != NULL)
		if (strncmp(d->d_name, base, len) == 0 &&
		    is_stamp(d->d_name + len))
			memcpy(date[n++], d->d_name + len, DATED_STAMP);
	qsort(date, n, DATED_STAMP, newest_first);
	return n;
}

static DIR *open_directory(const char *prefix, const char *base)
{
	char path[DATED_PATH];
	size_t len = (size_t)(base - prefix);

	snprintf(path, sizeof(path), "%.*s", (int)len, prefix);
	return opendir(len == 0 ? "." : path);
}

int dated_each(const char *prefix, int (*see)(void *context, const char *path),
	       void *context, struct fault *why)
{
	const char *slash = strrchr(prefix, '/');
	const char *base = slash == NULL ? prefix : slash + 1;
	DIR *dir = open_directory(prefix, base);
	char date[MOST][DATED_STAMP];
	char path[DATED_PATH];
	struct stat st;
	int answer = 0;
	size_t n;

	if (dir == NULL)
		return errno == ENOENT
			       ? 0
			       : fault_set(why, FAULT_SYSTEM,
					   "cannot read the directory of "
					   "'%s*': %s",
					   prefix, strerror(errno));
	n = collect(dir, base, date);
	closedir(dir);
	for (size_t i = 0; i < n && answer == 0; i++) {
		snprintf(path, sizeof(path), "%s%s", prefix, date[i]);
		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
			answer = see(context, path);
	}
	return answer;
}
