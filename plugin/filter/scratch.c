/* scratch: see scratch.h. */
#include "scratch.h"

#include <stdlib.h>

#include "dating.h"
#include "memories.h"
#include "rule.h"

/* Further limits on one match, which only the interpreter knows. */
enum {
	LIMIT_DEPTH = 1000,
	LIMIT_HEAP = 1024 /* KiB */
};

static uint32_t groups(const struct rule *r)
{
	uint32_t n = 0;

	if (r != NULL)
		pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &n);
	return n;
}

/* Of the expression that has most. */
static uint32_t most_groups(const struct ruleset *ruleset)
{
	uint32_t most = groups(ruleset->prefix);

	for (size_t i = 0; i < ruleset->rules; i++) {
		uint32_t n = groups(&ruleset->rule[i]);

		most = n > most ? n : most;
	}
	if (ruleset->dating != NULL) {
		uint32_t n = dating_groups(ruleset->dating);

		most = n > most ? n : most;
	}
	return most;
}

/* Which has entered nothing yet. */
static struct filter_scratch *make(const struct filter *f)
{
	struct filter_scratch *s = calloc(1, sizeof(*s));
	uint32_t max = 0;

	if (s == NULL)
		return NULL;
	for (size_t i = 0; i < f->nrulesets; i++) {
		uint32_t n = most_groups(f->ruleset[i]);

		max = n > max ? n : max;
	}
	s->match = pcre2_match_data_create(max + 1, NULL);
	s->limits = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(16 * 1024, 256 * 1024, NULL);
	if (s->match == NULL || s->limits == NULL) {
		filter_scratch_close(s);
		return NULL;
	}
	pcre2_set_depth_limit(s->limits, LIMIT_DEPTH);
	pcre2_set_heap_limit(s->limits, LIMIT_HEAP);
	if (s->stack != NULL)
		pcre2_jit_stack_assign(s->limits, NULL, s->stack);
	return s;
}

static bool has_pieces(const struct filter *f, const struct pieces *p)
{
	bool has = false;

	for (size_t i = 0; f != NULL && i < f->nrulesets; i++)
		has = has || f->ruleset[i]->memories->pieces == p;
	return has;
}

/* The worker has f from now on, and had other; either may be NULL. What both
 * have sees nothing of it: lines that were begun there go on. */
static void enter(const struct filter *f, const struct filter *other)
{
	for (size_t i = 0; f != NULL && i < f->nrulesets; i++)
		if (!has_pieces(other, f->ruleset[i]->memories->pieces))
			pieces_enter(f->ruleset[i]->memories->pieces);
}

static void leave(const struct filter *f, const struct filter *other)
{
	for (size_t i = 0; f != NULL && i < f->nrulesets; i++)
		if (!has_pieces(other, f->ruleset[i]->memories->pieces))
			pieces_leave(f->ruleset[i]->memories->pieces);
}

struct filter_scratch *filter_scratch_open(const struct filter *f)
{
	struct filter_scratch *s = make(f);

	if (s == NULL)
		return NULL;
	s->filter = f;
	enter(f, NULL);
	return s;
}

struct filter_scratch *filter_scratch_renew(struct filter_scratch *old,
					    const struct filter *new)
{
	struct filter_scratch *s = make(new);

	if (s == NULL)
		return NULL;
	s->filter = new;
	enter(new, old->filter);
	leave(old->filter, new);
	old->filter = NULL; /* it has left */
	filter_scratch_close(old);
	return s;
}

void filter_scratch_close(struct filter_scratch *s)
{
	if (s == NULL)
		return;
	leave(s->filter, NULL);
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->limits);
	pcre2_jit_stack_free(s->stack);
	free(s);
}
