/*
 * known: is a line that no rule matches one to worry about?
 *
 * Servers report one attempt on several lines, and of clients that never got
 * as far as a password in the words of a failed login. A filter says with
 * knownregex which of these it leaves out on purpose; the rest is counted as
 * unmatched, so that a shape which a filter lacks does not drown in them.
 * Others are failed logins for certain, but what the sender wrote hides whose:
 * with ambiguousregex a filter says which, and they have a number of their own.
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

/* Does a rule of that kind match? The rules see what the filter was asked
 * about, before prefregex. */
static bool has(const struct filter *f, struct filter_scratch *s,
		const struct ruleset *ruleset, enum rule_kind kind)
{
	bool borrowed = (ruleset->bit & f->borrowed) != 0, found = false;
	struct slice text = borrowed ? s->borrowed_text : s->own_text;
	size_t i = ruleset->judging + ruleset->ignores;
	size_t end = i + ruleset->knowns;

	if (text.at == NULL)
		return false;
	if (kind == RULE_AMBIGUOUS) {
		i = end;
		end = ruleset->rules;
	}
	s->wide = ruleset->source->unicode && characters_beyond(text);
	if (s->wide)
		text = characters_of(text, s->characters);
	memset(s->needed, 0, ruleset->needs + 1);
	for (; i < end && !found; i++)
		found = matches(&ruleset->rule[i], s, text);
	s->wide = false;
	return found;
}

/* The first of these rulesets that has; 0: none. */
static uint64_t find(const struct filter *f, struct filter_scratch *s,
		     uint64_t rulesets, enum rule_kind kind)
{
	for (uint64_t left = rulesets; left != 0; left &= left - 1) {
		const struct ruleset *r = f->ruleset[__builtin_ctzll(left)];

		if (has(f, s, r, kind))
			return r->bit;
	}
	return 0;
}

struct known known_judge(const struct filter *f, struct filter_scratch *s,
			 uint64_t rulesets, const struct logline *line)
{
	struct known k = {0};

	rulesets &= f->watched;
	if (s->matched || rulesets == 0 ||
	    unmatched_scan(&f->unmatched, line->msg.at, line->msg.len) ==
		    NULL ||
	    find(f, s, rulesets, RULE_KNOWN) != 0)
		return k;
	k.ambiguous = find(f, s, rulesets, RULE_AMBIGUOUS);
	if (k.ambiguous == 0)
		k.unmatched = rulesets;
	return k;
}
