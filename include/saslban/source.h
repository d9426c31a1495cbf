/*
 * source: what is remembered of a filter, and of each of its rules: how often,
 * when first, when last. So that a rule that never fired can be told, and a
 * server whose failed logins no rule knows any more.
 */
#ifndef SASLBAN_SOURCE_H
#define SASLBAN_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/redact.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"

/* A filter is deaf when at least so many lines of its programs looked like
 * failed logins, and no failregex of it has matched for so long. */
#define SOURCE_LEAST 20
#define SOURCE_QUIET (7 * 86400) /* seconds */

/* Times are Unix seconds; 0 never. */
struct source {
	int64_t jail;
	char filter[SETTINGS_ITEM]; /* as in the action: `postfix[mode=x]` */
	int64_t lines;              /* that the filter read */
	int64_t telltales; /* of which look like failed logins, and no rule
			    * matched */
	int64_t missed;    /* of these, since a failregex matched last */
	int64_t overruns;  /* of prefregex into its limit */
	int64_t first;     /* line */
	int64_t last;      /* line */
	int64_t matched;   /* when a failregex did last */
	int64_t warned;    /* when it was last reported as deaf */
	char example[REDACT_TEXT]; /* the shape of such a line, or empty */
};

struct source_rule {
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

bool source_is_deaf(const struct source *s);

/* Seconds for which there have been lines since a failregex matched last, or
 * for which there have been lines when none ever has. */
int64_t source_quiet(const struct source *s);

#endif
