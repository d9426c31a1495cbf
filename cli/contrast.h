/*
 * contrast: whom one policy bans and the other one does not, ever.
 */
#ifndef SASLBAN_CLI_CONTRAST_H
#define SASLBAN_CLI_CONTRAST_H

#include <stddef.h>

#include "saslban/fault.h"
#include "tally.h"

/* The bans of a whose address lies in none that b bans; of an address the
 * first. *out, the caller's to free, has *n of them; they are a's. */
int contrast_take(const struct tally *a, const struct tally *b,
		  const struct tally_ban ***out, size_t *n, struct fault *why);

#endif
