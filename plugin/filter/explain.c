/*
 * explain: see explain.h.
 *
 * Whoever asks rules calls this with what came of it; the reasons are worked
 * out here. So the module, where nobody watches, pays for a look at one
 * pointer.
 */
#include "explain.h"

#include <string.h>

#include "rule.h"
#include "scratch.h"

static void emit(const struct filter_scratch *s, struct filter_step step)
{
	const struct filter_watch *w = s->explaining->watch;

	if (w->all || step.kind == STEP_REFUSED)
		w->see(w->context, &step);
}

/* prefregex is no rule of its own and has no name. */
static const char *name_of(const struct rule *r)
{
	return r->name[0] == '\0' ? "prefregex" : r->name;
}

void explain_ruleset(struct filter_scratch *s, const struct ruleset *ruleset,
		     struct slice subject)
{
	struct explaining *x = s->explaining;

	if (x->n < FILTERS_MAX)
		x->asked[x->n++] = ruleset;
	emit(s, (struct filter_step){.kind = STEP_ASKED,
				     .filter = ruleset->source->name,
				     .text = subject});
}

/* The bytes that the rule needs and the text does not have, the longest of
 * them; or nothing. */
static struct slice lacking(const struct rule *r, struct slice subject)
{
	struct slice longest = {NULL, 0};

	for (size_t i = 0; i < r->need.n; i++) {
		const struct literal *need = &r->need.one[i];

		if (need->len > longest.len &&
		    memmem(subject.at, subject.len, need->at, need->len) ==
			    NULL)
			longest = (struct slice){need->at, need->len};
	}
	return longest;
}

static bool begins(const struct rule *r, struct slice subject)
{
	return subject.len >= r->start.len &&
	       memcmp(subject.at, r->start.at, r->start.len) == 0;
}

void explain_rule(struct filter_scratch *s, const struct rule *r,
		  struct slice subject, const struct finding *found)
{
	struct filter_step step = {.kind = STEP_MATCHED, .rule = name_of(r)};
	struct explaining *x = s->explaining;

	if (found != NULL && r->kind == RULE_IGNORE) {
		step.kind = STEP_REFUSED;
		step.refusal = REFUSED_IGNORED;
	} else if (found != NULL && r->kind == RULE_KNOWN) {
		step.kind = STEP_REFUSED;
		step.refusal = REFUSED_KNOWN;
	} else if (found != NULL && r->kind == RULE_AMBIGUOUS) {
		step.kind = STEP_REFUSED;
		step.refusal = REFUSED_AMBIGUOUS;
	} else if (!x->watch->all) {
		return;
	} else if (s->tired != x->tired) {
		step.kind = STEP_OVERRAN;
		x->tired = s->tired;
	} else if (found != NULL) {
		step.text = found->slot[SLOT_CONTENT];
	} else if (!begins(r, subject)) {
		step.kind = STEP_BEGINS;
		step.text = (struct slice){r->start.at, r->start.len};
	} else {
		step.text = lacking(r, subject);
		step.kind = step.text.at != NULL ? STEP_LACKS : STEP_NO_MATCH;
	}
	emit(s, step);
}

/* Whoever looks for matches that came to nothing has none here. */
void explain_cut(struct filter_scratch *s, const struct ruleset *ruleset)
{
	if (s->explaining->watch->all)
		emit(s, (struct filter_step){.kind = STEP_REFUSED,
					     .refusal = REFUSED_CUT,
					     .rule = ruleset->source->name});
}

static bool given(const struct finding *found, enum slot slot)
{
	return found->slot[slot].at != NULL && found->slot[slot].len > 0;
}

static struct slice address_text(const struct finding *found)
{
	static const enum slot order[] = {SLOT_IP4, SLOT_IP6, SLOT_FID};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (given(found, order[i]))
			return found->slot[order[i]];
	return (struct slice){NULL, 0};
}

void explain_nothing(struct filter_scratch *s, const struct rule *r,
		     const struct finding *found, const struct sighting *seen)
{
	struct filter_step step = {.kind = STEP_REFUSED,
				   .rule = name_of(r),
				   .text = address_text(found)};
	struct address host;

	if (seen->count == 0 ||
	    (given(found, SLOT_NOFAIL) && !given(found, SLOT_MLFID))) {
		step.refusal = REFUSED_NO_FAILURE;
		step.text = (struct slice){NULL, 0};
	} else if (seen->address.family != ADDRESS_NONE) {
		step.refusal = REFUSED_ECHO;
		step.text = (struct slice){NULL, 0};
	} else if (step.text.at != NULL) {
		step.refusal =
			address_parse(step.text.at, step.text.len, &host) < 0
				? REFUSED_ADDRESS
				: REFUSED_SPECIAL;
	} else if (given(found, SLOT_DNS)) {
		step.refusal = REFUSED_NAME;
		step.text = found->slot[SLOT_DNS];
	} else if (given(found, SLOT_MLFID)) {
		step.refusal = REFUSED_SESSION;
		step.text = found->slot[SLOT_MLFID];
	} else {
		step.refusal = REFUSED_ADDRESS;
	}
	emit(s, step);
}

void explain_piece(struct filter_scratch *s, struct slice text)
{
	emit(s, (struct filter_step){.kind = STEP_REFUSED,
				     .refusal = REFUSED_PIECE,
				     .rule = "split_at",
				     .text = text});
}

void explain_rest(const struct filter *f, struct filter_scratch *s,
		  uint64_t rulesets)
{
	const struct explaining *x = s->explaining;

	for (size_t i = 0; i < f->nrulesets; i++) {
		struct filter_step step = {.kind = STEP_SKIPPED,
					   .filter =
						   f->ruleset[i]->source->name};
		size_t k = 0;

		while (k < x->n && x->asked[k] != f->ruleset[i])
			k++;
		if (k < x->n)
			continue;
		if ((rulesets >> i & 1) != 0)
			step.kind = STEP_NEEDLESS;
		else if (f->ruleset[i]->source->daemon != NULL)
			step.text = (struct slice){
				f->ruleset[i]->source->daemon,
				strlen(f->ruleset[i]->source->daemon)};
		emit(s, step);
	}
}
