/*
 * kernel: the sets, as far as saslbanctl asks and tells them.
 *
 * The store is the truth. What goes into a set is never what a verb thinks,
 * but what the store says once it has been written.
 */
#ifndef SASLBAN_CLI_KERNEL_H
#define SASLBAN_CLI_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/enforcer.h"
#include "session.h"

/*
 * Make the set of the jail hold of this very address what the store says, and
 * note in the store that it does. Bans of other jails that use the same set
 * are kept. Nothing is asked of the kernel when there is nothing to do. -1
 * when the kernel or the store refuses: the record stands, and the engine
 * will carry it out.
 */
int kernel_settle(const struct session *s, const struct jail *jail,
		  const struct address *a, int64_t now, struct fault *why);

/* kernel_settle has failed: say what that means. Fine when the engine is there
 * to carry it out, else a failure. */
enum status kernel_pending(const struct jail *jail, int64_t now,
			   const struct fault *why);

/* The entry of the set that holds address a, the narrowest one; *found tells
 * whether there is any. */
int kernel_find(const struct jail *jail, const struct address *a,
		struct entry_seen *out, bool *found, struct fault *why);

int kernel_state(const struct jail *jail, struct enforcer_state *out,
		 struct fault *why);

#endif
