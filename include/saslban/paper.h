/*
 * paper: text of several lines in a buffer of fixed size, for a mail.
 *
 * A line that does not fit is left out as a whole and counted; lines are made
 * for 76 columns. Pure.
 */
#ifndef SASLBAN_PAPER_H
#define SASLBAN_PAPER_H

#include <stddef.h>

#define PAPER_WIDTH 76
#define PAPER_LINE 512 /* of one line, with its end and NUL; cut to it */

struct paper {
	char *text; /* with NUL */
	size_t size;
	size_t len;
	size_t left_out; /* lines */
};

/* Nothing written on it; size at least 1. Borrows the buffer. */
struct paper paper_new(char *text, size_t size);

/* One line; its end is added. */
void paper_line(struct paper *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Words, broken into lines; each begins with so many blanks. */
void paper_wrap(struct paper *p, int indent, const char *text);

#endif
