/*
 * text: text whose bytes know where they stood.
 *
 * An expression is put together from pieces of many lines and files. Each of
 * its bytes keeps the place that it came from, so that a fault names the line
 * which is wrong and not the one where everything ended up.
 */
#ifndef SASLBAN_FILTERFILE_TEXT_H
#define SASLBAN_FILTERFILE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TEXT_MAX = 1 << 18, /* bytes of one text */
	LINE_BITS = 20      /* of a place: file << LINE_BITS | line */
};

/* Grows as it is written. Running out of memory or of TEXT_MAX makes it bad:
 * what is written to it later is dropped, and whoever wrote asks once, at the
 * end. Zero is a valid empty text. */
struct text {
	char *at;       /* with a NUL behind it once anything was written */
	uint32_t *from; /* for each byte its place */
	size_t len;
	size_t capacity; /* bytes that fit */
	bool bad;
};

/* Append bytes that all come from one place. */
void text_put(struct text *t, const char *bytes, size_t len, uint32_t from);
void text_puts(struct text *t, const char *words, uint32_t from);

/* Append the bytes start..end of source, with their places. */
void text_copy(struct text *t, const struct text *source, size_t start,
	       size_t end);

/* Put a text in the place of the bytes start..end. */
void text_splice(struct text *t, size_t start, size_t end,
		 const struct text *with);

void text_drop(struct text *t);

/* The place of a byte, or of the last one; 0 of an empty text. */
uint32_t text_from(const struct text *t, size_t offset);

#endif
