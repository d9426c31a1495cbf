/*
 * entering: a login that succeeded: what it forgives, who is known by it, and
 * whether it was a guess that hit.
 */
#ifndef SASLBAN_ENGINE_ENTERING_H
#define SASLBAN_ENGINE_ENTERING_H

#include "docket.h"

int entering_judge(struct docket *d, const struct sighting *s,
		   struct moment now, struct fault *why);

#endif
