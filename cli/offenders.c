/* offenders: see offenders.h. */
#include "offenders.h"

#include <stdlib.h>
#include <string.h>

int offenders_add(struct offenders *o, const struct offender *one)
{
	size_t room = o->room == 0 ? 1024 : 2 * o->room;
	struct offender *more;

	if (o->n == o->room) {
		more = reallocarray(o->at, room, sizeof(*more));
		if (more == NULL)
			return -1;
		o->at = more;
		o->room = room;
	}
	o->at[o->n++] = *one;
	return 0;
}

static int compare_addresses(const void *x, const void *y)
{
	const struct offender *a = x, *b = y;
	int order = (int)a->address.family - (int)b->address.family;

	if (order == 0)
		order = memcmp(a->address.bytes, b->address.bytes,
			       sizeof(a->address.bytes));
	return order != 0 ? order
			  : (int)a->address.prefix - (int)b->address.prefix;
}

static int compare_all(const void *x, const void *y)
{
	const struct offender *a = x, *b = y;
	int order = strcmp(a->set, b->set);

	return order != 0 ? order : compare_addresses(x, y);
}

void offenders_merge(struct offenders *o, int sets)
{
	int (*compare)(const void *, const void *) =
		sets ? compare_all : compare_addresses;
	size_t n = 0;

	if (o->n == 0)
		return;
	qsort(o->at, o->n, sizeof(o->at[0]), compare);
	for (size_t i = 1; i < o->n; i++) {
		struct offender *last = &o->at[n];
		const struct offender *one = &o->at[i];

		if (compare(last, one) != 0) {
			o->at[++n] = *one;
			continue;
		}
		if (one->until > last->until)
			last->until = one->until;
		if (one->strike > last->strike)
			last->strike = one->strike;
	}
	o->n = n + 1;
}

void offenders_free(struct offenders *o)
{
	free(o->at);
	memset(o, 0, sizeof(*o));
}
