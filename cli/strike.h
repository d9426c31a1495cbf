/*
 * strike: the number of an offense, in words.
 *
 * Where the ladder's first step is for those who may be customers, what needs
 * no counting begins with the second (saslban/policy.h): a first offender has
 * strike 2, and whoever reads that has to be told why.
 */
#ifndef SASLBAN_CLI_STRIKE_H
#define SASLBAN_CLI_STRIKE_H

#include "flow.h"
#include "inquiry.h"
#include "saslban/offense.h"

/* The strike at that time is higher than the one that follows those of before,
 * h: the first step was passed over. */
bool strike_jumps(const struct policy *p, const struct history *h,
		  unsigned strike, int64_t at);

/* The same of an offense in the store. */
int strike_look(const struct inquiry *q, const struct offense *o, bool *jumps,
		struct fault *why);

/* `strike 3`; with the reason if it jumps. */
void strike_put(struct flow *f, unsigned strike, bool jumps);

#endif
