/*
 * allow: the allow list. Who is not to be banned because a person said so,
 * until when, and why.
 *
 * A part of the store (saslban/store.h says what holds for all of it). It
 * belongs to no jail: it holds for all of this database.
 */
#ifndef SASLBAN_ALLOW_H
#define SASLBAN_ALLOW_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/store.h"

#define ALLOW_COMMENT 160 /* text of a comment, with NUL */
#define ALLOW_BY 64       /* text of a person, with NUL */

struct allow {
	struct address address;
	char comment[ALLOW_COMMENT]; /* "": none */
	char by[ALLOW_BY];           /* "": not known */
	int64_t at;                  /* when it was put */
	int64_t until; /* DURATION_FOREVER: NULL in the table. It counts no
			* more from then on */
};

/* An entry for this address, in the place of one that is there. */
int allow_put(struct store *s, const struct allow *a, struct fault *why);

/* The entry of exactly this address goes. *n: how many went, 0 or 1. */
int allow_delete(struct store *s, const struct address *a, size_t *n,
		 struct fault *why);

/* Those that count at now, the latest first. What somebody has written there
 * that is no address is passed over. */
int allow_each(struct store *s, int64_t now,
	       int (*see)(void *context, const struct allow *a), void *context,
	       struct fault *why);

/* Forget at most limit of those that count no more at now. *n: how many. */
int allow_prune(struct store *s, int64_t now, size_t limit, size_t *n,
		struct fault *why);

#endif
