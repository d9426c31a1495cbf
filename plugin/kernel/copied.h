/*
 * copied: which entries a growing set has been given, and as what. Pure.
 *
 * 28 bytes for each, and as much again at most for places that are free.
 */
#ifndef SASLBAN_KERNEL_COPIED_H
#define SASLBAN_KERNEL_COPIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/enforcer.h"

struct copied_entry; /* see copied.c */

struct copied {
	struct copied_entry *entry; /* NULL: nothing yet */
	size_t capacity;            /* a power of two */
	size_t n;
	uint64_t secret; /* whoever is banned must not choose the places */
	int64_t began;   /* what times are counted from */
	uint8_t pass;    /* the one that runs */
};

/* Room for so many at first. -1: out of memory. */
int copied_open(struct copied *c, size_t n, uint64_t secret, int64_t began);
void copied_close(struct copied *c);

/* All are to be seen anew. */
void copied_next_pass(struct copied *c);

/* One that the old set has, at the second now. 1: the new set lacks it, or has
 * it as it was before; it counts as given from here on. 0: there is nothing to
 * do. -1: out of memory. */
int copied_see(struct copied *c, const struct set_entry *entry, int64_t now);

/* It was to be given, and perhaps was not: the next time it is seen it is to be
 * given again, and if it is not seen it is to be taken out. */
void copied_doubt(struct copied *c, const struct address *a);

/* Those that this pass has not seen, up to n of them from *at on. Returns how
 * many. */
size_t copied_unseen(const struct copied *c, size_t *at, struct address *out,
		     size_t n);

/* It was taken out. */
void copied_taken(struct copied *c, const struct address *a);

#endif
