/*
 * plural: the end of a noun behind a number: "1 ban", "2 bans".
 */
#ifndef SASLBAN_PLURAL_H
#define SASLBAN_PLURAL_H

#include <stdint.h>

static inline const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* Behind "address", "match", "breach". */
static inline const char *plural_es(int64_t n)
{
	return n == 1 ? "" : "es";
}

#endif
