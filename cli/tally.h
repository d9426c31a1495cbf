/*
 * tally: what the lines of a file were, in numbers and examples.
 *
 * Its size depends on the number of rules and not on the file.
 */
#ifndef SASLBAN_CLI_TALLY_H
#define SASLBAN_CLI_TALLY_H

#include "judge.h"
#include "shapes.h"

enum { TALLY_KINDS = 4, TALLY_REFUSALS = 64 };

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

struct tally {
	uint64_t lines;
	uint64_t kind[TALLY_KINDS]; /* enum sighting_kind */
	uint64_t attempts;
	struct taken *taken;  /* in the order of the filters */
	struct taken **named; /* by name */
	size_t rules;
	struct refused refused[TALLY_REFUSALS];
	size_t refusals;
	uint64_t refused_lines;
	struct shapes unmatched; /* look like failed logins, matched nothing */
};

/* NULL when out of memory. */
struct tally *tally_open(const struct filter *f);
void tally_close(struct tally *t);

void tally_add(struct tally *t, const struct judged *j, uint64_t number,
	       struct span text);

/* For people; all: without the limit on examples. */
void tally_print(struct tally *t, const struct judge *j, const struct output *o,
		 bool all);

#endif
