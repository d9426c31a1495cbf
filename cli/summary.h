/*
 * summary: what the lines of a file were, in numbers and examples.
 *
 * Its size depends on the number of rules and not on the file.
 */
#ifndef SASLBAN_CLI_SUMMARY_H
#define SASLBAN_CLI_SUMMARY_H

#include "matcher.h"
#include "shapes.h"

enum { SUMMARY_REFUSALS = 64 };

/* What one rule took. */
struct taken {
	struct rule_info rule;
	uint64_t lines;
	uint64_t attempts;
	struct excerpt example;
	struct sighting sighting; /* of the example */
};

/* What was refused: which rule and why. */
struct refused {
	char rule[SIGHTING_WORD];
	enum filter_refusal why;
	uint64_t lines;
	struct excerpt example;
};

struct summary {
	uint64_t lines;
	uint64_t outcome[OUTCOMES]; /* how many lines */
	uint64_t attempts;          /* on those that are failures */
	struct taken *taken;        /* in the order of the filters */
	struct taken **named;       /* by name */
	size_t rules;
	struct refused refused[SUMMARY_REFUSALS];
	size_t refusals;
	uint64_t refused_lines;
	struct shapes unmatched; /* look like failed logins, matched nothing */
};

/* NULL when out of memory. */
struct summary *summary_open(const struct filter *f);
void summary_close(struct summary *t);

void summary_add(struct summary *t, const struct judged *j, uint64_t number,
		 struct slice text);

/* For people; all: without the limit on examples. */
void summary_print(struct summary *t, const struct matcher *j,
		   const struct output *o, bool all);

#endif
