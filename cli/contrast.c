/* contrast: see contrast.h. */
#include "contrast.h"

#include <stdlib.h>

#include "keymap.h"
#include "saslban/siphash.h"

enum { BITS = 129 }; /* lengths of a prefix */

struct banned {
	struct siphash_key key;
	struct keymap address;
	bool length[2][BITS]; /* IPv4, IPv6: there is one so long */
};

static bool *lengths(struct banned *b, const struct address *a)
{
	return b->length[a->family == ADDRESS_V6];
}

static uint64_t key_of(const struct banned *b, const struct address *a)
{
	return siphash(&b->key, a, sizeof(*a));
}

static int add(struct banned *b, const struct address *a)
{
	lengths(b, a)[a->prefix] = true;
	return keymap_put(&b->address, key_of(b, a), 0);
}

static bool covers(struct banned *b, const struct address *a)
{
	const bool *length = lengths(b, a);

	for (unsigned n = 0; n <= a->prefix; n++) {
		struct address wide = address_mask(a, n);
		size_t unused;

		if (length[n] &&
		    keymap_get(&b->address, key_of(b, &wide), &unused))
			return true;
	}
	return false;
}

static int add_all(struct banned *b, const struct tally *t)
{
	for (size_t i = 0; i < t->bans; i++)
		if (add(b, &t->ban[i].address) < 0)
			return -1;
	return 0;
}

int contrast_take(const struct tally *a, const struct tally *b,
		  const struct tally_ban ***out, size_t *n, struct fault *why)
{
	struct banned banned = {.key = a->key};
	const struct tally_ban **found = calloc(a->bans + 1, sizeof(*found));
	int result = found == NULL ? -1 : add_all(&banned, b);

	*n = 0;
	for (size_t i = 0; i < a->bans && result == 0; i++) {
		if (covers(&banned, &a->ban[i].address))
			continue;
		found[(*n)++] = &a->ban[i];
		result = add(&banned, &a->ban[i].address); /* once */
	}
	keymap_close(&banned.address);
	if (result < 0) {
		free(found);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	*out = found;
	return 0;
}
