/*
 * recall: the store's rows into memory.
 */
#ifndef SASLBAN_ENGINE_RECALL_H
#define SASLBAN_ENGINE_RECALL_H

#include "docket.h"

/* Into an empty memory and list of suspects, as they were when the last of them
 * was written. *learned: the time of the latest login that was read. */
int recall_all(struct docket *d, int64_t now, int64_t *learned,
	       struct fault *why);

/* The same in the place of what is remembered, when what it meant has changed.
 * Within a transaction; all has been written. */
int recall_again(struct docket *d, int64_t now, struct fault *why);

/* Logins since *learned. */
int recall_logins(struct memory *m, struct store *s,
		  const struct settings *settings, int64_t now,
		  int64_t *learned, struct fault *why);

#endif
