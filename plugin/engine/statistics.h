/*
 * statistics: what the filters and their rules have seen, kept in the store.
 *
 * Workers only count, in the compiled filters. Once a minute the counters are
 * read here, and what has been added to them goes into the store, so that it
 * outlives a restart. What one transaction could not keep the next one does.
 * Two things are reported then that nobody would find out otherwise: a rule
 * runs into its limits, and a filter is blind (saslban/filter_stats.h).
 */
#ifndef SASLBAN_ENGINE_STATISTICS_H
#define SASLBAN_ENGINE_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/fault.h"
#include "saslban/filter.h"
#include "saslban/settings.h"
#include "saslban/store.h"

struct statistics;

/* Borrows all. f may be NULL: nothing is counted then. */
int statistics_open(struct statistics **out, const struct settings *settings,
		    const struct filter *f, const struct report *report,
		    struct fault *why);
void statistics_close(struct statistics *c);

/* The store may be another one: every filter and rule needs its row again. */
void statistics_relist(struct statistics *c);

/* Keep what was counted since the last time, and note that the engine of the
 * jail lives. */
int statistics_keep(struct statistics *c, struct store *s, int64_t jail,
		    int64_t now, struct fault *why);

/* The same of an edition of the filter that is no longer in force: what is new
 * is kept, and nothing is reported. *any: there was something. */
int statistics_keep_past(struct statistics *c, struct store *s, int64_t jail,
			 int64_t now, bool *any, struct fault *why);

#endif
