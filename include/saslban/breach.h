/*
 * breach: logins that should not have been possible: guesses that hit.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_BREACH_H
#define SASLBAN_BREACH_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/policy.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

#define BREACH_AGAIN 86400 /* seconds: the same again is no new one */
#define BREACH_WHY 160     /* text, with NUL */

struct breach_row {
	int64_t id;
	int64_t jail;
	int64_t at;   /* the first login */
	int64_t last; /* the latest one */
	int64_t count;
	char user[SIGHTING_USER];
	struct address host;
	char service[SIGHTING_WORD];
	char kind[16]; /* breach_word() */
	char why[BREACH_WHY];
};

/* *fresh: no breach of that user from that host is known since BREACH_AGAIN,
 * and b->id is set; else that one is counted on. */
int breach_add(struct store *s, struct breach_row *b, bool *fresh,
	       struct fault *why);

/* Of the jail (0: of all) at or after since, the latest first; limit 0 = all.
 */
int breach_each(struct store *s, int64_t jail, int64_t since, size_t limit,
		int (*see)(void *context, const struct breach_row *b),
		void *context, struct fault *why);

/* Forget those whose last time is before `before`. */
int breach_prune(struct store *s, int64_t jail, int64_t before,
		 struct fault *why);

#endif
