/*
 * forget: what is stored of an address or of a user, or of a time, is removed
 * for good: its pages are overwritten. For who has to, or wants to.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * Failures, bans that are over, logins and breaches. Bans that run stay, with
 * the allow list and the settings. Of a user also his name in the reasons of
 * bans and in outages. What an engine remembers it remembers as long as it
 * would.
 */
#ifndef SASLBAN_FORGET_H
#define SASLBAN_FORGET_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/store.h"

struct forgotten {
	int64_t failures; /* rows, as are all of them */
	int64_t bans;
	int64_t logins;
	int64_t breaches;
	int64_t names; /* places in which a user's name stood besides */
};

struct forget {
	const struct address *at; /* this address and what it contains; NULL:
				   * all */
	const char *user;         /* NULL: all */
	int64_t before;           /* what was over before that */
	bool count;               /* nothing is removed */
	/* The rest is its own; all 0 at first. */
	struct forgotten sum;
	int stage;
	int64_t done, last; /* ids of the table that is gone through */
};

/* The next step, in a transaction of its own, unless it only counts: some ten
 * milliseconds. *more: there is another one. */
int forget_step(struct forget *f, struct store *s, bool *more,
		struct fault *why);

#endif
