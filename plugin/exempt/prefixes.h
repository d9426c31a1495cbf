/*
 * prefixes: many addresses and prefixes, and whether one lies in any of them.
 *
 * Each failure asks, and a list may have thousands: they are sorted, and a
 * question costs a binary search.
 */
#ifndef SASLBAN_EXEMPT_PREFIXES_H
#define SASLBAN_EXEMPT_PREFIXES_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/address.h"

struct prefix {
	struct address address;
	size_t id;    /* the caller's */
	size_t above; /* the narrowest other one that holds it, counted from 1;
		       * 0: none does */
};

/* All zero: empty. */
struct prefixes {
	struct prefix *at;
	size_t n;
	size_t room;
};

/* -1 when out of memory. The set is to be sorted then. */
int prefixes_add(struct prefixes *p, const struct address *a, size_t id);
void prefixes_sort(struct prefixes *p);
void prefixes_release(struct prefixes *p);

/* The narrowest one that holds all of a; else one that lies in a; NULL when no
 * address is in both. */
const struct prefix *prefixes_find(const struct prefixes *p,
				   const struct address *a);

/* True when every one of p lies in one of those. */
bool prefixes_within(const struct prefixes *p, const struct prefixes *those);

#endif
