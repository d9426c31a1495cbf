/*
 * count: how many lines a filter has read, and how many of them look
 * like failed logins though no rule knows them.
 *
 * Workers count, several at once and without a lock; the engine reads, once a
 * minute. Of the lines that look like it one is kept, as its shape: the first
 * since the engine took the last one, so that a flood of them costs a look at
 * one flag each.
 */
#include "count.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "compiled.h"
#include "dispatch.h"
#include "rule.h"
#include "saslban/redact.h"

enum example { EXAMPLE_NONE, EXAMPLE_BEING_WRITTEN, EXAMPLE_THERE };

struct counters {
	atomic_uint_fast64_t lines;
	atomic_uint_fast64_t unmatched;
	atomic_uint_fast64_t ambiguous;
	atomic_uint_fast64_t orphans;
	atomic_int state; /* enum example: whose text is it */
	char text[REDACT_TEXT];
};

struct counters *counters_open(void)
{
	return calloc(1, sizeof(struct counters));
}

void counters_close(struct counters *c)
{
	free(c);
}

static void add(atomic_uint_fast64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t value(atomic_uint_fast64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static void keep(struct counters *c, const struct logline *line)
{
	int none = EXAMPLE_NONE;

	if (atomic_load_explicit(&c->state, memory_order_relaxed) != none ||
	    !atomic_compare_exchange_strong_explicit(
		    &c->state, &none, EXAMPLE_BEING_WRITTEN,
		    memory_order_acquire, memory_order_relaxed))
		return;
	redact(dispatch_program(line->tag), line->msg, c->text);
	atomic_store_explicit(&c->state, EXAMPLE_THERE, memory_order_release);
}

void counters_add(const struct filter *f, uint64_t rulesets, struct known known,
		  const struct logline *line, uint64_t times)
{
	for (; rulesets != 0; rulesets &= rulesets - 1)
		add(&f->ruleset[__builtin_ctzll(rulesets)]->counters->lines,
		    times);
	if (known.ambiguous != 0)
		add(&f->ruleset[__builtin_ctzll(known.ambiguous)]
			     ->counters->ambiguous,
		    times);
	for (; known.unmatched != 0; known.unmatched &= known.unmatched - 1) {
		struct counters *c =
			f->ruleset[__builtin_ctzll(known.unmatched)]->counters;

		add(&c->unmatched, times);
		keep(c, line);
	}
}

void counters_orphan(struct counters *c, uint64_t times)
{
	add(&c->orphans, times);
}

size_t filter_specs(const struct filter *f)
{
	return f->nrulesets;
}

const char *filter_file(const struct filter *f, size_t i)
{
	return f->ruleset[i]->source->file;
}

void filter_spec(const struct filter *f, size_t i, struct spec_info *out)
{
	struct ruleset *ruleset = f->ruleset[i];

	*out = (struct spec_info){
		.lines = value(&ruleset->counters->lines),
		.unmatched = value(&ruleset->counters->unmatched),
		.ambiguous = value(&ruleset->counters->ambiguous),
		.orphans = value(&ruleset->counters->orphans),
		.overruns = ruleset->prefix == NULL
				    ? 0
				    : value(&ruleset->prefix->overruns),
	};
}

bool filter_example(const struct filter *f, size_t i, char out[REDACT_TEXT])
{
	struct counters *c = f->ruleset[i]->counters;

	if (atomic_load_explicit(&c->state, memory_order_acquire) !=
	    EXAMPLE_THERE)
		return false;
	memcpy(out, c->text, sizeof(c->text));
	atomic_store_explicit(&c->state, EXAMPLE_NONE, memory_order_release);
	return true;
}
