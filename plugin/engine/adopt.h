/*
 * adopt: the store was lost, and a set holds addresses of which it has no ban:
 * a ban is added for the time that is left. Its strike is unknown: the first,
 * or what follows from those that the store has.
 *
 * carry.adopt is the jail that does so; 0 is the ordinary case, in which what
 * is found is corrected and noted, and no more.
 */
#ifndef SASLBAN_ENGINE_ADOPT_H
#define SASLBAN_ENGINE_ADOPT_H

#include "audit.h"
#include "carry.h"
#include "corrections.h"
#include "report.h"
#include "saslban/fault.h"
#include "seen.h"

/* In a write transaction: what was found of entries of that set. */
int adopt_corrections(const struct corrections *c, const char *set,
		      struct carry *carry, struct fault *why);

/* A stranger, of whom there is room for 500 until adopt_met. Who was added for
 * good was not added by us, and stays one. */
void adopt_meet(struct audit *a, const struct carry *c,
		const struct seen_entry *seen);
int adopt_met(struct audit *a, struct carry *c, const char *set,
	      struct fault *why);

/* The set was compared: all is known, and reported. */
void adopt_end(struct carry *c, const char *set, const struct report *report);

#endif
