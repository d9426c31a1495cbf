/*
 * forget: what is stored of an address or of a user, of a time or of a jail, is
 * removed for good: its pages are overwritten. For who has to, or wants to.
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

/* ---- a jail ---- */

/* What speaks against forgetting it: bans that run and are not only observed;
 * and entries of its set that the kernel is still to be told to remove, where
 * no other jail has the set. */
struct forget_hold {
	int64_t bans;
	int64_t entries;
	int64_t configured; /* when an engine of it last started */
};

int forget_jail_hold(struct store *s, int64_t jail, int64_t now,
		     struct forget_hold *out, struct fault *why);

/* How many rows there are: failures, bans and breaches. */
int forget_jail_count(struct store *s, int64_t jail, struct forgotten *out,
		      struct fault *why);

struct forget_jail {
	int64_t jail;
	int64_t configured; /* as in forget_hold */
	int64_t now;        /* wall clock, of each step */
	/* The rest is its own; all 0 at first. */
	struct forgotten sum; /* failures, bans and breaches */
	int stage;
	int64_t done, last;
};

/* All that is a jail's own: failures, bans, breaches, outages, notices, what
 * its filters have read, totals, entries of a set that no other jail has; last
 * its settings and its name. In steps as forget_step's: who stops in between
 * leaves a jail that is there with less. Logins are of all jails, and stay. -1
 * with FAULT_SETTING, and nothing of this step, when an engine of the jail has
 * started since it was looked at, or when forget_jail_hold finds something. */
int forget_jail_step(struct forget_jail *f, struct store *s, bool *more,
		     struct fault *why);

#endif
