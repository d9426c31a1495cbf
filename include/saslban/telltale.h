/*
 * telltale: words by which a line looks like a failed login.
 *
 * No verdict, only a hint for people: a line that has such words and that no
 * rule knows may be a shape that a filter lacks. Clients can put the words
 * into their user names, so nothing may be decided by them.
 */
#ifndef SASLBAN_TELLTALE_H
#define SASLBAN_TELLTALE_H

#include <stddef.h>

/* The words that text has, as they stand in the table, in small letters; NULL
 * when it has none. Case does not matter, for ASCII. One pass over the text,
 * which may hold any byte. */
const char *telltale_find(const char *text, size_t len);

#endif
