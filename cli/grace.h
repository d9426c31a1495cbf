/*
 * grace: strangers who failed for an account under attack, and are banned
 * unless its user logs in from there in time (VERDICT_GRACE).
 */
#ifndef SASLBAN_CLI_GRACE_H
#define SASLBAN_CLI_GRACE_H

#include "inquiry.h"
#include "json.h"
#include "output.h"
#include "saslban/failure.h"

enum { GRACE_SHOWN = 5 };

struct grace_row {
	struct address address;
	char user[SIGHTING_USER];
	int64_t at;         /* of the failure */
	struct verdict ban; /* that follows */
	bool jumps;         /* strike_jumps of it */
};

struct grace {
	struct grace_row row[GRACE_SHOWN]; /* in the order as added */
	size_t n;
};

/* One more failure of the jail: if it waits, and there is room, it is kept. All
 * zero is an empty one. */
void grace_add(struct grace *g, const struct inquiry *q,
	       const struct failure *f);

/* After the last of them: what follows. Those of which nothing does go, as who
 * is exempt, or banned meanwhile. */
int grace_look(struct grace *g, const struct inquiry *q, struct fault *why);

/* A line for each, which names the address, or not. */
void grace_print(const struct grace *g, const struct output *o, bool named,
		 int64_t now);
void grace_json(const struct grace *g, struct json *j);

#endif
