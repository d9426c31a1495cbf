/*
 * announce: a ban that has begun.
 */
#ifndef SASLBAN_ENGINE_ANNOUNCE_H
#define SASLBAN_ENGINE_ANNOUNCE_H

#include "events.h"
#include "saslban/enforcer.h"
#include "saslban/moment.h"
#include "saslban/offense.h"
#include "saslban/store.h"

/* It says, too, whether the kernel has it by now. enforcer: NULL where the
 * jail only observes. */
void announce_ban(struct events *ev, struct store *s, struct enforcer *enforcer,
		  const struct offense *o, struct moment now);

#endif
