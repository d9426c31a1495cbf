/*
 * dispatch: which filters a line concerns.
 */
#ifndef SASLBAN_FILTER_DISPATCH_H
#define SASLBAN_FILTER_DISPATCH_H

#include <stdint.h>

#include "saslban/filter.h"
#include "saslban/slice.h"

enum {
	PROGRAM_MAX = 48, /* bytes of a program's name; longer is not cached */
	CACHE_BITS = 7,   /* two to the power: programs a worker remembers */
	CACHE_PROBES = 4  /* places in which one of them may be */
};

/* The rulesets that read a program's lines, those that do if there is a pid,
 * and those that read a file by that tag; masks. */
struct readers {
	uint64_t lines;
	uint64_t numbered; /* added to lines where it applies */
	uint64_t files;
};

/* What a worker remembers of a program. */
struct cached {
	struct readers readers;
	uint64_t first; /* how its name begins and ends */
	uint64_t last;
	uint8_t len;            /* and one more; 0: never used */
	char rest[PROGRAM_MAX]; /* between the two */
};

/* The program of a tag: without pid and colon. */
struct slice dispatch_program(struct slice tag);

/* For a tag that may not be cut yet (LOGLINE_MSG). */
struct readers dispatch(const struct filter *f, struct filter_scratch *s,
			struct slice tag);

#endif
