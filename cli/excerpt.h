/*
 * excerpt: the beginning of a log line, kept to be shown as an example.
 *
 * What looks like a password is replaced by `[hidden]` when it is taken, so
 * that it is not even kept.
 */
#ifndef SASLBAN_CLI_EXCERPT_H
#define SASLBAN_CLI_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output.h"

enum { EXCERPT_BYTES = 400 };

struct excerpt {
	uint64_t line; /* its number; 0: none was taken */
	bool cut;
	size_t len;
	char text[EXCERPT_BYTES];
};

void excerpt_take(struct excerpt *e, uint64_t line, const char *text,
		  size_t len);

/* The text, escaped; `...` after it when the line was longer. */
void excerpt_print(const struct excerpt *e, const struct output *o);

#endif
