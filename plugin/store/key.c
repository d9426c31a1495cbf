/* key: see key.h. */
#include "key.h"

#include <stdio.h>
#include <string.h>

struct key key_first(const struct address *a)
{
	struct key key = {.len = 1 + address_bits(a) / 8};

	key.bytes[0] = a->family;
	memcpy(key.bytes + 1, a->bytes, key.len - 1);
	return key;
}

struct key key_last(const struct address *a)
{
	struct key key = key_first(a);

	for (unsigned bit = a->prefix; bit < address_bits(a); bit++)
		key.bytes[1 + bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return key;
}

char *key_above(const struct address *a, char out[KEY_ABOVE])
{
	char text[ADDRESS_TEXT];
	char *end = out;

	*end++ = '[';
	for (int prefix = a->prefix; prefix >= 0; prefix--) {
		struct address above = address_mask(a, (unsigned)prefix);

		end += sprintf(end, "%s\"%s\"", end[-1] == '[' ? "" : ",",
			       address_print(&above, text));
	}
	*end++ = ']';
	*end = '\0';
	return out;
}
