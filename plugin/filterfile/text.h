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

enum { TEXT_MAX = 1 << 18 }; /* bytes of one text */

/* A place, in one number. Files and lines are counted from 1, file 0 is the
 * stanza; columns are bytes, from 0. */
enum { COLUMN_BITS = 20, LINE_BITS = 24 };

static inline uint64_t place(uint32_t file, uint32_t line, size_t column)
{
	return ((uint64_t)file << LINE_BITS | line) << COLUMN_BITS | column;
}

static inline uint32_t place_file(uint64_t from)
{
	return (uint32_t)(from >> (LINE_BITS + COLUMN_BITS));
}

static inline uint32_t place_line(uint64_t from)
{
	return (uint32_t)(from >> COLUMN_BITS) & ((1u << LINE_BITS) - 1);
}

static inline uint32_t place_column(uint64_t from)
{
	return (uint32_t)from & ((1u << COLUMN_BITS) - 1);
}

/* Grows as it is written. Running out of memory or of TEXT_MAX makes it bad:
 * what is written to it later is dropped, and whoever wrote asks once, at the
 * end. Zero is a valid empty text. */
struct text {
	char *at;       /* with a NUL behind it once anything was written */
	uint64_t *from; /* for each byte its place */
	size_t len;
	size_t capacity; /* bytes that fit */
	bool bad;
};

/* Append bytes that all come from one place. */
void text_put(struct text *t, const char *bytes, size_t len, uint64_t from);
void text_puts(struct text *t, const char *words, uint64_t from);

/* Append bytes that stand one behind the other, from that place on. */
void text_put_line(struct text *t, const char *bytes, size_t len,
		   uint64_t from);

/* Append the bytes start..end of source, with their places. */
void text_copy(struct text *t, const struct text *source, size_t start,
	       size_t end);

/* Put a text in the place of the bytes start..end. */
void text_splice(struct text *t, size_t start, size_t end,
		 const struct text *with);

void text_drop(struct text *t);

/* The place of a byte, or of the last one; 0 of an empty text. */
uint64_t text_from(const struct text *t, size_t offset);

#endif
