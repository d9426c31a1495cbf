/* store_key: addresses as sort keys, see store_impl.h. */
#include "store_impl.h"

#include <stdio.h>
#include <string.h>

void store_key_range(const struct address *a, struct store_key *lo,
		     struct store_key *hi)
{
	unsigned size = address_bits(a) / 8;

	lo->len = (int)size + 1;
	lo->bytes[0] = a->family;
	memcpy(lo->bytes + 1, a->bytes, size);
	*hi = *lo;
	for (unsigned bit = a->prefix; bit < 8 * size; bit++)
		hi->bytes[1 + bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

void store_bind_key(sqlite3_stmt *q, int i, const struct store_key *key)
{
	sqlite3_bind_blob(q, i, key->bytes, key->len, SQLITE_STATIC);
}

char *store_key_above(const struct address *a, char buf[STORE_ABOVE])
{
	char text[ADDRESS_TEXT];
	char *end = buf;

	*end++ = '[';
	for (int prefix = a->prefix; prefix >= 0; prefix--) {
		struct address above = address_mask(a, (unsigned)prefix);

		end += sprintf(end, "%s\"%s\"", end[-1] == '[' ? "" : ",",
			       address_print(&above, text));
	}
	*end++ = ']';
	*end = '\0';
	return buf;
}
