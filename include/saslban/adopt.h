/*
 * adopt: offenses that were recorded elsewhere.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_ADOPT_H
#define SASLBAN_ADOPT_H

#include "saslban/fault.h"
#include "saslban/offense.h"
#include "saslban/store.h"

enum adopted {
	ADOPT_NEW,    /* it was added as it is */
	ADOPT_KNOWN,  /* the jail has one of the address that began then and
		       * was to end then: nothing is changed */
	ADOPT_SHORTER /* it was added as one that is over, since a ban of the
		       * address runs that lasts as long or longer */
};

/* As offense_add, with what was dropped, and without taking the place of a ban
 * that lasts longer. */
int offense_adopt(struct store *s, struct offense *o, enum adopted *out,
		  struct fault *why);

/* The same of one of which it is not known when it began. It begins at o->at;
 * ADOPT_KNOWN if a ban of the address runs then. */
int offense_adopt_now(struct store *s, struct offense *o, enum adopted *out,
		      struct fault *why);

#endif
