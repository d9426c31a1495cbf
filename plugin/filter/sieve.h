/*
 * sieve: which filters that name no program a line may concern.
 */
#ifndef SASLBAN_FILTER_SIEVE_H
#define SASLBAN_FILTER_SIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/slice.h"

struct ruleset;
struct sieve;

/* NULL when out of memory. */
struct sieve *sieve_open(void);
void sieve_close(struct sieve *s);

/* False when the ruleset has a rule of which nothing is known: then it has to
 * be tried on every line. bit is its bit in a mask. */
bool sieve_add(struct sieve *s, const struct ruleset *ruleset, uint64_t bit);

/* The rulesets that may match this text. */
uint64_t sieve_scan(const struct sieve *s, struct slice text);

#endif
