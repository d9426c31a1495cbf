/*
 * literal: bytes that every match of an expression holds.
 */
#ifndef SASLBAN_FILTER_LITERAL_H
#define SASLBAN_FILTER_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/slice.h"

enum {
	LITERAL_MAX = 48, /* bytes; a longer one is cut */
	NEEDS = 4         /* that are kept of one expression */
};

struct literal {
	char at[LITERAL_MAX];
	size_t len;
	size_t rare; /* which byte is looked for first (literal_index) */
};

struct literals {
	struct literal one[NEEDS];
	size_t n;
};

/* start: every match begins the text with it; may be empty. needs: every match
 * holds each of them, and they are not part of start; the longest first. An
 * expression that is not understood has neither. */
void literal_derive(const char *regex, size_t len, struct literal *start,
		    struct literals *needs);

/* To be called once before literal_in. */
void literal_index(struct literal *l);
bool literal_in(const struct literal *l, struct slice text);

#endif
