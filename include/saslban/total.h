/*
 * total: how often something happened since the database was made. A total
 * never falls: it does not know what was forgotten, lifted or pardoned since.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * The functions that write what happened (failure_add, offense_add ...) add to
 * it, and it is written with them, by store_commit and its like: a transaction
 * that is rolled back has counted nothing. Who else counts calls total_add
 * within a transaction of his own.
 */
#ifndef SASLBAN_TOTAL_H
#define SASLBAN_TOTAL_H

#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

/* What `word` of each is, and whether it has a strike. */
enum total_kind {
	TOTAL_FAILURES,      /* verdict_word(), as it was when it came */
	TOTAL_SERVICES,      /* failures once more, by their service */
	TOTAL_BANS,          /* ground_word(), strike */
	TOTAL_OBSERVED,      /* the same of a jail that only observes */
	TOTAL_LIFTED,        /* bans, "" */
	TOTAL_EXPIRED,       /* bans, "" */
	TOTAL_BREACHES,      /* breach_word() */
	TOTAL_OUTAGES,       /* "" */
	TOTAL_PACKETS,       /* the kernel's name of a set; of jail 0 */
	TOTAL_BYTES,         /* the same */
	TOTAL_LOGINS,        /* "" */
	TOTAL_TROUBLE,       /* lines, "" */
	TOTAL_LOST_FAILURES, /* the queue had no room, "" */
	TOTAL_LOST_OTHERS,   /* logins and trouble, "" */
	TOTAL_REFUSED,       /* rounds that the database refused, "" */
	TOTALS
};

#define TOTAL_WORDS                                                \
	100 /* words of one jail and kind; of more, all others are \
	     * one: TOTAL_OTHER */
#define TOTAL_OTHER "other"
#define TOTAL_STRIKE 10 /* stands for all from it on */

struct total {
	int64_t jail; /* 0: of none */
	enum total_kind kind;
	char word[SIGHTING_WORD]; /* may hold anything */
	unsigned strike;          /* 0: has none, or a person's ban has */
	int64_t value;
};

/* Each word of ours gets a row of the jail, so that a total begins at 0 and not
 * with the first time. set: the base name of its sets, NULL: it has none. */
int total_begin(struct store *s, int64_t jail, const char *set,
		struct fault *why);

/* So many more; nothing is written yet unless much has come together. */
int total_add(struct store *s, int64_t jail, enum total_kind kind,
	      const char *word, unsigned strike, uint64_t n, struct fault *why);

/* How many of a kind this connection has committed, of all jails and words. */
uint64_t total_committed(const struct store *s, enum total_kind kind);

/* By jail, kind in the order above, word and strike. */
int total_each(struct store *s,
	       int (*see)(void *context, const struct total *t), void *context,
	       struct fault *why);

#endif
