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
	bool moves;
};

struct place {
	struct node node;
	struct guest guest[PLACE_USERS];
};

/* Where a user was. */
struct stay {
	uint64_t address;
	uint64_t place;
	int64_t first, last;
};

struct person {
	struct node node;
	struct stay stay[PERSON_PLACES];
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
static uint64_t pair_of(const struct customers *c, uint64_t place,
			const struct name *user)
{
	uint64_t both[2] = {place, user->whole};

	return siphash(c->key, both, sizeof(both));
}

static uint64_t pair_key(const struct customers *c, const struct address *a,
			 const struct name *user)
{
	return pair_of(c, place_key(c, a), user);
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

unsigned customers_moving(const struct customers *c, const struct address *a,
			  int64_t since)
{
	const struct place *p =
		(const struct place *)cache_find(&c->places, place_key(c, a));
	unsigned n = 0;

	for (size_t i = 0; p != NULL && i < PLACE_USERS; i++)
		n += p->guest[i].moves && p->guest[i].last >= since;
	return n;
}

bool customers_has_key(const struct customers *c, uint64_t place,
		       const struct name *user, int64_t since)
{
	const struct pair *p = (const struct pair *)cache_find(
		&c->pairs, pair_of(c, place, user));

	return user->whole != 0 && p != NULL && p->last >= since;
}

bool customers_has(const struct customers *c, const struct address *a,
		   const struct name *user, int64_t since)
{
	return customers_has_key(c, place_key(c, a), user, since);
}

static const struct person *find_person(const struct customers *c,
					const struct name *user)
{
	return (const struct person *)cache_find(&c->users, user->whole);
}

unsigned customers_addresses(const struct customers *c, const struct name *user,
			     int64_t since)
{
	const struct person *p = find_person(c, user);
	unsigned n = 0;

	for (size_t i = 0; p != NULL && i < PERSON_PLACES; i++)
		n += p->stay[i].address != 0 && p->stay[i].last >= since;
	return n;
}

bool customers_settled(const struct customers *c, const struct name *user,
		       int64_t since)
{
	const struct person *p = find_person(c, user);

	for (size_t i = 0; p != NULL && i < PERSON_PLACES; i++)
		if (p->stay[i].address != 0 && p->stay[i].last >= since)
			return customers_addresses(c, user, since) == 1 &&
			       p->stay[i].last - p->stay[i].first >= SETTLED;
	return false;
}

bool customers_knows(const struct customers *c, const struct name *user,
		     int64_t since)
{
	return customers_addresses(c, user, since) > 0;
}

/* Is it the place of an earlier stay? */
static bool is_same_place(const struct person *p, size_t i, int64_t since)
{
	for (size_t k = 0; k < i; k++)
		if (p->stay[k].place == p->stay[i].place &&
		    p->stay[k].last >= since)
			return true;
	return false;
}

unsigned customers_elsewhere(const struct customers *c, const struct name *user,
			     const struct address *place, int64_t since)
{
	const struct person *p = find_person(c, user);
	uint64_t here = place_key(c, place);
	unsigned n = 0;

	for (size_t i = 0; p != NULL && i < PERSON_PLACES; i++)
		n += p->stay[i].address != 0 && p->stay[i].last >= since &&
		     p->stay[i].place != here && !is_same_place(p, i, since);
	return n;
}

bool customers_move(const struct customers *c, const struct name *user,
		    const struct address *address, const struct address *place,
		    int64_t since)
{
	const struct person *p = find_person(c, user);
	uint64_t here = place_key(c, address), there = place_key(c, place);

	for (size_t i = 0; p != NULL && i < PERSON_PLACES; i++)
		if (p->stay[i].place == there && p->stay[i].address != here &&
		    p->stay[i].last >= since)
			return true;
	return false;
}

/* ---- noting ---- */

/* Who was there longest ago makes room. */
static void receive(struct place *p, uint64_t user, int64_t at, bool moved)
{
	struct guest *oldest = &p->guest[0];

	for (size_t i = 0; i < PLACE_USERS; i++) {
		struct guest *g = &p->guest[i];

		if (g->user == user) {
			g->last = at > g->last ? at : g->last;
			g->moves = g->moves || moved;
			return;
		}
		if (g->last < oldest->last)
			oldest = g;
	}
	if (oldest->user != 0 && oldest->last > at)
		return;
	*oldest = (struct guest){user, at, moved};
}

int customers_note(struct customers *c, const struct address *a,
		   const struct name *user, int64_t at, int64_t since,
		   bool moved, struct acquaintance *out)
{
	struct place *place =
		(struct place *)cache_get(&c->places, place_key(c, a));
	struct pair *pair =
		(struct pair *)cache_get(&c->pairs, pair_key(c, a, user));

	if (place == NULL || pair == NULL)
		return -1;
	out->fresh = pair->last == 0 || pair->last < since;
	out->again = out->fresh || at >= pair->told + AGAIN;
	if (out->again)
		pair->told = at;
	if (at > pair->last)
		pair->last = at;
	receive(place, user->whole, at, moved);
	return 0;
}

int customers_note_user(struct customers *c, const struct name *user,
			const struct address *address,
			const struct address *place, int64_t at)
{
	struct person *p = (struct person *)cache_get(&c->users, user->whole);
	uint64_t here = place_key(c, address);
	size_t oldest = 0, i;

	if (p == NULL)
		return -1;
	for (i = 0; i < PERSON_PLACES && p->stay[i].address != here; i++)
		if (p->stay[i].last < p->stay[oldest].last)
			oldest = i;
	if (i == PERSON_PLACES)
		i = oldest;
	if (p->stay[i].address != here)
		p->stay[i] = (struct stay){here, place_key(c, place), at, at};
	else if (p->stay[i].last < at)
		p->stay[i].last = at;
	return 0;
}

void customers_forget(struct customers *c, const struct address *a,
		      const struct name *user)
{
	uint64_t here = place_key(c, a);
	struct pair *pair =
		(struct pair *)cache_find(&c->pairs, pair_key(c, a, user));
	struct place *place = (struct place *)cache_find(&c->places, here);
	struct person *p = (struct person *)cache_find(&c->users, user->whole);

	if (pair != NULL)
		cache_remove(&c->pairs, &pair->node);
	for (size_t i = 0; place != NULL && i < PLACE_USERS; i++)
		if (place->guest[i].user == user->whole)
			place->guest[i] = (struct guest){0};
	for (size_t i = 0; p != NULL && i < PERSON_PLACES; i++)
		if (p->stay[i].address == here)
			p->stay[i] = (struct stay){0};
}
