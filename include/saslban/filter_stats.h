/*
 * filter_stats: what is remembered of a filter, and of each of its rules: how
 * often, when first, when last. They show a rule that never matched, and a
 * server whose failed logins no rule knows any more.
 */
#ifndef SASLBAN_FILTER_STATS_H
#define SASLBAN_FILTER_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/redact.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"

/* A filter is blind when at least so many lines of its programs looked like
 * failed logins, and no failregex of it has matched for so long. */
#define FILTER_BLIND_LINES 20
#define FILTER_BLIND_QUIET (7 * 86400) /* seconds */

/* Times are Unix seconds; 0 never. */
struct filter_stats {
	int64_t jail;
	char filter[SETTINGS_ITEM]; /* as in the action: `postfix[mode=x]` */
	int64_t lines;              /* that the filter read */
	int64_t unmatched; /* of which look like failed logins, and no rule
			    * matched */
	int64_t unmatched_since_match; /* of these, since a failregex last
					* matched */
	int64_t ambiguous; /* failed logins of which nobody knows whose */
	int64_t orphans;   /* failed logins of a session whose address is not
			    * known */
	int64_t overruns;  /* of prefregex into its limit */
	int64_t first;     /* line */
	int64_t last;      /* line */
	int64_t matched;   /* when a failregex did last */
	int64_t warned;    /* when it was last reported as blind */
	char example[REDACT_TEXT]; /* the shape of such a line, or empty */
};

struct rule_stats {
	int64_t jail;
	char filter[SETTINGS_ITEM];
	char name[SIGHTING_WORD]; /* `postfix:3` */
	const char *kind;         /* borrowed: failure, success ... */
	const char *regex;        /* borrowed */
	int64_t hits;
	int64_t overruns; /* times it ran into a limit */
	int64_t first;    /* hit */
	int64_t last;     /* hit */
};

bool filter_stats_blind(const struct filter_stats *s);

/* Seconds for which there have been lines since a failregex matched last, or
 * for which there have been lines when none ever has. */
int64_t filter_stats_quiet(const struct filter_stats *s);

#endif
