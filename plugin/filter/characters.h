/*
 * characters: text as Python reads a log in UTF-8.
 *
 * What is no UTF-8 becomes U+FFFD, once for each piece that could have begun a
 * character. So every text is well-formed, and PCRE2 need not look again.
 */
#ifndef SASLBAN_FILTER_CHARACTERS_H
#define SASLBAN_FILTER_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/slice.h"

/* Is there anything beyond ASCII? */
bool characters_beyond(struct slice text);

/* Write the text, well-formed, to out, which has three bytes for each of it. */
struct slice characters_of(struct slice text, char *out);

#endif
