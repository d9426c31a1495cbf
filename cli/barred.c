/* barred: see barred.h. */
#include "barred.h"

#include <stdlib.h>

#include "saslban/memory.h"

enum { FIRST = 64 };

void barred_close(struct barred *b)
{
	keymap_close(&b->latest);
	free(b->bar);
}

static uint64_t key_of(const struct barred *b, const struct address *a)
{
	return siphash(&b->key, a, sizeof(*a));
}

static int make_room(struct barred *b, size_t n)
{
	size_t capacity = b->capacity == 0 ? FIRST : b->capacity;
	struct bar *more;

	while (capacity < n)
		capacity *= 2;
	if (capacity == b->capacity)
		return 0;
	more = reallocarray(b->bar, capacity, sizeof(*more));
	if (more == NULL)
		return -1;
	b->bar = more;
	b->capacity = capacity;
	return 0;
}

int barred_add(struct barred *b, const struct offense *o)
{
	size_t n = (size_t)o->id;

	if (make_room(b, n) < 0 ||
	    keymap_put(&b->latest, key_of(b, &o->address), n - 1) < 0)
		return -1;
	while (b->n < n)
		b->bar[b->n++] = (struct bar){0};
	b->bar[n - 1] = (struct bar){.address = o->address, .until = o->until};
	return 0;
}

void barred_lift(struct barred *b, int64_t id)
{
	if (id > 0 && (size_t)id <= b->n)
		b->bar[id - 1].until = 0;
}

static struct bar *bar_of(const struct barred *b, const struct address *a,
			  int64_t now)
{
	size_t i;

	if (!keymap_get(&b->latest, key_of(b, a), &i) || b->bar[i].until <= now)
		return NULL;
	return &b->bar[i];
}

struct bar *barred_find(const struct barred *b, const struct policy *p,
			const struct address *offender, int64_t now)
{
	struct address network[MEMORY_LEVELS];
	size_t n;
	struct bar *found;

	if (b->n == 0)
		return NULL;
	found = bar_of(b, offender, now);
	if (found != NULL)
		return found;
	n = memory_networks(p, offender, network);
	for (size_t i = 0; i < n && found == NULL; i++)
		found = bar_of(b, &network[i], now);
	return found;
}

uint64_t barred_met(const struct barred *b, int64_t id)
{
	return id > 0 && (size_t)id <= b->n ? b->bar[id - 1].met : 0;
}
