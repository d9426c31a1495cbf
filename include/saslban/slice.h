/*
 * slice: a borrowed piece of text.
 *
 * It has no NUL behind it and may hold any byte. Whoever hands out a slice
 * says how long the text behind it lives.
 */
#ifndef SASLBAN_SLICE_H
#define SASLBAN_SLICE_H

#include <stddef.h>

struct slice {
	const char *at; /* may be NULL when len is 0 */
	size_t len;
};

#endif
