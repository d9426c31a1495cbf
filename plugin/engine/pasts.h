/*
 * pasts: the bans that an address has behind it, from memory or the store.
 */
#ifndef SASLBAN_ENGINE_PASTS_H
#define SASLBAN_ENGINE_PASTS_H

#include "docket.h"

/* Of this network alone. */
int pasts_get(struct docket *d, const struct address *network, int64_t now,
	      struct history *out, struct fault *why);

/* Of the address, and what a ban of one of its networks says of it. */
int pasts_with_networks(struct docket *d, const struct address *a, int64_t now,
			struct history *out, struct fault *why);

#endif
