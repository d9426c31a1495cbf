/*
 * entry: one address in one kernel set: is it wanted there, is it held?
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * `wanted` is what the bans say: the end of the longest one of this address
 * that is neither ended nor lifted in any jail of the set. Bans that are only
 * observed do not count. `held` is what the kernel was last known to hold.
 * The work to do is the difference of the two. Jails that share a set share
 * its entries: whoever comes first does the work, for all of them.
 *
 * offense_add, offense_lift, offense_expire, jail_put and store_shift keep
 * `wanted` right within the transaction of their caller. `held` is noted by
 * whoever changed the set.
 *
 * Whoever talks to the kernel does so in one write transaction: look what is
 * due (entry_due), tell the kernel, note what it now holds (entry_held),
 * commit. Nobody can want anything else in between. Who dies in between has
 * told the kernel something that is not noted, and it is due again: adding and
 * removing are harmless when repeated.
 *
 * But if the ban is lifted then, nothing would be due any more. So when
 * `wanted` falls, `held` is raised to what was wanted before: the entry may be
 * there, and its removal is due. And when more is wanted again, before anybody
 * has looked, `held` falls to 0: it may be that nothing is there, and adding it
 * is due. In other words, while `held` is no more than `wanted` the kernel
 * holds the entry at least for that long, and while it is more, at most.
 *
 * That is true of a set that nobody but us has changed. When it was lost, as
 * by a reboot, or others have removed entries, `held` is not corrected first:
 * whoever compares the set with the store, in the order of entry_each, puts
 * back what is wanted, with which `held` is true again, and corrects the rest.
 * Before he has come to an entry `held` may say too much of it, and never too
 * little: what was pardoned is removed though it is not there; what is wanted
 * for longer is not short before its turn has come; who fails meanwhile is not
 * at large. A comparison that does not come to its end is begun anew.
 */
#ifndef SASLBAN_ENTRY_H
#define SASLBAN_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/dropped.h"
#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/store.h"

#define ENTRY_SET (SETTINGS_SET + 1) /* a kernel set's name, with NUL */

struct entry {
	char set[ENTRY_SET]; /* the kernel's name of it: `saslban4` */
	struct address address;
	int64_t wanted;  /* Unix seconds, DURATION_FOREVER; 0: not wanted */
	int64_t held;    /* the same; 0: not held. DURATION_FOREVER: without a
			  * timeout, or for as long as a lifted ban without an
			  * end may have put it there */
	unsigned strike; /* the highest of the bans that want it; 0: none */
	int64_t since;   /* when the latest of them began, or when its offender
			  * was last seen at large; 0: none */
	struct dropped counted; /* where the kernel's counters stood when the
				 * set was last compared */
};

/* The kernel's name of the set for addresses of that family (ADDRESS_V4,
 * ADDRESS_V6) in a jail whose parameter `set` is base. Returns out. */
char *entry_set(const char *base, unsigned family, char out[ENTRY_SET]);

/* Bring wanted, strike and since of the address in the set of that jail up to
 * date with the bans; called in the transaction that changed these. A row that
 * is neither wanted nor held goes. -1 also if the jail has no set recorded,
 * which jail_put heals. */
int entry_want(struct store *s, int64_t jail, const struct address *a,
	       struct fault *why);

/* What an entry has of a ban. */
struct entry_ban {
	int64_t at;
	int64_t until; /* DURATION_FOREVER: no end; not 0 */
	unsigned strike;
};

/* The same for a ban that has just begun, is not only observed, and is the one
 * of the address that is open in its jail. It is most of what is done under
 * attack, and asks for nothing where no other jail has the set. */
int entry_want_ban(struct store *s, int64_t jail, const struct address *a,
		   const struct entry_ban *ban, struct fault *why);

enum entry_due {
	ENTRY_EXCESS, /* held beyond now and beyond what is wanted: to be
		       * removed, or, while it is wanted, added again for its
		       * own time. What runs out first comes first */
	ENTRY_SHORT,  /* held, but for less than it is wanted, and to run out
		       * before the horizon: to be renewed. What runs out
		       * first comes first */
	ENTRY_ABSENT  /* wanted and not held at all: to be added. The highest
		       * strike first, of these the latest since */
};

/* At most limit entries of the set that are due at now, behind *after, which
 * is as it was read (NULL: from the first one), in the order above. horizon
 * matters to ENTRY_SHORT alone. */
int entry_due(struct store *s, const char *set, enum entry_due which,
	      int64_t now, int64_t horizon, const struct entry *after,
	      struct entry *out, size_t limit, size_t *n, struct fault *why);

/* At most limit entries that yield first when the set is full: held and wanted
 * at now, the lowest strike first, of these the oldest since. */
int entry_weakest(struct store *s, const char *set, int64_t now,
		  struct entry *out, size_t limit, size_t *n,
		  struct fault *why);

/* The kernel holds it until then; 0: it does not. For an address
 * that nobody has banned, 0 does nothing, and another time adds a row that is
 * held and not wanted, and so due to be removed. To leave alone an entry that
 * somebody added without a timeout, note it as held until `wanted`. */
int entry_held(struct store *s, const char *set, const struct address *a,
	       int64_t until, struct fault *why);

/* It was added anew until then, which is not 0: its counters began at zero. */
int entry_added(struct store *s, const char *set, const struct address *a,
		int64_t until, struct fault *why);

/* The offender is at large: banned, not held at now, and goes on. The entry is
 * the first of its strike to be added. Does nothing if it is held or not
 * wanted. */
int entry_at_large(struct store *s, int64_t jail, const struct address *a,
		   int64_t now, struct fault *why);

/* *found says whether there is a row; *out is set only then. */
int entry_get(struct store *s, const char *set, const struct address *a,
	      struct entry *out, bool *found, struct fault *why);

/* Entries of the set in the order of their addresses' text, at most limit (0:
 * all), behind *after, which need not be there (NULL: from the first one). For
 * comparing with the kernel, a piece at a time. */
int entry_each(struct store *s, const char *set, const struct address *after,
	       size_t limit, int (*see)(void *context, const struct entry *e),
	       void *context, struct fault *why);

/* How many are held beyond now. */
int entry_count(struct store *s, const char *set, int64_t now, int64_t *n,
		struct fault *why);

/* How many are wanted beyond now, and not held then. */
int entry_absent(struct store *s, const char *set, int64_t now, int64_t *n,
		 struct fault *why);

/* When the first one of those that are held at now, and wanted for longer than
 * they are held, runs out; DURATION_FOREVER: there is none. */
int entry_next_short(struct store *s, const char *set, int64_t now,
		     int64_t *when, struct fault *why);

/* Forget at most limit entries that nobody wants and nobody holds at now. *n
 * is how many. */
int entry_prune(struct store *s, const char *set, int64_t now, size_t limit,
		size_t *n, struct fault *why);

#endif
