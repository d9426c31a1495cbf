/*
 * conclude: what a rule that matched makes of the line.
 */
#ifndef SASLBAN_FILTER_CONCLUDE_H
#define SASLBAN_FILTER_CONCLUDE_H

#include "saslban/logline.h"
#include "saslban/sighting.h"

struct finding;
struct rule;
struct ruleset;

enum { COUNT_MAX = 1000 }; /* attempts on one line; more is no honest count */

/* Fills out. Its kind, which is returned, is SIGHTING_NOTHING when the line
 * does not count: without an address that may be banned, for one. */
enum sighting_kind conclude(const struct ruleset *ruleset, struct rule *r,
			    const struct finding *found, struct logline *line,
			    struct sighting *out);

/* Decimal, or otherwise when it is none; at most COUNT_MAX. */
unsigned conclude_number(struct slice digits, unsigned otherwise);

#endif
