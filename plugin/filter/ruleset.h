/*
 * ruleset: one text through the rules of one filter.
 */
#ifndef SASLBAN_FILTER_RULESET_H
#define SASLBAN_FILTER_RULESET_H

#include "saslban/filter.h"

struct ruleset;

/* subject is the text of the line that the filter reads; the rest is as in
 * filter_match. */
enum sighting_kind ruleset_match(const struct ruleset *ruleset,
				 struct filter_scratch *s, struct slice subject,
				 struct logline *line, struct sighting *out);

#endif
