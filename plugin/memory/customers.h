/*
 * customers: who logged in from where, of late.
 *
 * A pair is a user at an address, or in a network; a place is an address or a
 * network, and knows how many its users are, up to PLACE_USERS.
 */
#ifndef SASLBAN_MEMORY_CUSTOMERS_H
#define SASLBAN_MEMORY_CUSTOMERS_H

#include "name.h"
#include "saslban/memory.h"
#include "cache.h"

enum {
	PLACE_USERS = 16, /* at least POLICY_CROWD */
	PERSON_PLACES = 3,
	SETTLED = 6 * 3600, /* seconds at one address: a habit */
	AGAIN = 3600        /* seconds after which the store is told again */
};

struct customers {
	const struct siphash_key *key;
	struct cache pairs;
	struct cache places;
	struct cache users; /* where each was last */
};

int customers_open(struct customers *c, const struct siphash_key *key);
void customers_close(struct customers *c);
void customers_clear(struct customers *c);

/* Users at the place since then. */
unsigned customers_at(const struct customers *c, const struct address *a,
		      int64_t since);

/* ... of whom several addresses in it are known. */
unsigned customers_moving(const struct customers *c, const struct address *a,
			  int64_t since);

bool customers_has(const struct customers *c, const struct address *a,
		   const struct name *user, int64_t since);
/* The same of a place by its key: siphash of its address. */
bool customers_has_key(const struct customers *c, uint64_t place,
		       const struct name *user, int64_t since);

/* Since then the user has logged in; from how many addresses; and from how many
 * places that are another than this: of his latest PERSON_PLACES. */
bool customers_knows(const struct customers *c, const struct name *user,
		     int64_t since);
unsigned customers_addresses(const struct customers *c, const struct name *user,
			     int64_t since);
/* He has been at one address alone, for so many seconds. */
bool customers_settled(const struct customers *c, const struct name *user,
		       int64_t since);
unsigned customers_elsewhere(const struct customers *c, const struct name *user,
			     const struct address *place, int64_t since);

/* He has been at another address than this one of the place, too: of his latest
 * PERSON_PLACES. */
bool customers_move(const struct customers *c, const struct name *user,
		    const struct address *address, const struct address *place,
		    int64_t since);

/* What was known of a pair before. */
struct acquaintance {
	bool fresh; /* nothing, since then */
	bool again; /* or it is AGAIN ago that the store was told */
};

/* The user logged in at the place; moved: from another address of it. -1: out
 * of memory. */
int customers_note(struct customers *c, const struct address *a,
		   const struct name *user, int64_t at, int64_t since,
		   bool moved, struct acquaintance *out);

/* The pair is forgotten. */
void customers_forget(struct customers *c, const struct address *a,
		      const struct name *user);

/* The user was at the address, which is in the place. */
int customers_note_user(struct customers *c, const struct name *user,
			const struct address *address,
			const struct address *place, int64_t at);

#endif
