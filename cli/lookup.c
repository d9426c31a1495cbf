/* lookup: see lookup.h. */
#include "lookup.h"

#include <string.h>

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters have to be added, removed or changed (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[VERB_NAME + 1];
	size_t len = strlen(b);

	if (strlen(a) > VERB_NAME || len > VERB_NAME)
		return VERB_NAME;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = smaller(smaller(row[j], row[j - 1]) + 1,
					 change);
		}
	}
	return row[len];
}

/* The verb that may have been meant, or NULL. */
static const struct verb *suggest(const struct verb *table, const char *name)
{
	const struct verb *best = NULL;
	size_t nearest = 3;

	for (const struct verb *v = table; v->name != NULL; v++) {
		size_t d = distance(name, v->name);

		if (strncmp(name, v->name, strlen(name)) == 0)
			d = 1;
		if (d < nearest) {
			nearest = d;
			best = v;
		}
	}
	return best;
}

const struct verb *lookup_verb(const struct verb *table, const char *name)
{
	const struct verb *near;

	for (const struct verb *v = table; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	near = suggest(table, name);
	if (near != NULL)
		edge_note("unknown verb '%s'; did you mean '%s'?", name,
			  near->name);
	else
		edge_note("unknown verb '%s'; saslbanctl --help lists them",
			  name);
	return NULL;
}
