/*
 * announce: a ban that has begun, for the log.
 */
#ifndef SASLBAN_ENGINE_ANNOUNCE_H
#define SASLBAN_ENGINE_ANNOUNCE_H

#include <stdint.h>

#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/offense.h"
#include "saslban/store.h"

/* It says, too, whether the kernel has it by now. enforcer: NULL where the
 * jail only observes. */
void announce_ban(struct report *r, struct store *s, struct enforcer *enforcer,
		  const struct offense *o, int64_t boot);

#endif
