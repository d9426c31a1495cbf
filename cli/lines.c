/* lines: see lines.h. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER = 256 * 1024, LONGEST = BUFFER / 2 };

int lines_open(struct lines *l, const char *path, struct fault *why)
{
	memset(l, 0, sizeof(*l));
	if (source_open(&l->source, path, why) < 0)
		return -1;
	l->size = source_size(l->source);
	l->buf = malloc(BUFFER);
	if (l->buf == NULL) {
		lines_close(l);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	return 0;
}

void lines_close(struct lines *l)
{
	source_close(l->source);
	free(l->buf);
}

/* Read more bytes after those that are there, which may move. */
static int fill(struct lines *l, struct fault *why)
{
	ssize_t n;

	memmove(l->buf, l->buf + l->start, l->end - l->start);
	l->end -= l->start;
	l->start = 0;
	n = source_read(l->source, l->buf + l->end, BUFFER - l->end, why);
	if (n < 0)
		return -1;
	l->over = n == 0;
	l->end += (size_t)n;
	l->bytes = source_taken(l->source);
	return 0;
}

/* A line of len bytes; `skip` bytes after it are no part of it. */
static int give(struct lines *l, size_t len, size_t skip, struct slice *out)
{
	*out = (struct slice){l->buf + l->start, len};
	l->start += len + skip;
	l->number++;
	return 1;
}

int lines_next(struct lines *l, struct slice *out, struct fault *why)
{
	for (;;) {
		size_t n = l->end - l->start;
		const char *at = l->buf + l->start;
		const char *nl = memchr(at, '\n', n);

		if (nl != NULL && !l->inside)
			return give(l, (size_t)(nl - at), 1, out);
		if (nl != NULL) {
			l->start += (size_t)(nl - at) + 1;
			l->inside = false;
			continue;
		}
		if (l->inside)
			l->start = l->end;
		else if (n >= LONGEST || (l->over && n > 0)) {
			l->inside = !l->over;
			return give(l, n, 0, out);
		}
		if (l->over)
			return 0;
		if (fill(l, why) < 0)
			return -1;
	}
}
