/*
 * asking: what would come of one more failure: failing.c without a row.
 */
#ifndef SASLBAN_ENGINE_ASKING_H
#define SASLBAN_ENGINE_ASKING_H

#include "docket.h"
#include "saslban/judge.h"

int asking_prospect(struct docket *d, const struct address *offender,
		    const char *user, int64_t now, struct prospect *out,
		    struct fault *why);

#endif
