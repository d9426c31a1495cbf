/*
 * ignorelist: who is never banned, and why.
 *
 * The jail's ignoreip: addresses and prefixes, `self` (ownaddr), host names
 * (resolver); and always the ranges that are nobody's (address_is_special).
 * Belongs to one thread.
 */
#ifndef SASLBAN_IGNORELIST_H
#define SASLBAN_IGNORELIST_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/settings.h"

#define IGNORELIST_SELF_AGAIN 60 /* seconds between two looks at ourselves */

struct ignorelist;

int ignorelist_open(struct ignorelist **out, const struct settings *s,
		    struct fault *why);
void ignorelist_close(struct ignorelist *l);

/* Look at our own addresses again and turn the resolver, when due; what cannot
 * be read stays as it was. boot is seconds of the boot clock. True when the
 * list may cover more than before, so that running bans have to be looked
 * at. */
bool ignorelist_turn(struct ignorelist *l, int64_t boot);

/* When to call ignorelist_turn next; INT64_MAX = never. */
int64_t ignorelist_due(const struct ignorelist *l);

/* The entry that a ban of `a` would touch: one that covers it, or one that
 * lies inside it. NULL when there is none. The text lives as long as l. */
const char *ignorelist_touches(const struct ignorelist *l,
			       const struct address *a);

#endif
