/*
 * keymap: numbers by a hash of 64 bits, which is taken for what it is of.
 *
 *	keymap_put(&m, siphash(&key, user, strlen(user)), 7)
 *
 * For what is asked for each line of a log. Grows with what is put in; the
 * hashes have to be ones that the log cannot choose.
 */
#ifndef SASLBAN_CLI_KEYMAP_H
#define SASLBAN_CLI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keymap_slot {
	uint64_t key; /* 0: there is nothing */
	size_t value;
};

/* All zero is an empty one. */
struct keymap {
	struct keymap_slot *slot;
	size_t slots; /* 0, or a power of 2 */
	size_t n;
};

void keymap_close(struct keymap *m);

/* What was there is replaced. -1: out of memory. */
int keymap_put(struct keymap *m, uint64_t key, size_t value);

/* False: it has none, and *value is left alone. */
bool keymap_get(const struct keymap *m, uint64_t key, size_t *value);

#endif
