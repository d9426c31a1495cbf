/*
 * loss: what a look at the header of a set says of its entries, by what is
 * known of the set.
 *
 * The kernel counts entries that have run out until it collects them, so it may
 * have more than we expect, never less.
 */
#ifndef SASLBAN_ENGINE_LOSS_H
#define SASLBAN_ENGINE_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/enforcer.h"
#include "saslban/fault.h"
#include "saslban/store.h"

enum loss_found {
	LOSS_NONE,
	LOSS_GROWN, /* another engine, or a person, has put a larger set in its
		     * place, with the entries as far as is known */
	LOSS_HEAVY  /* flushed, or replaced by one without them */
};

struct loss {
	uint32_t identity; /* of the set, when it was looked at */
	uint32_t maxelem;
	bool known;  /* its content was compared since it was there */
	size_t held; /* entries that it should have, counted by that */
};

/* It is this set now. */
void loss_know(struct loss *l, const struct set_state *s);

/* The set's state; of what nobody has counted the store knows best. -1: the
 * kernel, or the store, refuses. */
int loss_look(struct enforcer *e, enum enforcer_set set, struct store *s,
	      int64_t now, struct set_state *out, struct fault *why);

/* -1: the store's refusal. */
int loss_find(const struct loss *l, struct store *s, const char *name,
	      int64_t now, const struct set_state *state,
	      enum loss_found *found, struct fault *why);

#endif
