/* filter: see saslban/filter.h. */
#include "saslban/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiled.h"
#include "dispatch.h"
#include "explain.h"
#include "memories.h"
#include "rule.h"
#include "ruleset.h"
#include "scratch.h"
#include "sieve.h"

/* ---- open ---- */

/* It names neither programs nor a file. */
static int open_to_all(struct filter *f, const struct ruleset *ruleset,
		       struct fault *why)
{
	f->everyone |= ruleset->bit;
	if (f->sieve == NULL && (f->sieve = sieve_open()) == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (sieve_add(f->sieve, ruleset, ruleset->bit))
		return 0;
	f->always |= ruleset->bit;
	if (ruleset->prefix == NULL)
		f->counted &= ~ruleset->bit;
	return 0;
}

static int add(struct filter *f, const char *spec, const char *const *dirs,
	       size_t ndirs, struct fault *why)
{
	struct ruleset *ruleset;
	uint64_t bit;

	if (f->nrulesets == FILTERS_MAX)
		return fault_set(why, FAULT_FILTER,
				 "too many filters; allowed: %d", FILTERS_MAX);
	if (ruleset_open(&ruleset, spec, dirs, ndirs, why) < 0)
		return -1;
	ruleset->bit = bit = (uint64_t)1 << f->nrulesets;
	f->ruleset[f->nrulesets++] = ruleset;
	f->rules += ruleset->rules;
	f->counted |= bit;
	f->unicode |= ruleset->source->unicode ? bit : 0;
	f->watched |= ruleset->fails ? bit : 0;
	f->dated |= ruleset->dating != NULL ? bit : 0;
	f->cutting |= ruleset->memories->cuts != NULL ? bit : 0;
	f->no_repeats |= !ruleset->source->repeats ? bit : 0;
	if (ruleset->source->daemon != NULL)
		return 0;
	f->borrowed |= bit;
	if (ruleset->source->file != NULL)
		return 0;
	return open_to_all(f, ruleset, why);
}

int filter_open(struct filter **out, const char *const *specs, size_t nspecs,
		const char *const *dirs, size_t ndirs, struct fault *why)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	unmatched_index(&f->unmatched);
	for (size_t i = 0; i < nspecs; i++)
		if (add(f, specs[i], dirs, ndirs, why) < 0) {
			filter_close(f);
			return -1;
		}
	*out = f;
	return 0;
}

void filter_close(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->nrulesets; i++)
		ruleset_close(f->ruleset[i]);
	sieve_close(f->sieve);
	free(f);
}

static void no_shortcuts(struct rule *r)
{
	r->start.len = 0;
	r->need.n = 0;
}

void filter_no_shortcuts(struct filter *f)
{
	f->always = f->everyone;
	for (size_t i = 0; i < f->nrulesets; i++) {
		for (size_t k = 0; k < f->ruleset[i]->rules; k++)
			no_shortcuts(&f->ruleset[i]->rule[k]);
		memset(f->ruleset[i]->gate, 0,
		       f->ruleset[i]->judging * sizeof(*f->ruleset[i]->gate));
		if (f->ruleset[i]->prefix != NULL)
			no_shortcuts(f->ruleset[i]->prefix);
	}
}

/* ---- what was loaded ---- */

size_t filter_notes(const struct filter *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nrulesets; i++)
		n += f->ruleset[i]->source->nnotes;
	return n;
}

void filter_note(const struct filter *f, size_t i, char *buf, size_t size)
{
	size_t k = 0;

	while (i >= f->ruleset[k]->source->nnotes)
		i -= f->ruleset[k++]->source->nnotes;
	snprintf(buf, size, "%s: %s means nothing here",
		 f->ruleset[k]->source->name, f->ruleset[k]->source->notes[i]);
}

size_t filter_rules(const struct filter *f)
{
	return f->rules;
}

void filter_rule(const struct filter *f, size_t i, struct rule_info *out)
{
	const struct rule *r;
	size_t k = 0;

	while (i >= f->ruleset[k]->rules)
		i -= f->ruleset[k++]->rules;
	r = &f->ruleset[k]->rule[i];
	*out = (struct rule_info){
		.name = r->name,
		.spec = k,
		.kind = r->kind,
		.file = r->file,
		.line = r->line,
		.regex = r->regex,
		.hits = atomic_load_explicit(&r->hits, memory_order_relaxed),
		.overruns = atomic_load_explicit(&r->overruns,
						 memory_order_relaxed),
	};
}

enum sighting_kind filter_explain(const struct filter *f,
				  struct filter_scratch *s,
				  struct logline *line, struct sighting *out,
				  const struct filter_watch *watch)
{
	struct explaining x = {.watch = watch};
	enum sighting_kind kind;
	struct readers readers;

	s->explaining = &x;
	kind = filter_match(f, s, line, out);
	if (watch->all) {
		readers = dispatch(f, s, line->tag);
		explain_rest(f, s, readers.lines | readers.files);
	}
	s->explaining = NULL;
	return kind;
}
