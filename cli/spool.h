/*
 * spool: text on its way to a stream, collected piece by piece.
 *
 * A line of a million has some forty pieces, and a call of stdio costs more
 * than most of them. Nobody else writes to the stream before spool_flush.
 */
#ifndef SASLBAN_CLI_SPOOL_H
#define SASLBAN_CLI_SPOOL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct spool {
	FILE *file; /* borrowed; its errors are its owner's to find */
	size_t used;
	char text[4096];
};

void spool_put(struct spool *s, const char *text, size_t len);
void spool_text(struct spool *s, const char *text);
void spool_char(struct spool *s, char c);
void spool_number(struct spool *s, int64_t number);
void spool_blanks(struct spool *s, size_t n);

/* All of it goes to the stream. */
void spool_flush(struct spool *s);

#endif
