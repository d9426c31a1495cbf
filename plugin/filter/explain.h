/*
 * explain: how a line is judged, step by step, for whoever watches.
 *
 * To be called only while the scratch says that somebody does.
 */
#ifndef SASLBAN_FILTER_EXPLAIN_H
#define SASLBAN_FILTER_EXPLAIN_H

#include <stdint.h>

#include "compiled.h"
#include "saslban/filter.h"

struct finding;
struct rule;

struct explaining {
	const struct filter_watch *watch;
	unsigned tired; /* the scratch's, when the last rule had been asked */
	const struct ruleset *asked[FILTERS_MAX];
	size_t n;
};

/* The rules of a ruleset are about to be asked about a text. */
void explain_ruleset(struct filter_scratch *s, const struct ruleset *ruleset,
		     struct slice subject);

/* A rule has been asked. found: NULL when it does not match. */
void explain_rule(struct filter_scratch *s, const struct rule *r,
		  struct slice subject, const struct finding *found);

/* A rule has matched and the line is nothing: why is that? */
void explain_nothing(struct filter_scratch *s, const struct rule *r,
		     const struct finding *found, const struct sighting *seen);

/* No filter is asked: the record may have been cut, or follows such a one. */
void explain_cut(struct filter_scratch *s, const struct ruleset *ruleset);

/* The text is a piece of a line and is not read on its own. */
void explain_piece(struct filter_scratch *s, struct slice text);

/* The rulesets that were not asked, and why. rulesets are those that read
 * the line. */
void explain_rest(const struct filter *f, struct filter_scratch *s,
		  uint64_t rulesets);

#endif
