/*
 * capacity: a set has room for what is to come.
 *
 * One that is more than 80 per cent full is replaced by one of twice the size,
 * in steps of some milliseconds, while bans go on. Where that may not be or
 * cannot be, a warning says so, once.
 */
#ifndef SASLBAN_ENGINE_CAPACITY_H
#define SASLBAN_ENGINE_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/moment.h"
#include "saslban/store.h"

enum capacity_stage {
	CAPACITY_IDLE,
	CAPACITY_WANTED, /* to be made larger */
	CAPACITY_COPYING,
	CAPACITY_COPIED /* to be put in place */
};

struct capacity {
	struct enforcer *enforcer; /* borrowed, as the report is */
	enum enforcer_set set;
	const struct report *report;
	enum capacity_stage stage;
	int64_t retry;    /* boot: not before that */
	unsigned tries;   /* that failed, one after the other */
	uint32_t maxelem; /* as it was seen last */
	uint32_t elements;
	uint32_t largest;
	uint32_t expected; /* entries that are to be put back */
	uint64_t look; /* entries added since the beginning: it may be filling
			* up by then */
	bool filling;  /* and that was reported */
};

void capacity_init(struct capacity *c, struct enforcer *e,
		   enum enforcer_set set, const struct report *report);

/* So many entries are about to be in it, for which it is made large enough
 * before they are: nothing has to be copied then. */
void capacity_expect(struct capacity *c, int64_t entries);

/* What the set is like now. added: entries since the beginning. */
void capacity_look(struct capacity *c, const struct set_state *s,
		   uint64_t added);

/* Nobody has to yield in it: it is made larger, or will be. */
bool capacity_can_grow(const struct capacity *c);

/* A step, if one is due. *grown: the set is larger, and another. -1 is the
 * store's refusal. */
int capacity_step(struct capacity *c, struct store *s, struct moment now,
		  bool *grown, struct fault *why);

/* Gives up what was begun. */
void capacity_stop(struct capacity *c);

/* The boot-clock second of the next step; INT64_MAX: none. */
int64_t capacity_due(const struct capacity *c);

#endif
