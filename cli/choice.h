/*
 * choice: which bans a list has, and in which order, by its options.
 */
#ifndef SASLBAN_CLI_CHOICE_H
#define SASLBAN_CLI_CHOICE_H

#include "cli.h"
#include "edge.h"
#include "saslban/offense.h"
#include "subject.h"

struct choice {
	struct offense_query query; /* its jail is the caller's to set */
	struct subject network;     /* of --network */
};

/* Prints what is wrong with an option. The choice has to stay where it is: its
 * query borrows from it. */
enum status choice_read(struct choice *out, const struct cli *c);

/* True when more was asked for than all bans, or all that run. */
bool choice_is_narrow(const struct choice *x);

#endif
