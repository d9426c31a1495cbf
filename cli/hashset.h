/*
 * hashset: hashes of 64 bits, each taken for what it is of; eight bytes for
 * one. For counting what is different among millions. The hashes have to be
 * ones that the remote cannot choose (saslban/siphash.h).
 */
#ifndef SASLBAN_CLI_HASHSET_H
#define SASLBAN_CLI_HASHSET_H

#include <stddef.h>
#include <stdint.h>

/* All zero is an empty one. */
struct hashset {
	uint64_t *slot; /* 0: there is nothing */
	size_t slots;   /* 0, or a power of 2 */
	size_t n;
};

void hashset_close(struct hashset *s);

/* 1: it is new; 0: it was there; -1: out of memory. */
int hashset_add(struct hashset *s, uint64_t hash);

#endif
