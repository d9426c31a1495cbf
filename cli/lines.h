/*
 * lines: a log file, line by line.
 *
 * Split at \n and nowhere else; any other byte is part of the line. The file
 * is streamed, so its size does not matter, and neither does a line's: of a
 * very long one only the beginning is given, which is more than is judged. One
 * that is compressed is unpacked on the way.
 */
#ifndef SASLBAN_CLI_LINES_H
#define SASLBAN_CLI_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/logline.h"
#include "source.h"

struct lines {
	struct source *source;
	char *buf;
	size_t start; /* of what is not given yet */
	size_t end;
	bool inside;     /* of a line whose beginning was given */
	bool over;       /* the file has no more bytes */
	uint64_t number; /* of the line that was given last; from 1 */
	uint64_t bytes;  /* of the file, read so far */
	uint64_t size;   /* of the file; 0: not known */
};

/* `-` is standard input. -1: it cannot be opened; nothing is left open. */
int lines_open(struct lines *l, const char *path, struct fault *why);
void lines_close(struct lines *l);

/* The next line without its \n, borrowed until the next call. 1, or 0 when
 * there is none, or -1. */
int lines_next(struct lines *l, struct slice *out, struct fault *why);

#endif
