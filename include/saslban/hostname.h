/*
 * hostname: the last known addresses of the host names in ignoreip, for a
 * start without a name server.
 *
 * A part of the store (saslban/store.h says what holds for all of it). Names
 * belong to no jail: what one has looked up is true for all.
 */
#ifndef SASLBAN_HOSTNAME_H
#define SASLBAN_HOSTNAME_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/store.h"

/* The name has these addresses and no others; n 0: it is forgotten. */
int hostname_put(struct store *s, const char *name,
		 const struct address *addresses, size_t n, int64_t now,
		 struct fault *why);

/* Each address of each name, by name. at is when it was put. */
int hostname_each(struct store *s,
		  int (*see)(void *context, const char *name,
			     const struct address *address, int64_t at),
		  void *context, struct fault *why);

#endif
