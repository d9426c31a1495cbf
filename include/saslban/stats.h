/*
 * stats: what filters and their rules have seen, kept.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_STATS_H
#define SASLBAN_STATS_H

#include <stddef.h>
#include <stdint.h>
#include "saslban/fault.h"
#include "saslban/filter_stats.h"
#include "saslban/store.h"

/* No filter of the jail and none of its rules is loaded any more; those that
 * are added from now on are. What was not seen since before is forgotten. */
int stats_unload(struct store *s, int64_t jail, int64_t before,
		 struct fault *why);

/* Add what was counted, at now; numbers may all be 0. Of jail and filter there
 * is one row. lines, unmatched, ambiguous, orphans, overruns: so many more.
 * unmatched is also added to unmatched_since_match, which begins anew when
 * matched is not 0. An empty example leaves the old one; first, last and warned
 * are the store's own. */
int stats_filter_add(struct store *s, const struct filter_stats *more,
		     int64_t now, struct fault *why);

/* The same of a rule: jail, filter, name, kind and regex say which; another
 * regex is another rule. hits and overruns: so many more. */
int stats_rule_add(struct store *s, const struct rule_stats *more, int64_t now,
		   struct fault *why);

/* It was reported as blind. */
int stats_filter_warned(struct store *s, int64_t jail, const char *filter,
			int64_t now, struct fault *why);

/* Those that are loaded, of the jail or (0) of all jails: by jail, and in the
 * order in which they were first added. */
int stats_filter_each(struct store *s, int64_t jail,
		      int (*see)(void *context,
				 const struct filter_stats *filter),
		      void *context, struct fault *why);
int stats_rule_each(struct store *s, int64_t jail,
		    int (*see)(void *context, const struct rule_stats *rule),
		    void *context, struct fault *why);

#endif
