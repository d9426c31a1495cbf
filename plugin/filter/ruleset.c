/*
 * ruleset: one text through the rules of one filter.
 *
 * Runs on rsyslog's workers, several at once; writes to the worker's scratch,
 * to the counters of the rules and, behind their locks, to what filters
 * remember of earlier records.
 */
#include "ruleset.h"

#include <string.h>

#include "compiled.h"
#include "conclude.h"
#include "explain.h"
#include "memories.h"
#include "pieces.h"
#include "rule.h"
#include "scratch.h"

enum { USER_ENOUGH = SIGHTING_USER }; /* of a name, more is not kept */

/* Does the rule match? Whoever watches sees it. */
static bool ask(struct rule *r, struct filter_scratch *s, struct slice subject,
		struct finding *found)
{
	bool matched = rule_match(r, s, subject, found);

	if (s->explaining != NULL)
		explain_rule(s, r, subject, matched ? found : NULL);
	return matched;
}

static void hit(struct rule *r, struct filter_scratch *s)
{
	atomic_fetch_add_explicit(&r->hits, 1, memory_order_relaxed);
	s->matched = true;
}

static bool ignored(const struct ruleset *ruleset, struct filter_scratch *s,
		    struct slice subject)
{
	struct finding unused;

	for (size_t i = ruleset->judging;
	     i < ruleset->judging + ruleset->ignores; i++)
		if (ask(&ruleset->rule[i], s, subject, &unused)) {
			hit(&ruleset->rule[i], s);
			return true;
		}
	return false;
}

/* What <F-CONTENT> took is the text from now on. */
static struct slice narrow(const struct ruleset *ruleset,
			   struct filter_scratch *s, struct slice subject,
			   const struct finding *found)
{
	struct slice content = found->slot[SLOT_CONTENT];

	if (content.len == 0)
		return subject;
	if (ruleset->source->daemon != NULL)
		return content;
	memcpy(s->content, content.at, content.len);
	s->content[content.len] = '\n';
	return (struct slice){s->content, content.len + 1};
}

/* Cannot match: its first byte or the first of its needs is missing. */
static bool barred(const struct gate *g, const struct filter_scratch *s,
		   struct slice subject)
{
	if (s->explaining != NULL)
		return false; /* whoever watches wants to see all */
	return (g->first != '\0' &&
		(subject.len == 0 || subject.at[0] != g->first)) ||
	       s->needed[g->need] < 0;
}

static enum sighting_kind match_text(const struct ruleset *ruleset,
				     struct filter_scratch *s,
				     struct slice subject, struct logline *line,
				     struct sighting *out)
{
	enum sighting_kind kind;

	for (size_t i = 0; i < ruleset->judging; i++) {
		struct rule *r = ruleset->order[i];

		if (barred(&ruleset->gate[i], s, subject) ||
		    (s->unfinished && r->kind != RULE_FAIL) ||
		    !ask(r, s, subject, &s->found))
			continue;
		if (s->unfinished && s->found.slot[SLOT_USER].len < USER_ENOUGH)
			return SIGHTING_NOTHING;
		s->matched = true;
		if (ruleset->ignores > 0 && ignored(ruleset, s, subject))
			return SIGHTING_NOTHING;
		logline_need(line, LOGLINE_ORIGIN);
		if (line->foreign)
			return SIGHTING_NOTHING;
		hit(r, s);
		kind = conclude(ruleset, r, &s->found, line, out);
		if (kind == SIGHTING_NOTHING && s->explaining != NULL)
			explain_nothing(s, r, &s->found, out);
		return kind;
	}
	return SIGHTING_NOTHING;
}

static enum sighting_kind
match_rules(const struct ruleset *ruleset, struct filter_scratch *s,
	    struct slice subject, struct logline *line, struct sighting *out)
{
	enum sighting_kind kind;

	if (s->explaining != NULL)
		explain_ruleset(s, ruleset, subject);
	memset(s->needed, 0, ruleset->needs + 1);
	if (ruleset->early && ignored(ruleset, s, subject))
		return SIGHTING_NOTHING;
	if (ruleset->prefix != NULL) {
		if (!ask(ruleset->prefix, s, subject, &s->found))
			return SIGHTING_NOTHING;
		subject = narrow(ruleset, s, subject, &s->found);
		memset(s->needed, 0, ruleset->needs + 1);
	}
	s->asked |= ruleset->bit;
	kind = match_text(ruleset, s, subject, line, out);
	if (ruleset->prefix != NULL || s->matched || s->unfinished)
		memset(&s->found, 0, sizeof(s->found));
	return kind;
}

static void put_aside(const struct ruleset *ruleset, struct filter_scratch *s,
		      const struct piece *piece)
{
	s->pieces |= ruleset->bit;
	if (s->explaining != NULL)
		explain_piece(s, piece->text);
}

/* The first piece of a line. When it tells of a failure, and of the user as
 * much as is kept, the rest is not needed, and need not come. Otherwise the
 * line is read to its end. */
static enum sighting_kind match_first(const struct ruleset *ruleset,
				      struct filter_scratch *s,
				      const struct piece *piece,
				      struct logline *line,
				      struct sighting *out)
{
	bool before = s->matched, joins;
	enum sighting_kind kind;

	joins = !piece->last && !s->repeated &&
		pieces_joinable(ruleset->memories->pieces, line);
	s->matched = false;
	s->unfinished = joins;
	kind = match_rules(ruleset, s, piece->text, line, out);
	s->unfinished = false;
	if (joins && !s->matched) {
		pieces_begin(ruleset->memories->pieces, line, piece);
		put_aside(ruleset, s, piece);
	}
	s->matched = s->matched || before;
	return kind;
}

static enum sighting_kind match_piece(const struct ruleset *ruleset,
				      struct filter_scratch *s,
				      const struct piece *piece,
				      struct logline *line,
				      struct sighting *out)
{
	enum sighting_kind kind;
	bool cut = s->cut;

	if (piece->number == 1)
		return match_first(ruleset, s, piece, line, out);
	if (s->repeated || !pieces_joinable(ruleset->memories->pieces, line) ||
	    !pieces_add(ruleset->memories->pieces, line, piece, s->joined,
			&s->whole)) {
		put_aside(ruleset, s, piece);
		return SIGHTING_NOTHING;
	}
	s->wholes |= ruleset->bit;
	s->own_text = s->whole.msg;
	s->cut = s->whole.msg.len >= LOGLINE_MAX;
	kind = match_rules(ruleset, s, s->whole.msg, &s->whole, out);
	s->cut = cut;
	return kind;
}

enum sighting_kind ruleset_match(const struct ruleset *ruleset,
				 struct filter_scratch *s, struct slice subject,
				 struct logline *line, struct sighting *out)
{
	struct piece piece;

	if (ruleset->memories->pieces == NULL)
		return match_rules(ruleset, s, subject, line, out);
	if (s->restoring)
		return piece_read(subject, &piece)
			       ? SIGHTING_NOTHING
			       : match_rules(ruleset, s, subject, line, out);
	if (piece_read(subject, &piece))
		return match_piece(ruleset, s, &piece, line, out);
	pieces_drop(ruleset->memories->pieces, line);
	return match_rules(ruleset, s, subject, line, out);
}
