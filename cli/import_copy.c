/* import_copy: what can be read once, and at its writer's pace, see import.h.
 */
#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 65536 };

static int refused(const struct import *m, const char *task, struct fault *why)
{
	return fault_set(why, FAULT_SYSTEM, "cannot %s '%s': %s", task, m->path,
			 strerror(errno));
}

static int copy_bytes(const struct import *m, int from, FILE *to,
		      struct fault *why)
{
	char chunk[CHUNK];
	ssize_t n;

	while ((n = read(from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refused(m, "read", why);
		if (fwrite(chunk, 1, (size_t)n, to) != (size_t)n)
			return refused(m, "copy", why);
	}
	return fflush(to) == 0 ? 0 : refused(m, "copy", why);
}

/* The copy stays open until the program ends. */
static int copy(struct import *m, int from, struct fault *why)
{
	FILE *to = tmpfile();

	if (to == NULL)
		return refused(m, "copy", why);
	if (copy_bytes(m, from, to, why) < 0) {
		fclose(to);
		return -1;
	}
	snprintf(m->copy, sizeof(m->copy), "/proc/self/fd/%d", fileno(to));
	m->source = m->copy;
	return 0;
}

int import_copy(struct import *m, struct fault *why)
{
	bool standard = strcmp(m->path, "-") == 0;
	int from = standard ? STDIN_FILENO
			    : open(m->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int result = 0;
	struct stat st;

	if (from < 0)
		return refused(m, "open", why);
	if (fstat(from, &st) == 0 && !S_ISREG(st.st_mode))
		result = copy(m, from, why);
	if (!standard)
		close(from);
	return result;
}
