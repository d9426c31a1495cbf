/* cache: see cache.h. */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

int cache_open(struct cache *t, size_t size, size_t most,
	       void (*drop)(struct node *node))
{
	size_t buckets = 1;

	while (buckets < most)
		buckets *= 2;
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i < 2; i++)
		t->ring[i].older = t->ring[i].newer = &t->ring[i];
	t->size = size;
	t->most = most;
	t->mask = buckets - 1;
	t->drop = drop;
	t->bucket = calloc(buckets, sizeof(*t->bucket));
	return t->bucket == NULL ? -1 : 0;
}

static void unlink_ring(struct node *n)
{
	n->older->newer = n->newer;
	n->newer->older = n->older;
}

static void link_newest(struct cache *t, struct node *n)
{
	struct node *head = &t->ring[n->strong];

	n->older = head->older;
	n->newer = head;
	head->older->newer = n;
	head->older = n;
}

void cache_remove(struct cache *t, struct node *n)
{
	struct node **at = &t->bucket[n->key & t->mask];

	while (*at != n)
		at = &(*at)->next;
	*at = n->next;
	unlink_ring(n);
	t->strong -= n->strong;
	if (t->drop != NULL)
		t->drop(n);
	free(n);
	t->n--;
}

void cache_clear(struct cache *t)
{
	for (size_t i = 0; i < 2; i++)
		while (t->ring[i].newer != &t->ring[i])
			cache_remove(t, t->ring[i].newer);
}

void cache_close(struct cache *t)
{
	if (t->bucket == NULL)
		return;
	cache_clear(t);
	free(t->bucket);
	t->bucket = NULL;
}

struct node *cache_find(const struct cache *t, uint64_t key)
{
	struct node *n = t->bucket[key & t->mask];

	while (n != NULL && n->key != key)
		n = n->next;
	return n;
}

static void make_room(struct cache *t)
{
	bool strong = t->strong > t->most / 4 * 3 || t->strong == t->n;

	cache_remove(t, t->ring[strong].newer);
}

struct node *cache_get(struct cache *t, uint64_t key)
{
	struct node *n = cache_find(t, key);

	if (n != NULL) {
		cache_touch(t, n, n->strong);
		return n;
	}
	if (t->n == t->most)
		make_room(t);
	n = calloc(1, t->size);
	if (n == NULL)
		return NULL;
	n->key = key;
	n->next = t->bucket[key & t->mask];
	t->bucket[key & t->mask] = n;
	link_newest(t, n);
	t->n++;
	return n;
}

void cache_touch(struct cache *t, struct node *n, bool strong)
{
	unlink_ring(n);
	t->strong += strong && !n->strong;
	n->strong = n->strong || strong;
	link_newest(t, n);
}

void cache_each(struct cache *t, void (*see)(void *context, struct node *node),
		void *context)
{
	for (size_t i = 0; i < 2; i++) {
		struct node *n = t->ring[i].newer;

		while (n != &t->ring[i]) {
			struct node *newer = n->newer;

			see(context, n);
			n = newer;
		}
	}
}
