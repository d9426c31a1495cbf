/* customers: see customers.h. */
#include "customers.h"

#include <string.h>

struct pair {
	struct node node;
	int64_t last;
	int64_t told; /* what of it the store has */
};

struct guest {
	uint64_t user;
	int64_t last;
};

struct place {
	struct node node;
	struct guest guest[PLACE_USERS];
};

/* The last two places of a user, which differ. */
struct person {
	struct node node;
	uint64_t place[2];
	int64_t last[2];
};

int customers_open(struct customers *c, const struct siphash_key *key)
{
	c->key = key;
	if (cache_open(&c->pairs, sizeof(struct pair), MEMORY_CUSTOMERS, NULL) <
		    0 ||
	    cache_open(&c->places, sizeof(struct place), MEMORY_CUSTOMERS / 2,
		       NULL) < 0 ||
	    cache_open(&c->users, sizeof(struct person), MEMORY_CUSTOMERS / 2,
		       NULL) < 0)
		return -1;
	return 0;
}

void customers_close(struct customers *c)
{
	cache_close(&c->pairs);
	cache_close(&c->places);
	cache_close(&c->users);
}

void customers_clear(struct customers *c)
{
	cache_clear(&c->pairs);
	cache_clear(&c->places);
	cache_clear(&c->users);
}

static uint64_t place_key(const struct customers *c, const struct address *a)
{
	return siphash(c->key, a, sizeof(*a));
}

/* A name with its domain and one without are two here: a server speaks of its
 * users in one way. */
static uint64_t pair_key(const struct customers *c, const struct address *a,
			 const struct name *user)
{
	uint64_t both[2] = {place_key(c, a), user->whole};

	return siphash(c->key, both, sizeof(both));
}

/* ---- asking ---- */

unsigned customers_at(const struct customers *c, const struct address *a,
		      int64_t since)
{
	const struct place *p =
		(const struct place *)cache_find(&c->places, place_key(c, a));
	unsigned n = 0;

	for (size_t i = 0; p != NULL && i < PLACE_USERS; i++)
		n += p->guest[i].user != 0 && p->guest[i].last >= since;
	return n;
}

bool customers_has(const struct customers *c, const struct address *a,
		   const struct name *user, int64_t since)
{
	const struct pair *p = (const struct pair *)cache_find(
		&c->pairs, pair_key(c, a, user));

	return user->whole != 0 && p != NULL && p->last >= since;
}

bool customers_knows(const struct customers *c, const struct name *user,
		     int64_t since)
{
	const struct person *p =
		(const struct person *)cache_find(&c->users, user->whole);

	return p != NULL && (p->last[0] >= since || p->last[1] >= since);
}

bool customers_elsewhere(const struct customers *c, const struct name *user,
			 const struct address *place, int64_t since)
{
	const struct person *p =
		(const struct person *)cache_find(&c->users, user->whole);
	uint64_t here = place_key(c, place);

	for (size_t i = 0; p != NULL && i < 2; i++)
		if (p->last[i] >= since && p->place[i] != here &&
		    p->place[i] != 0)
			return true;
	return false;
}

/* ---- noting ---- */

/* Who was there longest ago makes room. */
static void receive(struct place *p, uint64_t user, int64_t at)
{
	struct guest *oldest = &p->guest[0];

	for (size_t i = 0; i < PLACE_USERS; i++) {
		struct guest *g = &p->guest[i];

		if (g->user == user) {
			g->last = at > g->last ? at : g->last;
			return;
		}
		if (g->last < oldest->last)
			oldest = g;
	}
	if (oldest->user != 0 && oldest->last > at)
		return;
	*oldest = (struct guest){user, at};
}

int customers_note(struct customers *c, const struct address *a,
		   const struct name *user, int64_t at, int64_t since,
		   bool *fresh, bool *again)
{
	struct place *place =
		(struct place *)cache_get(&c->places, place_key(c, a));
	struct pair *pair =
		(struct pair *)cache_get(&c->pairs, pair_key(c, a, user));

	if (place == NULL || pair == NULL)
		return -1;
	*fresh = pair->last == 0 || pair->last < since;
	*again = *fresh || at >= pair->told + AGAIN;
	if (*again)
		pair->told = at;
	if (at > pair->last)
		pair->last = at;
	receive(place, user->whole, at);
	return 0;
}

int customers_note_user(struct customers *c, const struct name *user,
			const struct address *place, int64_t at)
{
	struct person *p = (struct person *)cache_get(&c->users, user->whole);
	uint64_t here = place_key(c, place);
	size_t i;

	if (p == NULL)
		return -1;
	for (i = 0; i < 2 && p->place[i] != here; i++)
		;
	if (i == 2)
		i = p->last[0] <= p->last[1] ? 0 : 1;
	if (p->place[i] == here && p->last[i] >= at)
		return 0;
	p->place[i] = here;
	p->last[i] = at;
	return 0;
}
