/*
 * simulate: one policy or two, tried on old logs.
 */
#ifndef SASLBAN_CLI_SIMULATE_H
#define SASLBAN_CLI_SIMULATE_H

#include <stddef.h>

#include "cli.h"
#include "draft.h"
#include "json.h"
#include "logs.h"
#include "matcher.h"
#include "saslban/fault.h"
#include "tally.h"
#include "trial.h"

enum { SIDES = 2 };

struct side {
	struct draft draft;
	struct matcher *matcher; /* both may have the same */
	struct trial *trial;
	struct tally tally;
};

struct simulation {
	const struct cli *cli;
	struct side side[SIDES];
	size_t sides;
	struct matcher matcher[SIDES];
	size_t matchers;
	struct logs logs;
};

/* What came of it, for people. -1: out of memory. */
int simulate_print(const struct simulation *s, struct fault *why);

/* One document. -1: out of memory. */
int simulate_json(const struct simulation *s);

#endif
