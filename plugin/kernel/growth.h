/*
 * growth: a set that is being replaced by a larger one, without a moment in
 * which an entry is in neither.
 *
 * For NAME4 the larger one is NAME4.new: created with the options of the old
 * one, filled from what the kernel tells of that, swapped with it and destroyed
 * under its old content. Entries keep all that they have: their times to the
 * second, counters, comments, exceptions. Until the swap nothing that anybody
 * relies on is touched. Whoever is killed leaves a NAME4.new behind, which the
 * next growth, or the next ensure, removes.
 *
 * One growth of a set at a time, of all processes that share the database.
 */
#ifndef SASLBAN_KERNEL_GROWTH_H
#define SASLBAN_KERNEL_GROWTH_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"
#include "copied.h"
#include "saslban/alive.h"
#include "set.h"
#include "set_change.h"
#include "set_reading.h"

enum { GROWTH_PARTS = 2048 }; /* above the entries of one datagram */

struct growth {
	bool running;
	bool created;
	const struct set *set; /* borrowed, as the channel is */
	struct channel *channel;
	struct set new;
	uint32_t identity; /* of the old one */
	uint32_t new_identity;
	struct alive *claim;
	struct set_reading reading;
	struct copied copied;
	int64_t now;                    /* of this call */
	bool starved;                   /* out of memory */
	struct part part[GROWTH_PARTS]; /* of one datagram: to be added */
	size_t parts;
};

/* Creates the larger set. On failure there is nothing to end. */
int growth_begin(struct growth *g, const struct set *s, struct channel *c,
		 uint32_t maxelem, int64_t now, struct fault *why);

/* Some thousand entries; *more: call again. */
int growth_more(struct growth *g, int64_t now, bool *more, struct fault *why);

/* What has changed since, then the swap. Nobody who could be kept from it may
 * change the set meanwhile. May be repeated after a fault: somebody who reads
 * the set keeps it from being swapped. */
int growth_finish(struct growth *g, int64_t now, struct fault *why);

/* Ends it, at any stage; what was begun is removed. */
void growth_end(struct growth *g);

/* Removes what a growth that was killed has left. */
void growth_clear(const struct set *s, struct channel *c);

#endif
