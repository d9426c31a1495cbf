/* filter: see saslban/filter.h. */
#include "saslban/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiled.h"
#include "count.h"
#include "dating.h"
#include "cuts.h"
#include "dispatch.h"
#include "echo.h"
#include "excuses.h"
#include "explain.h"
#include "pieces.h"
#include "rule.h"
#include "scratch.h"
#include "session.h"
#include "sieve.h"

/* ---- open ---- */

static void ruleset_close(struct ruleset *ruleset)
{
	if (ruleset == NULL)
		return;
	for (size_t i = 0; i < ruleset->rules; i++)
		rule_drop(&ruleset->rule[i]);
	free(ruleset->rule);
	free(ruleset->order);
	free(ruleset->gate);
	if (ruleset->prefix != NULL)
		rule_drop(ruleset->prefix);
	free(ruleset->prefix);
	sessions_close(ruleset->sessions);
	echoes_close(ruleset->echoes);
	cuts_close(ruleset->cuts);
	excuses_close(ruleset->excuses);
	pieces_close(ruleset->pieces);
	counters_close(ruleset->counters);
	dating_close(ruleset->dating);
	filterfile_close(ruleset->source);
	free(ruleset);
}

static void name_rule(struct rule *r, const char *filter, unsigned number)
{
	snprintf(r->name, sizeof(r->name), "%.40s:%s%u", filter,
		 rule_kinds[r->kind].mark, number);
}

/* A rule must have a group for the host. */
static int check_host(const struct ruleset *ruleset, const struct rule *r,
		      struct fault *why)
{
	static const enum slot hosts[] = {SLOT_IP4, SLOT_IP6, SLOT_FID,
					  SLOT_MLFID};
	const struct rule *p = ruleset->prefix;

	if (r->kind == RULE_TROUBLE || r->kind >= RULE_IGNORE)
		return 0;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (r->has[hosts[i]] || (p != NULL && p->has[hosts[i]]))
			return 0;
	if (r->has[SLOT_DNS] || (p != NULL && p->has[SLOT_DNS]))
		return fault_set(why, FAULT_FILTER,
				 "%s:%u: <DNS> gives a host name, not an "
				 "address; allowed: <HOST> <ADDR> <IP4> <IP6> "
				 "<SUBNET> <F-ID> <F-MLFID>",
				 r->file, r->line);
	return fault_set(why, FAULT_FILTER,
			 "%s:%u: rule without a host; allowed: <HOST> <ADDR> "
			 "<IP4> <IP6> <SUBNET> <F-ID> <F-MLFID>",
			 r->file, r->line);
}

static bool same(const struct literal *a, const struct literal *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

/* How many rules of the ruleset have that need. */
static unsigned sharers(const struct ruleset *ruleset,
			const struct literal *need)
{
	unsigned n = 0;

	for (size_t i = 0; i < ruleset->rules; i++)
		for (size_t k = 0; k < ruleset->rule[i].need.n; k++)
			n += same(&ruleset->rule[i].need.one[k], need);
	return n;
}

/* The id of a need that an earlier rule has already, or a new one. */
static uint8_t need_id(struct ruleset *ruleset, const struct rule *r,
		       const struct literal *need)
{
	for (const struct rule *other = ruleset->rule; other < r; other++)
		for (size_t k = 0; k < other->need.n; k++)
			if (same(&other->need.one[k], need))
				return other->need_id[k];
	return ruleset->needs + 1 < NEEDS_MAX ? (uint8_t)++ruleset->needs : 0;
}

/* Rules of one ruleset often need the same bytes: what most of them need is
 * looked for first, once for all. */
static void share_needs(struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->rules; i++) {
		struct rule *r = &ruleset->rule[i];
		size_t best = 0;

		for (size_t k = 1; k < r->need.n; k++)
			if (sharers(ruleset, &r->need.one[k]) >
			    sharers(ruleset, &r->need.one[best]))
				best = k;
		if (best > 0) {
			struct literal shared = r->need.one[best];

			memmove(&r->need.one[1], &r->need.one[0],
				best * sizeof(shared));
			r->need.one[0] = shared;
		}
		for (size_t k = 0; k < r->need.n; k++)
			r->need_id[k] = need_id(ruleset, r, &r->need.one[k]);
	}
}

/* In doubt no failure: trouble and success are asked first. And what is a
 * failure for certain is neither doubtful nor a sum. */
static void put_in_order(struct ruleset *ruleset)
{
	static const enum rule_kind order[] = {RULE_TROUBLE, RULE_OK, RULE_FAIL,
					       RULE_DOUBT, RULE_SUMMARY};
	size_t n = 0;

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < ruleset->rules; i++)
			if (ruleset->rule[i].kind == order[k])
				ruleset->order[n++] = &ruleset->rule[i];
	for (size_t i = 0; i < n; i++)
		ruleset->gate[i] = (struct gate){
			.first = ruleset->order[i]->start.at[0],
			.need = ruleset->order[i]->need_id[0],
		};
}

