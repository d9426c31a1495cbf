/*
 * entry_want: what the bans want of the kernel, for all bans of a jail at
 * once. (For one address: entry_want in saslban/entry.h.)
 */
#ifndef SASLBAN_STORE_ENTRY_WANT_H
#define SASLBAN_STORE_ENTRY_WANT_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/store.h"

/* Bring the entries in the set of that base name up to date with the bans, for
 * each address that the jail bans. clock: nothing has changed but the clock.
 * Then `wanted` may fall without anything to be removed, and `held` stays. */
int entry_want_all(struct store *s, const char *base, int64_t jail, bool clock,
		   struct fault *why);

/* The jail no longer has that set: the same, or, when no jail has it, all of
 * its entries are forgotten. */
int entry_leave(struct store *s, const char *base, int64_t jail,
		struct fault *why);

#endif
