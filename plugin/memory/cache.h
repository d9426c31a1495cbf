/*
 * cache: so many things and no more, each found by a hash.
 *
 * When it is full, what was touched longest ago makes room, the weak before
 * the strong: whoever fills it with things that nobody asks for again pushes
 * out his own. The strong have three quarters of the room; beyond that the
 * oldest of them go, or in time nothing new could stay.
 */
#ifndef SASLBAN_MEMORY_CACHE_H
#define SASLBAN_MEMORY_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The beginning of each thing. */
struct node {
	uint64_t key;
	struct node *next; /* in its bucket, or of those that are free */
	struct node *older, *newer;
	bool strong;
};

struct cache {
	struct node **bucket;
	size_t mask;
	struct node ring[2]; /* heads: the weak, the strong */
	size_t strong;       /* how many of these */
	size_t size;         /* bytes of a thing */
	size_t n, most;
	void (*drop)(struct node *node); /* what a thing owns; may be NULL */
};

/* most: rounded up to a power of two. -1 when out of memory; then the table may
 * be closed. Things are allocated as they come. */
int cache_open(struct cache *t, size_t size, size_t most,
	       void (*drop)(struct node *node));
void cache_close(struct cache *t);

/* Forget everything. */
void cache_clear(struct cache *t);

struct node *cache_find(const struct cache *t, uint64_t key);

/* The thing of that key, all zeros behind its node when it is new. NULL when
 * out of memory. It counts as touched. */
struct node *cache_get(struct cache *t, uint64_t key);

/* A thing that was asked for again; once strong, always strong. */
void cache_touch(struct cache *t, struct node *node, bool strong);

void cache_remove(struct cache *t, struct node *node);

/* Each, in no order; see may remove the one that it was given. */
void cache_each(struct cache *t, void (*see)(void *context, struct node *node),
		void *context);

#endif
