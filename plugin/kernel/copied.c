/* copied: see copied.h. */
#include "copied.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/siphash.h"

/* Its place is free while the family is none. */
struct copied_entry {
	struct address address;
	uint8_t pass;
	bool gone;        /* taken out; the place stays a step on others' way */
	uint32_t until;   /* seconds from began; 0: permanent */
	uint32_t packets; /* enough to tell whether there were more */
};

/* The kernel cuts what is left to whole seconds, and so is now: two looks at
 * one entry may differ by one. */
enum { SLACK = 1 };

static bool allocate(struct copied *c, size_t capacity)
{
	struct copied_entry *entry = calloc(capacity, sizeof(*entry));

	if (entry == NULL)
		return false;
	c->entry = entry;
	c->capacity = capacity;
	return true;
}

int copied_open(struct copied *c, size_t n, uint64_t secret, int64_t began)
{
	size_t capacity = 1024;

	while (capacity < n + n / 2)
		capacity *= 2;
	*c = (struct copied){.secret = secret, .began = began, .pass = 1};
	return allocate(c, capacity) ? 0 : -1;
}

void copied_close(struct copied *c)
{
	free(c->entry);
	*c = (struct copied){.entry = NULL};
}

void copied_next_pass(struct copied *c)
{
	c->pass++;
}

/* The place of an address, or the one that is free for it. */
static struct copied_entry *find(const struct copied *c,
				 const struct address *a)
{
	const struct siphash_key key = {{c->secret, ~c->secret}};
	size_t at = (size_t)siphash(&key, a, sizeof(*a));

	for (;; at++) {
		struct copied_entry *e = &c->entry[at & (c->capacity - 1)];

		if (e->address.family == ADDRESS_NONE ||
		    address_equal(&e->address, a))
			return e;
	}
}

static bool enlarge(struct copied *c)
{
	struct copied_entry *old = c->entry;
	size_t n = c->capacity;

	if (!allocate(c, 2 * n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (old[i].address.family != ADDRESS_NONE)
			*find(c, &old[i].address) = old[i];
	free(old);
	return true;
}

static uint32_t until_of(const struct copied *c, const struct set_entry *entry,
			 int64_t now)
{
	return entry->left == 0 ? 0 : (uint32_t)(now - c->began + entry->left);
}

static bool about(uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return a == b;
	return a <= b + SLACK && b <= a + SLACK;
}

int copied_see(struct copied *c, const struct set_entry *entry, int64_t now)
{
	uint32_t until = until_of(c, entry, now);
	struct copied_entry *e;

	if (4 * c->n >= 3 * c->capacity && !enlarge(c))
		return -1;
	e = find(c, &entry->address);
	if (e->address.family == ADDRESS_NONE) {
		c->n++;
	} else if (!e->gone && about(e->until, until) &&
		   e->packets == (uint32_t)entry->packets) {
		e->pass = c->pass;
		return 0;
	}
	*e = (struct copied_entry){.address = entry->address,
				   .pass = c->pass,
				   .until = until,
				   .packets = (uint32_t)entry->packets};
	return 1;
}

void copied_doubt(struct copied *c, const struct address *a)
{
	struct copied_entry *e = find(c, a);

	e->packets = ~e->packets;
}

size_t copied_unseen(const struct copied *c, size_t *at, struct address *out,
		     size_t n)
{
	size_t found = 0;

	for (; *at < c->capacity && found < n; (*at)++) {
		const struct copied_entry *e = &c->entry[*at];

		if (e->address.family != ADDRESS_NONE && !e->gone &&
		    e->pass != c->pass)
			out[found++] = e->address;
	}
	return found;
}

void copied_taken(struct copied *c, const struct address *a)
{
	find(c, a)->gone = true;
}
