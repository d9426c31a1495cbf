/* available: see available.h. */
#include "available.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 1024, SUFFIX = sizeof(".conf") - 1 };

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(base(*(char *const *)a), base(*(char *const *)b));
}

/* Append a name, or `...` in its place. False when nothing more fits. */
static bool put(char *out, size_t size, const char *file)
{
	size_t used = strlen(out), n = strlen(file) - SUFFIX;
	const char *split = used == 0 ? "" : ", ";

	if (used + 2 + n + sizeof(", ...") > size) {
		snprintf(out + used, size - used, "%s...", split);
		return false;
	}
	snprintf(out + used, size - used, "%s%.*s", split, (int)n, file);
	return true;
}

void available_filters(const char *const *dirs, size_t ndirs, char *out,
		       size_t size)
{
	char pattern[PATH_SIZE];
	glob_t found = {0};
	const char *last = "";

	out[0] = '\0';
	for (size_t i = 0; i < ndirs; i++) {
		snprintf(pattern, sizeof(pattern), "%s/*.conf", dirs[i]);
		(void)glob(pattern, i == 0 ? 0 : GLOB_APPEND, NULL, &found);
	}
	if (found.gl_pathc > 0)
		qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv),
		      by_name);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *file = base(found.gl_pathv[i]);

		if (strcmp(file, last) == 0)
			continue;
		last = file;
		if (!put(out, size, file))
			break;
	}
	globfree(&found);
}
