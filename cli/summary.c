/* summary: see summary.h. summary_print is in summary_print.c. */
#include "summary.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
	const struct taken *const *x = a, *const *y = b;

	return strcmp((*x)->rule.name, (*y)->rule.name);
}

struct summary *summary_open(const struct filter *f)
{
	struct summary *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->rules = filter_rules(f);
	t->taken = calloc(t->rules + 1, sizeof(*t->taken));
	t->named = calloc(t->rules + 1, sizeof(struct taken *));
	if (t->taken == NULL || t->named == NULL) {
		summary_close(t);
		return NULL;
	}
	for (size_t i = 0; i < t->rules; i++) {
		filter_rule(f, i, &t->taken[i].rule);
		t->named[i] = &t->taken[i];
	}
	qsort(t->named, t->rules, sizeof(struct taken *), by_name);
	return t;
}

void summary_close(struct summary *t)
{
	if (t == NULL)
		return;
	free(t->taken);
	free(t->named);
	free(t);
}

static struct taken *find(const struct summary *t, const char *rule)
{
	struct taken wanted = {.rule = {.name = rule}};
	struct taken *key = &wanted, **found;

	found = bsearch(&key, t->named, t->rules, sizeof(struct taken *),
			by_name);
	return found == NULL ? NULL : *found;
}

static void add_taken(struct summary *t, const struct sighting *s,
		      uint64_t number, struct slice text)
{
	struct taken *k = find(t, s->rule);

	if (judge_outcome(s) == OUTCOME_FAILURE)
		t->attempts += s->count;
	if (k == NULL)
		return;
	if (k->lines++ == 0) {
		excerpt_take(&k->example, number, text.at, text.len);
		k->sighting = *s;
	}
	k->attempts += s->count;
}

static void add_refused(struct summary *t, const struct judged *j,
			uint64_t number, struct slice text)
{
	struct refused *r = t->refused;
	size_t i = 0;

	t->refused_lines++;
	for (; i < t->refusals; i++, r++)
		if (r->why == j->refusal && strcmp(r->rule, j->rule) == 0)
			break;
	if (i == SUMMARY_REFUSALS)
		return; /* counted as a line, shown nowhere */
	if (i == t->refusals) {
		t->refusals++;
		r->why = j->refusal;
		memcpy(r->rule, j->rule, sizeof(r->rule));
		excerpt_take(&r->example, number, text.at, text.len);
	}
	r->lines++;
}

void summary_add(struct summary *t, const struct judged *j, uint64_t number,
		 struct slice text)
{
	t->lines++;
	t->outcome[judge_outcome(&j->sighting)]++;
	if (j->sighting.kind != SIGHTING_NOTHING)
		add_taken(t, &j->sighting, number, text);
	else if (j->refused)
		add_refused(t, j, number, text);
	else if (j->unmatched != NULL)
		shapes_add(&t->unmatched, &j->line, j->unmatched, number, text);
}
