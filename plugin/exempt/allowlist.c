/* allowlist: see allowlist.h. */
#include "allowlist.h"

#include <stdlib.h>

#include "saslban/duration.h"

static void release(struct allowed *a)
{
	free(a->entry);
	prefixes_release(&a->prefixes);
	*a = (struct allowed){.entry = NULL};
}

void allowlist_release(struct allowlist *l)
{
	release(&l->now);
	release(&l->next);
}

int allowlist_add(struct allowlist *l, const struct allow *a)
{
	struct allowed *next = &l->next;
	size_t room = next->room == 0 ? 16 : 2 * next->room;
	struct allow *more;

	if (next->n == next->room) {
		more = reallocarray(next->entry, room, sizeof(*more));
		if (more == NULL)
			return -1;
		next->entry = more;
		next->room = room;
	}
	next->entry[next->n++] = *a;
	return 0;
}

static int index_entries(struct allowed *a)
{
	a->prefixes.n = 0;
	for (size_t i = 0; i < a->n; i++)
		if (prefixes_add(&a->prefixes, &a->entry[i].address, i) < 0)
			return -1;
	prefixes_sort(&a->prefixes);
	return 0;
}

int allowlist_complete(struct allowlist *l)
{
	return index_entries(&l->next);
}

bool allowlist_take(struct allowlist *l)
{
	bool news = !prefixes_within(&l->next.prefixes, &l->now.prefixes);

	release(&l->now);
	l->now = l->next;
	l->next = (struct allowed){.entry = NULL};
	return news;
}

void allowlist_drop(struct allowlist *l)
{
	release(&l->next);
}

/* There is room for the prefixes: they only become fewer. */
void allowlist_expire(struct allowlist *l, int64_t now)
{
	struct allowed *a = &l->now;
	size_t left = 0;

	for (size_t i = 0; i < a->n; i++)
		if (a->entry[i].until > now)
			a->entry[left++] = a->entry[i];
	if (left == a->n)
		return;
	a->n = left;
	(void)index_entries(a);
}

int64_t allowlist_end(const struct allowlist *l)
{
	int64_t end = DURATION_FOREVER;

	for (size_t i = 0; i < l->now.n; i++)
		if (l->now.entry[i].until < end)
			end = l->now.entry[i].until;
	return end;
}
