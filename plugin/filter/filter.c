/* filter: see saslban/filter.h. */
#include "saslban/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiled.h"
#include "count.h"
#include "dispatch.h"
#include "echo.h"
#include "explain.h"
#include "rule.h"
#include "scratch.h"
#include "session.h"
#include "sieve.h"

/* ---- open ---- */

static void set_close(struct ruleset *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->rules; i++)
		rule_drop(&set->rule[i]);
	free(set->rule);
	free(set->order);
	free(set->gate);
	if (set->prefix != NULL)
		rule_drop(set->prefix);
	free(set->prefix);
	sessions_close(set->sessions);
	echoes_close(set->echoes);
	counters_close(set->counters);
	filterfile_close(set->source);
	free(set);
}

static void name_rule(struct rule *r, const char *filter, unsigned number)
{
	snprintf(r->name, sizeof(r->name), "%.40s:%s%u", filter,
		 rule_kinds[r->kind].mark, number);
}

/* What a rule must be able to tell. */
static int check_host(const struct ruleset *set, const struct rule *r,
		      struct fault *why)
{
	static const enum slot hosts[] = {SLOT_IP4, SLOT_IP6, SLOT_FID,
					  SLOT_MLFID};
	const struct rule *p = set->prefix;

	if (r->kind != RULE_FAIL && r->kind != RULE_OK)
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

/* How many rules of the set have that need. */
static unsigned sharers(const struct ruleset *set, const struct literal *need)
{
	unsigned n = 0;

	for (size_t i = 0; i < set->rules; i++)
		for (size_t k = 0; k < set->rule[i].need.n; k++)
			n += same(&set->rule[i].need.one[k], need);
	return n;
}

/* The id of a need that an earlier rule has already, or a new one. */
static uint8_t need_id(struct ruleset *set, const struct rule *r,
		       const struct literal *need)
{
	for (const struct rule *other = set->rule; other < r; other++)
		for (size_t k = 0; k < other->need.n; k++)
			if (same(&other->need.one[k], need))
				return other->need_id[k];
	return set->needs + 1 < NEEDS_MAX ? (uint8_t)++set->needs : 0;
}

/* Rules of one set often need the same bytes: what most of them need is
 * looked for first, once for all. */
static void share_needs(struct ruleset *set)
{
	for (size_t i = 0; i < set->rules; i++) {
		struct rule *r = &set->rule[i];
		size_t most = 0;

		for (size_t k = 1; k < r->need.n; k++)
			if (sharers(set, &r->need.one[k]) >
			    sharers(set, &r->need.one[most]))
				most = k;
		if (most > 0) {
			struct literal shared = r->need.one[most];

			memmove(&r->need.one[1], &r->need.one[0],
				most * sizeof(shared));
			r->need.one[0] = shared;
		}
		for (size_t k = 0; k < r->need.n; k++)
			r->need_id[k] = need_id(set, r, &r->need.one[k]);
	}
}

/* In doubt no failure: trouble and success are asked first. */
static void put_in_order(struct ruleset *set)
{
	static const enum rule_kind order[] = {RULE_TROUBLE, RULE_OK,
					       RULE_FAIL};
	size_t n = 0;

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < set->rules; i++)
			if (set->rule[i].kind == order[k])
				set->order[n++] = &set->rule[i];
	for (size_t i = 0; i < n; i++)
		set->gate[i] = (struct gate){
			.first = set->order[i]->start.at[0],
			.need = set->order[i]->need_id[0],
		};
}

