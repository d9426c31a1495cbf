/*
 * offenders: who is in a list of bans, each address of a set once.
 */
#ifndef SASLBAN_CLI_OFFENDERS_H
#define SASLBAN_CLI_OFFENDERS_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"

struct offender {
	struct address address;
	const char *set; /* base name; borrowed */
	int64_t until;   /* of the longest of its bans */
	unsigned strike; /* the highest */
};

/* All zero is an empty one. */
struct offenders {
	struct offender *at;
	size_t n;
	size_t room;
};

/* -1: out of memory. */
int offenders_add(struct offenders *o, const struct offender *one);

/* Sort by set, family, address and prefix, and make one of those that are
 * equal. With sets 0, bans of one address in several sets are equal, too. */
void offenders_merge(struct offenders *o, int sets);

void offenders_free(struct offenders *o);

#endif
