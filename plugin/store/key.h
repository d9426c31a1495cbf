/*
 * key: an address as bytes whose order (memcmp, SQLite's for BLOBs) puts every
 * address and every prefix inside a prefix between its first and its last:
 * the family, 4 or 6, and then the 4 or 16 bytes in network order. Families
 * never mix.
 */
#ifndef SASLBAN_STORE_KEY_H
#define SASLBAN_STORE_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"

struct key {
	uint8_t bytes[17];
	size_t len;
};

struct key key_first(const struct address *a);
struct key key_last(const struct address *a);

/* The address and every prefix that contains it, 129 at most, as a JSON array
 * of their texts: what contains an address can only be one of these. Returns
 * out. */
#define KEY_ABOVE (129 * (ADDRESS_TEXT + 3) + 3)

char *key_above(const struct address *a, char out[KEY_ABOVE]);

#endif
