/*
 * upkeep: bans that have run out are marked and reported, what is older than
 * `retain` is forgotten, both in small steps.
 */
#ifndef SASLBAN_ENGINE_UPKEEP_H
#define SASLBAN_ENGINE_UPKEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"
#include "saslban/enforcer.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/settings.h"
#include "saslban/store.h"

/* Rows at a time. Once a second, that is more than ever come in. */
#define UPKEEP_STEP 2000

/* Mark what has run out by now, so that no clock revives it, and report it.
 * *next: the Unix second in which the next ban runs out. */
int upkeep_expire(struct store *s, int64_t jail, struct events *ev,
		  struct moment now, int64_t *next, struct fault *why);

/* Forget what is older than the settings say, and who is allowed no more. e: of
 * whose sets entries are forgotten that nobody wants or holds any more; may be
 * NULL. *more: there is more to forget. */
int upkeep_prune(struct store *s, int64_t jail, const struct settings *settings,
		 const struct enforcer *e, int64_t now, bool *more,
		 struct fault *why);

#endif
