/*
 * seen: what a reading of a set has found, and what of it was asked for.
 *
 * It is asked in the order of the store, which is not the kernel's, a million
 * times, and between two lines of a log: so it is a table by address, which
 * grows without a step that takes long. An entry takes 56 bytes.
 */
#ifndef SASLBAN_ENGINE_SEEN_H
#define SASLBAN_ENGINE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/dropped.h"

struct seen_entry {
	struct address address;
	bool known;             /* the store has it, too; the caller's */
	uint32_t left;          /* seconds, as it was added; 0: permanent */
	uint32_t next;          /* of the same bucket, by number; 0: none */
	struct dropped counted; /* where its counters stand */
};

struct seen {
	struct seen_entry *entry; /* in the order in which they came */
	size_t n;
	size_t capacity;
	uint32_t *bucket; /* number of the first entry, from 1; 0: none */
	size_t buckets;   /* a power of two; 0: not yet */
};

/* Empty, for about so many. -1: out of memory. */
int seen_begin(struct seen *s, size_t expected);

/* -1: out of memory, or more than a set can hold. */
int seen_add(struct seen *s, const struct address *address, int64_t left,
	     const struct dropped *counted);

/* NULL: it was not seen. Lives until the next seen_add. */
struct seen_entry *seen_find(const struct seen *s,
			     const struct address *address);

/* Free what it has; it is empty. Fine at any time. */
void seen_end(struct seen *s);

#endif
