/* tally: see tally.h. tally_print is in tally_print.c. */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
	const struct taken *const *x = a, *const *y = b;

	return strcmp((*x)->rule.name, (*y)->rule.name);
}

struct tally *tally_open(const struct filter *f)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->rules = filter_rules(f);
	t->taken = calloc(t->rules + 1, sizeof(*t->taken));
	t->named = calloc(t->rules + 1, sizeof(struct taken *));
	if (t->taken == NULL || t->named == NULL) {
		tally_close(t);
		return NULL;
	}
	for (size_t i = 0; i < t->rules; i++) {
		filter_rule(f, i, &t->taken[i].rule);
		t->named[i] = &t->taken[i];
	}
	qsort(t->named, t->rules, sizeof(struct taken *), by_name);
	return t;
}

void tally_close(struct tally *t)
{
	if (t == NULL)
		return;
	free(t->taken);
	free(t->named);
	free(t);
}

static struct taken *find(const struct tally *t, const char *rule)
{
	struct taken wanted = {.rule = {.name = rule}};
	struct taken *key = &wanted, **found;

	found = bsearch(&key, t->named, t->rules, sizeof(struct taken *),
			by_name);
	return found == NULL ? NULL : *found;
}

static void add_taken(struct tally *t, const struct sighting *s,
		      uint64_t number, struct span text)
{
	struct taken *k = find(t, s->rule);

	if (s->kind == SIGHTING_FAILURE)
		t->attempts += s->count;
	if (k == NULL)
		return;
	if (k->lines++ == 0) {
		excerpt_take(&k->example, number, text.at, text.len);
		k->sighting = *s;
	}
	k->attempts += s->count;
}

static void add_refused(struct tally *t, const struct judged *j,
			uint64_t number, struct span text)
{
	struct refused *r = t->refused;
	size_t i = 0;

	t->refused_lines++;
	for (; i < t->refusals; i++, r++)
		if (r->why == j->refusal && strcmp(r->rule, j->rule) == 0)
			break;
	if (i == TALLY_REFUSALS)
		return; /* counted as a line, shown nowhere */
	if (i == t->refusals) {
		t->refusals++;
		r->why = j->refusal;
		memcpy(r->rule, j->rule, sizeof(r->rule));
		excerpt_take(&r->example, number, text.at, text.len);
	}
	r->lines++;
}

void tally_add(struct tally *t, const struct judged *j, uint64_t number,
	       struct span text)
{
	t->lines++;
	t->kind[j->sighting.kind]++;
	if (j->sighting.kind != SIGHTING_NOTHING)
		add_taken(t, &j->sighting, number, text);
	else if (j->refused)
		add_refused(t, j, number, text);
	else if (j->telltale != NULL)
		shapes_add(&t->unmatched, &j->line, j->telltale, number, text);
}
