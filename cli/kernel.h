/*
 * kernel: the sets of a jail, as far as saslbanctl asks and changes them.
 *
 * The store is the truth. What goes into a set is never what a verb thinks,
 * but what the store wants there once it has been written.
 */
#ifndef SASLBAN_CLI_KERNEL_H
#define SASLBAN_CLI_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/dropped.h"
#include "saslban/enforcer.h"
#include "session.h"

/* ---- change ---- */

/*
 * Bring the kernel's entry of this very address, in the set of that jail, to
 * what the store wants, and note it. Bans of other jails that use the same
 * set are kept. The kernel is not asked when the store believes that there is
 * nothing to do. -1 when the kernel or the store refuses: the record stands,
 * and the engine will carry it out.
 */
int kernel_settle(const struct session *s, const struct jail *jail,
		  const struct address *a, int64_t now, struct fault *why);

/* The same, but ask the kernel first what it holds: somebody may have removed
 * the entry. */
int kernel_settle_seen(const struct session *s, const struct jail *jail,
		       const struct address *a, int64_t now, struct fault *why);

/* The same for all that the store wants changed in the jail's sets by now.
 * FAULT_SET_GONE only if nothing worse is to be told: a set that is gone holds
 * nothing, so that what was to be removed from it is not in it. */
int kernel_work(const struct session *s, const struct jail *jail, int64_t now,
		struct fault *why);

/* kernel_settle has failed: print what that means. STATUS_OK when an engine is
 * there to carry it out. */
enum status kernel_pending(const struct session *s, const struct jail *jail,
			   int64_t now, const struct fault *why);

/* ---- ask ---- */

/* Why an entry is there. */
enum kernel_cause {
	KERNEL_BAN,     /* a ban wants it */
	KERNEL_LEAVING, /* none does any more: the engine is to remove it */
	KERNEL_FOREIGN  /* the store knows nothing of it */
};

/* The word for it where a state is shown, as the manual and the JSON have it:
 * `ban`, `leaving`, `foreign`. */
const char *kernel_cause_word(enum kernel_cause cause);

struct kernel_entry {
	char set[ENFORCER_NAME];
	struct set_entry seen;
	enum kernel_cause cause;
	struct dropped since; /* counted since the engine last looked */
};

/* Seconds that are left to it; DURATION_FOREVER when it has no timeout. */
int64_t kernel_left(const struct kernel_entry *e);

#define KERNEL_NESTED                                           \
	16 /* entries around one address; further ones are left \
	    * out */

/* The entries of the jail's sets that contain address a, the narrowest first.
 * A set that is missing has none. */
int kernel_find(const struct session *s, const struct jail *jail,
		const struct address *a, int64_t now,
		struct kernel_entry out[KERNEL_NESTED], size_t *n,
		struct fault *why);

/* Every entry of the jail's sets that no ban wants. */
int kernel_each_unwanted(const struct session *s, const struct jail *jail,
			 int64_t now,
			 int (*see)(void *context,
				    const struct kernel_entry *e),
			 void *context, struct fault *why);

/* Remove an entry that no ban wants; not *removed when one does by now. */
int kernel_remove(const struct session *s, const struct jail *jail,
		  const struct address *a, int64_t now, bool *removed,
		  struct fault *why);

/* Has the kernel what the enforcer needs that these settings ask for? *kind is
 * that enforcer's; of both, NULL when none can be opened. */
int kernel_look(const struct settings *s, const struct enforcer_kind **kind,
		struct fault *why);
int kernel_state(const struct jail *jail, enum enforcer_set set,
		 struct set_state *out, const struct enforcer_kind **kind,
		 struct fault *why);

#endif
