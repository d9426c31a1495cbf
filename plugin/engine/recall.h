/*
 * recall: the store's rows into memory.
 */
#ifndef SASLBAN_ENGINE_RECALL_H
#define SASLBAN_ENGINE_RECALL_H

#include "saslban/memory.h"
#include "saslban/settings.h"
#include "saslban/store.h"

/* Into an empty memory, as it was when the last of them was written. *learned:
 * the time of the latest login that was read. */
int recall_all(struct memory *m, struct store *s,
	       const struct settings *settings, int64_t jail, int64_t now,
	       int64_t *learned, struct fault *why);

/* Logins since *learned. */
int recall_logins(struct memory *m, struct store *s,
		  const struct settings *settings, int64_t now,
		  int64_t *learned, struct fault *why);

#endif
