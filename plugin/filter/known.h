/*
 * known: lines that look like failed logins and are deliberately not
 * counted.
 */
#ifndef SASLBAN_FILTER_KNOWN_H
#define SASLBAN_FILTER_KNOWN_H

#include <stdint.h>

#include "saslban/filter.h"

/* Of the rulesets that have read the line, those for which it is an unmatched
 * one; none, when a rule matches or one of them knows it. */
uint64_t known_unmatched(const struct filter *f, struct filter_scratch *s,
			 uint64_t rulesets, const struct logline *line);

#endif
