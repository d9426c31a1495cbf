/*
 * vitals: is everything alive? Of the engine, of its sets and of what it
 * reads, for a mail. Nobody bans more quietly than an engine that sees nothing.
 */
#ifndef SASLBAN_ENGINE_VITALS_H
#define SASLBAN_ENGINE_VITALS_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/paper.h"
#include "saslban/settings.h"
#include "saslban/store.h"
#include "sets.h"

/* *warnings: how many of the lines say that something is wrong. */
int vitals_write(struct paper *p, struct store *s, int64_t jail,
		 const struct settings *settings, const struct sets *sets,
		 int64_t now, unsigned *warnings, struct fault *why);

#endif
