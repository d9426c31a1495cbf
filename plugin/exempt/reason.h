/*
 * reason: why an address is exempt, the best one so far.
 */
#ifndef SASLBAN_EXEMPT_REASON_H
#define SASLBAN_EXEMPT_REASON_H

#include <stdbool.h>

#include "saslban/exempt.h"

struct reason {
	const struct address *about; /* that was asked about */
	struct exempt_reason found;  /* EXEMPT_NOT: none yet */
};

/* One more, of which address, kind and where it stands are set. True when the
 * search is over: no other can be better. */
bool reason_weigh(struct reason *r, const struct exempt_reason *other);

#endif
