/*
 * tries: failures, and whether each of them counted and why not: the latest
 * of them, for people with a note on each verdict that occurs.
 */
#ifndef SASLBAN_CLI_TRIES_H
#define SASLBAN_CLI_TRIES_H

#include "json.h"
#include "output.h"
#include "saslban/failure.h"

enum { TRIES_SHOWN = 20, TRIES_USERS = 5 };

struct tries {
	/* From when on what counted still counts, and why not before:
	 * then, a ban ended. INT64_MIN: not known, of many addresses. */
	int64_t counting;
	bool paid;
	struct failure row[TRIES_SHOWN]; /* the latest */
	size_t rows;
	size_t n;       /* all that were added */
	int64_t oldest; /* of those that count now; 0: none does */
	char user[TRIES_USERS][SIGHTING_USER]; /* whom they were for */
	size_t users;
};

void tries_begin(struct tries *t, int64_t counting, bool paid);
void tries_add(struct tries *t, const struct failure *f);

/* Whose they are: what is the same in all of them has no column. */
enum tries_of { TRIES_OF_MANY, TRIES_OF_HOST, TRIES_OF_USER };

/* A heading and a table; nothing when there are none. -1: out of memory. */
int tries_print(struct tries *t, const struct output *o, enum tries_of of);

/* All that are kept are of that very host. */
bool tries_are_of(const struct tries *t, const struct address *host);

/* An array with all rows that are kept. */
void tries_json(struct tries *t, struct json *j, const char *key);

#endif
