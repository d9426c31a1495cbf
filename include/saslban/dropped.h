/*
 * dropped: packets that were dropped because of a ban, as the kernel counts
 * them.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * The kernel counts for each entry of a set what a rule has looked up and found
 * there. With the rules that we ship that is what was dropped. It begins at
 * zero when an entry is added anew, goes on when one is renewed, and forgets
 * when an entry leaves. So the store has both: where an entry's counters stood
 * when the set was last compared (struct entry), and what has come of it for
 * the ban (struct offense). What came after the last comparison before an entry
 * left is lost.
 */
#ifndef SASLBAN_DROPPED_H
#define SASLBAN_DROPPED_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/store.h"

struct set_entry;

/* Never negative. */
struct dropped {
	int64_t packets;
	int64_t bytes; /* of whole IP packets */
};

/* An entry's counters, as the kernel has them. */
struct dropped dropped_seen(const struct set_entry *entry);

bool dropped_none(const struct dropped *d);

/* What has come since the counters stood at before. Nothing where one of them
 * is less than it was: whoever adds an entry anew notes zero, so now was read
 * before somebody else, a jail of the same set, noted more. (Or a person has
 * added the entry anew by hand: what it counts until it is as far is not
 * known.) */
struct dropped dropped_since(const struct dropped *now,
			     const struct dropped *before);

/* The sum, which has an end that no counter reaches. */
void dropped_add(struct dropped *to, const struct dropped *more);

#define DROPPED_TEXT 64

/* `1234 packets (98 kB)`; a kB is 1000 bytes. Returns buf. */
char *dropped_print(const struct dropped *d, char buf[DROPPED_TEXT]);

/* The counters of the entry stand there now, and more has come since the last
 * time. It goes to each ban of the address that runs in a jail of that set:
 * every one of them would have dropped it. Where none runs any more it goes to
 * nobody. Nothing happens if there is no such entry. */
int dropped_note(struct store *s, const char *set, const struct address *a,
		 const struct dropped *now, const struct dropped *more,
		 struct fault *why);

#endif
