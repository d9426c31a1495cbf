/*
 * name: user names, as they are compared.
 */
#ifndef SASLBAN_MEMORY_NAME_H
#define SASLBAN_MEMORY_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/siphash.h"

struct name {
	uint64_t whole; /* 0: no name */
	uint64_t local; /* what is before the @ */
	bool domain;    /* there is one */
};

struct name name_read(const struct siphash_key *key, const char *user);

/* The same user, as far as can be told: a server that adds its domain and one
 * that does not speak of one user. No name is none of anybody's. */
bool name_same(const struct name *a, const struct name *b);

#endif
