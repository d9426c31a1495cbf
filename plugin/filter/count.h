/*
 * count: how many lines each filter has read, and what they come to.
 */
#ifndef SASLBAN_FILTER_COUNT_H
#define SASLBAN_FILTER_COUNT_H

#include <stdint.h>

#include "saslban/filter.h"

struct counters;

/* NULL when out of memory. */
struct counters *counters_open(void);
void counters_close(struct counters *c);

/* These rulesets have read the line, or so many like it; for those of them that
 * are in unmatched too it looks like a failed login, and no rule matches. */
void counters_add(const struct filter *f, uint64_t rulesets, uint64_t unmatched,
		  const struct logline *line, uint64_t times);

#endif
