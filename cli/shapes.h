/*
 * shapes: lines that are alike, counted once.
 *
 * A million lines of one kind are one entry with the first of them as its
 * example. Lines are alike when they differ only in words that have digits,
 * in what follows a = or stands between brackets or quotes, and in the pid.
 */
#ifndef SASLBAN_CLI_SHAPES_H
#define SASLBAN_CLI_SHAPES_H

#include "excerpt.h"
#include "saslban/logline.h"

enum { SHAPES_MAX = 256 };

struct shape {
	uint64_t hash;
	uint64_t lines;
	const char *unmatched;
	struct excerpt example;
};

struct shapes {
	struct shape one[SHAPES_MAX];
	size_t n;
	uint64_t lines;  /* all of them */
	uint64_t others; /* of which: in no shape, because SHAPES_MAX was
			    reached */
};

/* line is text as it was read. unmatched is kept as a pointer. */
void shapes_add(struct shapes *s, const struct logline *line,
		const char *unmatched, uint64_t number, struct slice text);

/* The most frequent first. */
void shapes_sort(struct shapes *s);

#endif
