/*
 * compiled: the filters of one jail, as they are after loading.
 *
 * All of it is read-only then and shared by the workers, but for the counters
 * (atomic) and what remembers lines (memories.h).
 */
#ifndef SASLBAN_FILTER_COMPILED_H
#define SASLBAN_FILTER_COMPILED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/filter.h"
#include "saslban/filterfile.h"
#include "saslban/unmatched.h"

struct counters;
struct dating;
struct memories;
struct rule;
struct sieve;

enum {
	FILTERS_MAX = 64, /* filters of one jail: bits of a mask */
	NEEDS_MAX = 64    /* different needs of one filter that are shared */
};

/* What bars most rules from most lines, together in few bytes. */
struct gate {
	char first;   /* of the bytes that begin every match; 0: any */
	uint8_t need; /* id of a need; 0: none that is shared */
};

/* The rules of one filter. */
struct ruleset {
	uint64_t bit; /* in masks of rulesets */
	struct filterfile *source;
	struct counters *counters;
	struct dating
		*dating;     /* of datepattern; NULL: any date that is known */
	struct rule *prefix; /* NULL: none */
	struct rule *rule;   /* in the order of filterfile */
	struct rule **order; /* those that judge, as they are asked */
	struct gate *gate;   /* of each of these */
	size_t rules;
	size_t judging; /* those in order; behind them in rule: ignoreregex */
	size_t ignores; /* how many; behind them knownregex */
	size_t knowns;  /* how many; behind them ambiguousregex */
	unsigned needs; /* ids given */
	bool fails;     /* it has a failregex */
	bool early;     /* ignoreregex is tried on the whole line first */
	struct memories *memories;
};

struct filter {
	struct ruleset *ruleset[FILTERS_MAX];
	size_t nrulesets;
	size_t rules;
	/* Masks of rulesets: */
	uint64_t borrowed;   /* fail2ban's: they want lines as a log file shows
				them */
	uint64_t everyone;   /* of these, the ones that know no program and no
			      * file: they see each line */
	uint64_t always;     /* of these, the ones that the sieve cannot rule
			      * out */
	uint64_t counted;    /* those of which being asked means that the line
			      * was theirs to read */
	uint64_t watched;    /* those that have a failregex */
	uint64_t unicode;    /* those that read characters, not bytes */
	uint64_t dated;      /* those that have a datepattern for their files */
	uint64_t cutting;    /* those that have cuts */
	uint64_t no_repeats; /* those in whose records `message repeated` is
			      * a text like any other */
	struct sieve *sieve; /* NULL: none is borrowed */
	struct unmatched_index unmatched;
};

/* Try every rule on every line from now on, whatever plain bytes it needs. For
 * tests: the answers must stay the same. */
void filter_no_shortcuts(struct filter *f);

#endif
