/*
 * past: the bans of an address, in it and around it; and what is left of them:
 * strikes.
 */
#ifndef SASLBAN_CLI_PAST_H
#define SASLBAN_CLI_PAST_H

#include "inquiry.h"
#include "json.h"
#include "stance.h"

enum { PAST_SHOWN = 5 };

struct past {
	struct offense ban[PAST_SHOWN]; /* the latest */
	size_t shown;
	size_t n;
	int64_t now;
};

int past_take(struct past *out, const struct inquiry *q,
	      const struct address *a, struct fault *why);

/* A heading and a table, if there are any. -1: out of memory. */
int past_print(const struct past *p, const struct output *o);

/* Why the ban that runs began, and when. */
void past_print_why(const struct stance *s, const struct output *o);

/* How many strikes there are, when they fade, and what the next one is. */
void past_print_strikes(const struct inquiry *q, const struct stance *s,
			const struct output *o);

void past_json(const struct past *p, struct json *j, const struct inquiry *q,
	       const struct stance *s);

#endif
