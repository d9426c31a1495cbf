/*
 * known: is a line that no rule matches one to worry about?
 *
 * Servers report one attempt on several lines, and of clients that never got
 * as far as a password in the words of a failed login. A filter says with
 * knownregex which of these it leaves out on purpose; the rest is counted as
 * unmatched, so that a shape which a filter lacks does not drown in them.
 *
 * Only lines that look like failed logins get as far as these rules, so they
 * cost nothing elsewhere.
 */
#include "known.h"

#include <string.h>

#include "characters.h"
#include "explain.h"
#include "rule.h"
#include "scratch.h"

static bool matches(struct rule *r, struct filter_scratch *s, struct slice text)
{
	struct finding found = {0};
	bool matched = rule_match(r, s, text, &found);

	if (s->explaining != NULL)
		explain_rule(s, r, text, matched ? &found : NULL);
	if (matched)
		atomic_fetch_add_explicit(&r->hits, 1, memory_order_relaxed);
	return matched;
}

/* They see what the filter was asked about, before prefregex. */
static bool knows(const struct filter *f, struct filter_scratch *s,
		  const struct ruleset *ruleset)
{
	bool foreign = (ruleset->bit & f->foreign) != 0, known = false;
	struct slice text = foreign ? s->foreign_text : s->own_text;

	if (text.at == NULL)
		return false;
	s->wide = ruleset->source->unicode && characters_beyond(text);
	if (s->wide)
		text = characters_of(text, s->characters);
	memset(s->needed, 0, ruleset->needs + 1);
	for (size_t i = ruleset->judging + ruleset->ignores;
	     i < ruleset->rules && !known; i++)
		known = matches(&ruleset->rule[i], s, text);
	s->wide = false;
	return known;
}

uint64_t known_unmatched(const struct filter *f, struct filter_scratch *s,
			 uint64_t rulesets, const struct logline *line)
{
	rulesets &= f->watched;
	if (s->matched || rulesets == 0 ||
	    unmatched_scan(&f->unmatched, line->msg.at, line->msg.len) == NULL)
		return 0;
	for (uint64_t left = rulesets; left != 0; left &= left - 1)
		if (knows(f, s, f->ruleset[__builtin_ctzll(left)]))
			return 0;
	return rulesets;
}
