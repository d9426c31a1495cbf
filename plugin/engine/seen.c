/* seen: see seen.h. */
#include "seen.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS_LEAST = 1024, ENTRIES_LEAST = 1024 };

int seen_begin(struct seen *s, size_t expected)
{
	size_t buckets = BUCKETS_LEAST;

	seen_end(s);
	while (buckets < expected)
		buckets *= 2;
	s->bucket = calloc(buckets, sizeof(*s->bucket));
	if (s->bucket == NULL)
		return -1;
	s->buckets = buckets;
	return 0;
}

void seen_end(struct seen *s)
{
	free(s->entry);
	free(s->bucket);
	*s = (struct seen){.n = 0};
}

/* Whoever chooses addresses that meet in one bucket has to be banned for each
 * of them, and makes a comparison longer, nothing else. */
static size_t bucket_of(const struct seen *s, const struct address *a)
{
	uint64_t word[2], hash;

	memcpy(word, a->bytes, sizeof(word));
	hash = word[0] * 0x9e3779b97f4a7c15U;
	hash = (hash ^ hash >> 32 ^ word[1] ^ a->prefix) * 0xd6e8feb86659fd93U;
	return (hash ^ hash >> 32) & (s->buckets - 1);
}

static int make_room(struct seen *s)
{
	size_t capacity = s->capacity == 0 ? ENTRIES_LEAST : 2 * s->capacity;
	struct seen_entry *more;

	if (s->n < s->capacity)
		return 0;
	if (s->n >= UINT32_MAX)
		return -1;
	more = reallocarray(s->entry, capacity, sizeof(*more));
	if (more == NULL)
		return -1;
	s->entry = more;
	s->capacity = capacity;
	return 0;
}

int seen_add(struct seen *s, const struct address *address, int64_t left,
	     const struct dropped *counted)
{
	uint32_t *bucket = &s->bucket[bucket_of(s, address)];

	if (make_room(s) < 0)
		return -1;
	s->entry[s->n++] = (struct seen_entry){
		.address = *address,
		.left = (uint32_t)left,
		.next = *bucket,
		.counted = *counted,
	};
	*bucket = (uint32_t)s->n;
	return 0;
}

struct seen_entry *seen_find(const struct seen *s,
			     const struct address *address)
{
	uint32_t number = s->n == 0 ? 0 : s->bucket[bucket_of(s, address)];

	while (number != 0) {
		struct seen_entry *e = &s->entry[number - 1];

		if (address_equal(&e->address, address))
			return e;
		number = e->next;
	}
	return NULL;
}
