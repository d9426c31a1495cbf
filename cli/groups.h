/*
 * groups: failures added up by what they have in common: an address, an
 * account, a rule.
 */
#ifndef SASLBAN_CLI_GROUPS_H
#define SASLBAN_CLI_GROUPS_H

#include <stddef.h>
#include <stdint.h>

#include "keymap.h"

/* What a group was met with, by their numbers: a bit for each up to 63. */
enum group_met { GROUP_DAYS, GROUP_SERVICES, GROUP_RULES, GROUP_MET };

struct group {
	char *name;
	int64_t attempts;
	int64_t first;
	int64_t last;
	size_t addresses; /* different ones */
	size_t accounts;
	uint64_t met[GROUP_MET]; /* whoever adds up fills it */
};

/* All zero is an empty one. */
struct groups {
	struct keymap index;
	struct group *at;
	size_t n;
	size_t room;
};

void groups_close(struct groups *g);

/* The one of that hash; one that is new is called so (the text is copied).
 * NULL: out of memory. The pointer is good until the next call. */
struct group *groups_of(struct groups *g, uint64_t hash, const char *name);

/* So many attempts more, at that time. */
void group_count(struct group *g, int64_t attempts, int64_t at);

/* The first n (0: all) become those with the most attempts, in that order; as
 * many, in the order of their names. Nothing can be added after that. */
void groups_rank(struct groups *g, size_t n);

#endif
