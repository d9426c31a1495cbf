/*
 * deciding: what comes of one failure, before anything is written: for
 * failing.c, which makes it so, and for those who only ask.
 */
#ifndef SASLBAN_ENGINE_DECIDING_H
#define SASLBAN_ENGINE_DECIDING_H

#include "docket.h"
#include "saslban/judge.h"

/* t->wide is set. */
int deciding_decide(struct docket *d, struct trace *t, int64_t now,
		    struct prospect *out, struct fault *why);

/* One failure more, as judge_ask has it. */
int deciding_foresee(struct docket *d, const struct address *offender,
		     const char *user, int64_t now, struct prospect *out,
		     struct fault *why);

#endif
