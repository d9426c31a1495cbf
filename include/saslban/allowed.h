/*
 * allowed: the store's allow list, made known to the exempt.
 */
#ifndef SASLBAN_ALLOWED_H
#define SASLBAN_ALLOWED_H

#include <stdint.h>

#include "saslban/exempt.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/store.h"

/* The whole of it, in place of what the exempt had. To be called when it may be
 * another one. */
int allowed_load(struct exempt *x, struct store *s, struct moment now,
		 struct fault *why);

/* The same, if somebody else has written to the store since. *version: of the
 * store of which the exempt has it; 0: of none. */
int allowed_renew(struct exempt *x, struct store *s, int64_t *version,
		  struct moment now, struct fault *why);

#endif
