/*
 * allowlist: the store's allow list, as it was handed in last.
 *
 * A new list is collected entry by entry, and then taken as a whole or dropped.
 */
#ifndef SASLBAN_EXEMPT_ALLOWLIST_H
#define SASLBAN_EXEMPT_ALLOWLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "prefixes.h"
#include "saslban/allow.h"

struct allowed {
	struct allow *entry;
	size_t n;
	size_t room;
	struct prefixes prefixes; /* the id is the entry's place */
};

/* All zero: nobody is allowed. */
struct allowlist {
	struct allowed now;
	struct allowed next; /* is being collected */
};

void allowlist_release(struct allowlist *l);

/* One more entry of the next list; -1 when out of memory. */
int allowlist_add(struct allowlist *l, const struct allow *a);

/* The next list is complete: its prefixes can be looked at. */
int allowlist_complete(struct allowlist *l);

/* It takes the place of the one before. True when it allows somebody who was
 * not allowed. */
bool allowlist_take(struct allowlist *l);

/* Or it is dropped. */
void allowlist_drop(struct allowlist *l);

/* Entries that have ended by now (Unix seconds) go. */
void allowlist_expire(struct allowlist *l, int64_t now);

/* When the next one ends; DURATION_FOREVER: none does. */
int64_t allowlist_end(const struct allowlist *l);

#endif
