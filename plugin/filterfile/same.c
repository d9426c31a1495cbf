/* same: two readings of a filter, compared; see saslban/filterfile.h. */
#include <string.h>

#include "saslban/filterfile.h"

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_rule(const struct filterfile_rule *a,
		      const struct filterfile_rule *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->kind == b->kind && a->len == b->len &&
	       memcmp(a->regex, b->regex, a->len) == 0;
}

static bool same_options(const struct filterfile *a, const struct filterfile *b)
{
	return same_text(a->name, b->name) && same_text(a->daemon, b->daemon) &&
	       same_text(a->file, b->file) && a->unicode == b->unicode &&
	       a->repeats == b->repeats && a->doubled == b->doubled &&
	       a->cut == b->cut && a->excuse == b->excuse &&
	       a->split_at == b->split_at && a->session_age == b->session_age;
}

bool filterfile_same(const struct filterfile *a, const struct filterfile *b)
{
	if (!same_options(a, b) || a->ndates != b->ndates ||
	    a->nrules != b->nrules || !same_rule(a->prefix, b->prefix))
		return false;
	for (size_t i = 0; i < a->ndates; i++)
		if (!same_text(a->dates[i], b->dates[i]))
			return false;
	for (size_t i = 0; i < a->nrules; i++)
		if (!same_rule(&a->rules[i], &b->rules[i]))
			return false;
	return true;
}
