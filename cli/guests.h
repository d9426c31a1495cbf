/*
 * guests: who logs in from an address or a network, and what follows for it.
 */
#ifndef SASLBAN_CLI_GUESTS_H
#define SASLBAN_CLI_GUESTS_H

#include "flow.h"
#include "inquiry.h"
#include "json.h"
#include "stance.h"

enum { GUESTS_NAMES = 5 };

struct guests {
	unsigned n;          /* users of late, a few at most */
	unsigned neighbours; /* ... in its network, these among them */
	bool carrier;        /* they move about there */
	bool off;            /* logins are not remembered */
	char name[GUESTS_NAMES][SIGHTING_USER]; /* who was there last */
	size_t names;
};

int guests_take(struct guests *out, const struct inquiry *q,
		const struct address *a, struct fault *why);

/* One line. */
void guests_print(const struct guests *g, const struct output *o);

/* What its failures are measured by, if that is not what the jail says. */
void guests_print_patience(const struct inquiry *q, const struct stance *s,
			   const struct output *o);

void guests_json(const struct guests *g, struct json *j);

#endif
