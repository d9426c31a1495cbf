/*
 * places: from where a user logs in; and under what other names he may be
 * known: with and without a domain.
 */
#ifndef SASLBAN_CLI_PLACES_H
#define SASLBAN_CLI_PLACES_H

#include "inquiry.h"
#include "json.h"
#include "output.h"
#include "saslban/login.h"

enum { PLACES_SHOWN = 10, PLACES_ASKED = 3, PLACES_NAMES = 3 };

struct place {
	struct login login;
	bool exempt;
	struct prospect next; /* a failure of the user there; of the first
			       * PLACES_ASKED */
};

struct places {
	const char *user;
	struct place place[PLACES_SHOWN]; /* where he was last, first */
	size_t shown;
	size_t asked;
	size_t n;
	char name[PLACES_NAMES][SIGHTING_USER];
	size_t names;
};

int places_take(struct places *out, const struct inquiry *q, const char *user,
		struct fault *why);

/* Somebody of that name was seen. */
void places_note_name(struct places *p, const char *name);

/* A heading and a table. -1: out of memory. */
int places_print(const struct places *p, const struct output *o);
void places_print_names(const struct places *p, const struct output *o);

void places_json(const struct places *p, struct json *j,
		 const struct policy *policy);

#endif
