/*
 * count: how many lines each filter has read, and what they come to.
 */
#ifndef SASLBAN_FILTER_COUNT_H
#define SASLBAN_FILTER_COUNT_H

#include <stdint.h>

#include "known.h"
#include "saslban/filter.h"

struct counters;

/* NULL when out of memory. */
struct counters *counters_open(void);
void counters_close(struct counters *c);

/* These rulesets have read the line, or so many like it; known says what it is
 * to some of them when no rule matches. */
void counters_add(const struct filter *f, uint64_t rulesets, struct known known,
		  const struct logline *line, uint64_t times);

/* So many failed logins of a session whose address is not known. */
void counters_orphan(struct counters *c, uint64_t times);

#endif
