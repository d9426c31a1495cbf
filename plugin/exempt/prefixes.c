/* prefixes: see prefixes.h. */
#include "prefixes.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 64 }; /* of the first ones */

int prefixes_add(struct prefixes *p, const struct address *a, size_t id)
{
	size_t room = p->room == 0 ? ROOM : 2 * p->room;
	struct prefix *more;

	if (p->n == p->room) {
		more = reallocarray(p->at, room, sizeof(*more));
		if (more == NULL)
			return -1;
		p->at = more;
		p->room = room;
	}
	p->at[p->n++] = (struct prefix){.address = *a, .id = id};
	return 0;
}

void prefixes_release(struct prefixes *p)
{
	free(p->at);
	*p = (struct prefixes){NULL, 0, 0};
}

/* By the first address; of those with the same one the widest goes first. So
 * what lies in a prefix stands behind it, before anything else. */
static int compare(const struct address *a, const struct address *b)
{
	int order = memcmp(a->bytes, b->bytes, sizeof(a->bytes));

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return order != 0 ? order : (int)a->prefix - (int)b->prefix;
}

static int compare_prefixes(const void *a, const void *b)
{
	const struct prefix *one = a;
	const struct prefix *other = b;
	int order = compare(&one->address, &other->address);

	if (order != 0)
		return order;
	return one->id < other->id ? -1 : one->id > other->id;
}

/* The place, counted from 1, at which to look for what holds a: `at`, or what
 * that one lies in. 0: nothing holds it. */
static size_t climb(const struct prefixes *p, size_t at,
		    const struct address *a)
{
	while (at != 0 && !address_contains(&p->at[at - 1].address, a))
		at = p->at[at - 1].above;
	return at;
}

void prefixes_sort(struct prefixes *p)
{
	if (p->n == 0)
		return;
	qsort(p->at, p->n, sizeof(p->at[0]), compare_prefixes);
	for (size_t i = 0; i < p->n; i++)
		p->at[i].above = climb(p, i, &p->at[i].address);
}

/* How many stand before a, or are it. */
static size_t rank(const struct prefixes *p, const struct address *a)
{
	size_t low = 0;
	size_t high = p->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&p->at[middle].address, a) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct prefix *prefixes_find(const struct prefixes *p,
				   const struct address *a)
{
	size_t next = rank(p, a);
	size_t around = climb(p, next, a);

	if (around != 0)
		return &p->at[around - 1];
	if (next < p->n && address_contains(a, &p->at[next].address))
		return &p->at[next];
	return NULL;
}

bool prefixes_within(const struct prefixes *p, const struct prefixes *those)
{
	for (size_t i = 0; i < p->n; i++)
		if (climb(those, rank(those, &p->at[i].address),
			  &p->at[i].address) == 0)
			return false;
	return true;
}
