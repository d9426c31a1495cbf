/*
 * known: lines that look like failed logins and are deliberately not
 * counted.
 */
#ifndef SASLBAN_FILTER_KNOWN_H
#define SASLBAN_FILTER_KNOWN_H

#include <stdint.h>

#include "saslban/filter.h"

/* Masks of rulesets. */
struct known {
	uint64_t unmatched; /* those for which the line is an unmatched one */
	uint64_t ambiguous; /* the one for which it is a failed login of nobody
			     * knows whom */
};

/* What the line is to the rulesets that have read it; nothing, when a rule
 * matches or one of them knows it. */
struct known known_judge(const struct filter *f, struct filter_scratch *s,
			 uint64_t rulesets, const struct logline *line);

#endif
