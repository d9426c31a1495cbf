/* characters: see characters.h. */
#include "characters.h"

#include <stdint.h>
#include <string.h>

/* Leads of characters, and what may follow: RFC 3629, section 4. */
struct lead {
	unsigned char from, to;
	unsigned char low, high; /* of the second byte */
	unsigned char more;      /* bytes behind the lead */
};

static const struct lead leads[] = {
	{0x00, 0x7f, 0x80, 0xbf, 0}, {0xc2, 0xdf, 0x80, 0xbf, 1},
	{0xe0, 0xe0, 0xa0, 0xbf, 2}, {0xe1, 0xec, 0x80, 0xbf, 2},
	{0xed, 0xed, 0x80, 0x9f, 2}, {0xee, 0xef, 0x80, 0xbf, 2},
	{0xf0, 0xf0, 0x90, 0xbf, 3}, {0xf1, 0xf3, 0x80, 0xbf, 3},
	{0xf4, 0xf4, 0x80, 0x8f, 3},
};

static const char replacement[] = "\xef\xbf\xbd";

/* Bytes of the character that begins here, or of what could have begun one. */
static size_t piece(const char *at, size_t left, bool *whole)
{
	const unsigned char *c = (const unsigned char *)at;
	const struct lead *l = leads;
	const struct lead *end = leads + sizeof(leads) / sizeof(leads[0]);

	*whole = false;
	while (l < end && (*c < l->from || *c > l->to))
		l++;
	if (l == end)
		return 1;
	for (size_t i = 1; i <= l->more; i++)
		if (i == left || c[i] < (i == 1 ? l->low : 0x80) ||
		    c[i] > (i == 1 ? l->high : 0xbf))
			return i;
	*whole = true;
	return (size_t)l->more + 1;
}

bool characters_beyond(struct slice text)
{
	uint64_t word, seen = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= text.len; i += sizeof(word)) {
		memcpy(&word, text.at + i, sizeof(word));
		seen |= word;
	}
	for (; i < text.len; i++)
		seen |= (unsigned char)text.at[i];
	return (seen & UINT64_C(0x8080808080808080)) != 0;
}

struct slice characters_of(struct slice text, char *out)
{
	size_t n = 0;

	for (size_t i = 0, k; i < text.len; i += k) {
		bool whole;

		k = piece(text.at + i, text.len - i, &whole);
		memcpy(out + n, whole ? text.at + i : replacement,
		       whole ? k : sizeof(replacement) - 1);
		n += whole ? k : sizeof(replacement) - 1;
	}
	return (struct slice){out, n};
}