static int compile_prefix(struct ruleset *set, bool own, struct fault *why)
{
	if (set->source->prefix == NULL)
		return 0;
	set->prefix = calloc(1, sizeof(*set->prefix));
	if (set->prefix == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return rule_compile(set->prefix, set->source, set->source->prefix, own,
			    why);
}

static int compile(struct ruleset *set, struct fault *why)
{
	const struct filterfile *source = set->source;
	bool own = source->daemon != NULL;
	unsigned number[RULE_KINDS] = {0};
	bool joins;

	if (compile_prefix(set, own, why) < 0)
		return -1;
	joins = set->prefix != NULL && set->prefix->has[SLOT_MLFID];
	set->rule = calloc(source->nrules + 1, sizeof(*set->rule));
	set->order = calloc(source->nrules + 1, sizeof(*set->order));
	set->gate = calloc(source->nrules + 1, sizeof(*set->gate));
	if (set->rule == NULL || set->order == NULL || set->gate == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < source->nrules; i++) {
		struct rule *r = &set->rule[i];

		set->rules = i + 1;
		if (rule_compile(r, source, &source->rules[i], own, why) < 0 ||
		    check_host(set, r, why) < 0)
			return -1;
		name_rule(r, source->name, ++number[r->kind]);
		joins = joins || r->has[SLOT_MLFID];
	}
	share_needs(set);
	put_in_order(set);
	set->ignores = number[RULE_IGNORE];
	set->judging = set->rules - set->ignores - number[RULE_KNOWN];
	set->early = !own && number[RULE_IGNORE] > 0 &&
		     number[RULE_IGNORE] + 2 < number[RULE_FAIL];
	set->fails = number[RULE_FAIL] > 0;
	if ((set->counters = counters_open()) == NULL ||
	    (source->doubled && (set->echoes = echoes_open()) == NULL))
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (joins && (set->sessions = sessions_open()) == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

/* It names neither programs nor a file. */
static int set_open_to_all(struct filter *f, const struct ruleset *set,
			   struct fault *why)
{
	f->everyone |= set->bit;
	if (f->sieve == NULL && (f->sieve = sieve_open()) == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (sieve_add(f->sieve, set, set->bit))
		return 0;
	f->always |= set->bit;
	if (set->prefix == NULL)
		f->counted &= ~set->bit;
	return 0;
}

static int set_open(struct filter *f, const char *spec, const char *const *dirs,
		    size_t ndirs, struct fault *why)
{
	struct ruleset *set;

	if (f->sets == FILTERS_MAX)
		return fault_set(why, FAULT_FILTER,
				 "too many filters; allowed: %d", FILTERS_MAX);
	set = calloc(1, sizeof(*set));
	if (set == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	set->bit = (uint64_t)1 << f->sets;
	if (filterfile_open(&set->source, spec, dirs, ndirs, why) < 0 ||
	    compile(set, why) < 0) {
		set_close(set);
		return -1;
	}
	if (set->judging == 0) {
		fault_set(why, FAULT_FILTER,
			  "filter '%s' has no rules; allowed: failregex, "
			  "okregex, troubleregex",
			  spec);
		set_close(set);
		return -1;
	}
	f->set[f->sets++] = set;
	f->rules += set->rules;
	f->counted |= set->bit;
	f->watched |= set->fails ? set->bit : 0;
	if (set->source->daemon != NULL)
		return 0;
	f->foreign |= set->bit;
	if (set->source->file != NULL)
		return 0;
	return set_open_to_all(f, set, why);
}

/* A fault quotes the file; whatever stands there, it stays one line. */
static void one_line(struct fault *why)
{
	for (char *c = why == NULL ? NULL : why->text; c != NULL && *c != '\0';
	     c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
}

int filter_open(struct filter **out, const char *const *specs, size_t nspecs,
		const char *const *dirs, size_t ndirs, struct fault *why)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	unmatched_index(&f->unmatched);
	for (size_t i = 0; i < nspecs; i++)
		if (set_open(f, specs[i], dirs, ndirs, why) < 0) {
			one_line(why);
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
	for (size_t i = 0; i < f->sets; i++)
		set_close(f->set[i]);
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
	for (size_t i = 0; i < f->sets; i++) {
		for (size_t k = 0; k < f->set[i]->rules; k++)
			no_shortcuts(&f->set[i]->rule[k]);
		memset(f->set[i]->gate, 0,
		       f->set[i]->judging * sizeof(*f->set[i]->gate));
		if (f->set[i]->prefix != NULL)
			no_shortcuts(f->set[i]->prefix);
	}
}

/* ---- tell ---- */

size_t filter_notes(const struct filter *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->sets; i++)
		n += f->set[i]->source->nnotes;
	return n;
}

void filter_note(const struct filter *f, size_t i, char *buf, size_t size)
{
	size_t k = 0;

	while (i >= f->set[k]->source->nnotes)
		i -= f->set[k++]->source->nnotes;
	snprintf(buf, size, "%s: %s means nothing here",
		 f->set[k]->source->name, f->set[k]->source->notes[i]);
}

size_t filter_rules(const struct filter *f)
{
	return f->rules;
}

void filter_rule(const struct filter *f, size_t i, struct rule_info *out)
{
	const struct rule *r;
	size_t k = 0;

	while (i >= f->set[k]->rules)
		i -= f->set[k++]->rules;
	r = &f->set[k]->rule[i];
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
	struct wanted wanted;

	s->explaining = &x;
	kind = filter_match(f, s, line, out);
	if (watch->all) {
		wanted = dispatch(f, s, line->tag);
		explain_rest(f, s, wanted.lines | wanted.files);
	}
	s->explaining = NULL;
	return kind;
}
