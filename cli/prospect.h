/*
 * prospect: what would come of one more failure, in words and as JSON.
 */
#ifndef SASLBAN_CLI_PROSPECT_H
#define SASLBAN_CLI_PROSPECT_H

#include "flow.h"
#include "json.h"
#include "saslban/judge.h"

/* The same would come of both. */
bool prospect_same(const struct prospect *a, const struct prospect *b);

/* What follows `one more failure now`: `would be counted: 3 of 6`. it: whom
 * it would concern, `it` or `the address`. */
void prospect_put(struct flow *f, const struct policy *p,
		  const struct prospect *x, const char *it);

/* One object. key: NULL in an array; there `user` is a member of it. */
void prospect_json(struct json *j, const char *key, const char *user,
		   const struct policy *p, const struct prospect *x);

#endif
