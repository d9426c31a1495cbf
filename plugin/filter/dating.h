/*
 * dating: the date of a line of a log file, where datepattern says what it
 * looks like.
 */
#ifndef SASLBAN_FILTER_DATING_H
#define SASLBAN_FILTER_DATING_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/filterfile.h"
#include "saslban/logline.h"
#include "saslban/rawline.h"

struct dating;
struct filter_scratch;

/* NULL when out of memory, or when PCRE2 does not take an expression: then the
 * pattern means nothing, as one that is not understood. file has to live as
 * long. */
struct dating *dating_open(const struct filterfile *file);
void dating_close(struct dating *d);

/* Groups of the expression that has most: the scratch has room for them. */
uint32_t dating_groups(const struct dating *d);

/* The message of a line as a line of a file, with its date cut as the first
 * pattern that fits says. False when none does. */
bool dating_cut(const struct dating *d, struct filter_scratch *s,
		const struct logline *line, struct rawline *out);

#endif
