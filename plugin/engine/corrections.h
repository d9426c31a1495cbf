/*
 * corrections: of which entries the store is wrong, as a comparison finds them.
 */
#ifndef SASLBAN_ENGINE_CORRECTIONS_H
#define SASLBAN_ENGINE_CORRECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/entry.h"
#include "saslban/store.h"

#define CORRECTIONS_MAX 500

struct corrections {
	struct {
		struct address address;
		int64_t held;
		bool longer; /* than any ban wants it */
	} of[CORRECTIONS_MAX];
	size_t n;
};

/* Until when the kernel holds it, in the store's terms: `held` itself where
 * that is right. left: what the kernel has said, seconds from `from` on; 0: it
 * is permanent. longest: what the kernel can. */
int64_t corrections_held(const struct entry *e, int64_t left, int64_t from,
			 int64_t longest, int64_t now);

/* There is room for it. */
void corrections_add(struct corrections *c, const struct entry *e,
		     int64_t held);

#endif
