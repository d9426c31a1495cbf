/* groups: see groups.h. */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 64, MANY = 1000 /* sort all of them instead */ };

void groups_close(struct groups *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->at[i].name);
	free(g->at);
	keymap_close(&g->index);
	*g = (struct groups){0};
}

static struct group *add(struct groups *g, uint64_t hash, const char *name)
{
	size_t room = g->room == 0 ? FIRST : g->room * 2;
	struct group *more;

	if (g->n == g->room) {
		more = reallocarray(g->at, room, sizeof(*more));
		if (more == NULL)
			return NULL;
		g->at = more;
		g->room = room;
	}
	g->at[g->n] = (struct group){.name = strdup(name)};
	if (g->at[g->n].name == NULL)
		return NULL;
	if (keymap_put(&g->index, hash, g->n) < 0) {
		free(g->at[g->n].name);
		return NULL;
	}
	return &g->at[g->n++];
}

struct group *groups_of(struct groups *g, uint64_t hash, const char *name)
{
	size_t i;

	if (keymap_get(&g->index, hash, &i))
		return &g->at[i];
	return add(g, hash, name);
}

void group_count(struct group *g, int64_t attempts, int64_t at)
{
	if (g->attempts == 0 || at < g->first)
		g->first = at;
	if (at > g->last)
		g->last = at;
	g->attempts += attempts;
}

static int compare(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->attempts != y->attempts)
		return x->attempts < y->attempts ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* The group i takes its place among the first n, which are in order; the last
 * of them goes to where it was. */
static void take_place(struct groups *g, size_t n, size_t i)
{
	struct group better = g->at[i];
	size_t place = n - 1;

	g->at[i] = g->at[n - 1];
	while (place > 0 && compare(&better, &g->at[place - 1]) < 0)
		place--;
	memmove(&g->at[place + 1], &g->at[place],
		(n - 1 - place) * sizeof(g->at[0]));
	g->at[place] = better;
}

void groups_rank(struct groups *g, size_t n)
{
	keymap_close(&g->index);
	if (n == 0 || n > MANY || n > g->n)
		n = g->n;
	if (n > 1)
		qsort(g->at, n, sizeof(g->at[0]), compare);
	for (size_t i = n; n > 0 && i < g->n; i++)
		if (compare(&g->at[i], &g->at[n - 1]) < 0)
			take_place(g, n, i);
}