static int compile_prefix(struct ruleset *ruleset, bool own, struct fault *why)
{
	if (ruleset->source->prefix == NULL)
		return 0;
	ruleset->prefix = calloc(1, sizeof(*ruleset->prefix));
	if (ruleset->prefix == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return rule_compile(ruleset->prefix, ruleset->source,
			    ruleset->source->prefix, own, why);
}

/* What it remembers of the lines that it reads. */
static int open_memories(struct ruleset *ruleset, bool joins, struct fault *why)
{
	const struct filterfile *source = ruleset->source;

	if ((ruleset->counters = counters_open()) == NULL ||
	    (source->doubled && (ruleset->echoes = echoes_open()) == NULL) ||
	    (source->split_at > 0 &&
	     (ruleset->pieces = pieces_open((size_t)source->split_at)) ==
		     NULL) ||
	    (source->cut > 0 && (ruleset->cuts = cuts_open()) == NULL) ||
	    (source->excuse > 0 &&
	     (ruleset->excuses = excuses_open()) == NULL) ||
	    (joins &&
	     (ruleset->sessions = sessions_open(source->session_age)) == NULL))
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

static int compile(struct ruleset *ruleset, struct fault *why)
{
	const struct filterfile *source = ruleset->source;
	bool own = source->daemon != NULL;
	unsigned number[RULE_KINDS] = {0};
	bool joins;

	if (compile_prefix(ruleset, own, why) < 0)
		return -1;
	joins = ruleset->prefix != NULL && ruleset->prefix->has[SLOT_MLFID];
	ruleset->rule = calloc(source->nrules + 1, sizeof(*ruleset->rule));
	ruleset->order = calloc(source->nrules + 1, sizeof(*ruleset->order));
	ruleset->gate = calloc(source->nrules + 1, sizeof(*ruleset->gate));
	if (ruleset->rule == NULL || ruleset->order == NULL ||
	    ruleset->gate == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < source->nrules; i++) {
		struct rule *r = &ruleset->rule[i];

		ruleset->rules = i + 1;
		if (rule_compile(r, source, &source->rules[i], own, why) < 0 ||
		    check_host(ruleset, r, why) < 0)
			return -1;
		name_rule(r, source->name, ++number[r->kind]);
		joins = joins || r->has[SLOT_MLFID];
	}
	share_needs(ruleset);
	put_in_order(ruleset);
	ruleset->ignores = number[RULE_IGNORE];
	ruleset->knowns = number[RULE_KNOWN];
	ruleset->judging = ruleset->rules - ruleset->ignores - ruleset->knowns -
			   number[RULE_AMBIGUOUS];
	ruleset->early = !own && number[RULE_IGNORE] > 0 &&
			 number[RULE_IGNORE] + 2 < number[RULE_FAIL];
	ruleset->fails = number[RULE_FAIL] > 0;
	return open_memories(ruleset, joins, why);
}

/* It names neither programs nor a file. */
static int ruleset_open_to_all(struct filter *f, const struct ruleset *ruleset,
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

static int ruleset_open(struct filter *f, const char *spec,
			const char *const *dirs, size_t ndirs,
			struct fault *why)
{
	struct ruleset *ruleset;

	if (f->nrulesets == FILTERS_MAX)
		return fault_set(why, FAULT_FILTER,
				 "too many filters; allowed: %d", FILTERS_MAX);
	ruleset = calloc(1, sizeof(*ruleset));
	if (ruleset == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	ruleset->bit = (uint64_t)1 << f->nrulesets;
	if (filterfile_open(&ruleset->source, spec, dirs, ndirs, why) < 0 ||
	    compile(ruleset, why) < 0) {
		ruleset_close(ruleset);
		return -1;
	}
	if (ruleset->judging == 0) {
		fault_set(why, FAULT_FILTER,
			  "filter '%s' has no rules; allowed: failregex, "
			  "doubtregex, summaryregex, okregex, troubleregex",
			  spec);
		ruleset_close(ruleset);
		return -1;
	}
	f->ruleset[f->nrulesets++] = ruleset;
	f->rules += ruleset->rules;
	f->counted |= ruleset->bit;
	f->unicode |= ruleset->source->unicode ? ruleset->bit : 0;
	f->watched |= ruleset->fails ? ruleset->bit : 0;
	if (ruleset->source->ndates > 0 &&
	    (ruleset->dating = dating_open(ruleset->source)) != NULL)
		f->dated |= ruleset->bit;
	f->cutting |= ruleset->cuts != NULL ? ruleset->bit : 0;
	if (ruleset->source->daemon != NULL)
		return 0;
	f->foreign |= ruleset->bit;
	if (ruleset->source->file != NULL)
		return 0;
	return ruleset_open_to_all(f, ruleset, why);
}

int filter_open(struct filter **out, const char *const *specs, size_t nspecs,
		const char *const *dirs, size_t ndirs, struct fault *why)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	unmatched_index(&f->unmatched);
	for (size_t i = 0; i < nspecs; i++)
		if (ruleset_open(f, specs[i], dirs, ndirs, why) < 0) {
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
