/*
 * failing: a failed login, from the sighting to its rows.
 */
#ifndef SASLBAN_ENGINE_FAILING_H
#define SASLBAN_ENGINE_FAILING_H

#include "docket.h"

int failing_judge(struct docket *d, const struct sighting *s, int64_t now,
		  struct fault *why);

/* Suspects whose grace is over by now and who have not logged in: offenses. */
int failing_end_grace(struct docket *d, int64_t now, struct fault *why);

#endif
