/*
 * suspects: strangers who failed for an account under attack, and who may yet
 * turn out to be its owner: he logs in from there (VERDICT_GRACE).
 */
#ifndef SASLBAN_ENGINE_SUSPECTS_H
#define SASLBAN_ENGINE_SUSPECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/failure.h"

enum { SUSPECTS_MOST = 1024 };

struct suspect {
	struct address address;
	char user[SIGHTING_USER];
	char service[SIGHTING_WORD];
	char rule[SIGHTING_WORD];
	int64_t at;   /* of the failure */
	int64_t row;  /* in the store */
	bool cleared; /* he was who he said */
};

/* In the order in which they came, but for clocks that go back. */
struct suspects {
	struct suspect row[SUSPECTS_MOST];
	size_t first, n; /* a ring */
};

void suspects_forget(struct suspects *s);

bool suspects_full(const struct suspects *s);

/* Where there is no room it is left out. */
void suspects_add(struct suspects *s, const struct failure *f);

/* The first whose grace is over by now; NULL: none. It is gone from the list,
 * and borrowed until the next suspects_add. */
const struct suspect *suspects_next(struct suspects *s, int64_t grace,
				    int64_t now);

/* The user has logged in from there: one who is cleared by that; NULL: there is
 * none any more. */
const struct suspect *suspects_clear(struct suspects *s,
				     const struct address *a, const char *user);

/* When the first one's grace is over; INT64_MAX: there is none. */
int64_t suspects_due(const struct suspects *s, int64_t grace);

#endif
