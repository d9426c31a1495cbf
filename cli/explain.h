/*
 * explain: why, or why not, one jail at a time: what explain.c, the verb,
 * hands to those who know what an address, a network or a user is.
 */
#ifndef SASLBAN_CLI_EXPLAIN_H
#define SASLBAN_CLI_EXPLAIN_H

#include "cli.h"
#include "inquiry.h"
#include "json.h"
#include "subject.h"

enum { EXPLAIN_INDENT = 4, EXPLAIN_WIDTH = 9 /* of a heading */ };

struct explain {
	const struct cli *cli;
	struct subject subject; /* or else ... */
	const char *user;       /* ... a user; NULL */
	struct json *json;      /* NULL: for people */
	bool known;             /* there was something to say of it */
};

/* What a jail says, below its name; members of the object that is open. */
int explain_host(struct explain *x, const struct inquiry *q, struct fault *why);
int explain_network(struct explain *x, const struct inquiry *q,
		    struct fault *why);
int explain_user(struct explain *x, const struct inquiry *q, struct fault *why);

#endif
