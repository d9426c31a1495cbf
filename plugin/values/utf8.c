/* utf8: see saslban/utf8.h. */
#include "saslban/utf8.h"

/* The lead byte of a sequence: the bits that mark it, and the smallest code
 * point that may be written with that many bytes. */
struct lead {
	uint8_t mask;
	uint8_t mark;
	size_t bytes;
	uint32_t min;
};

static const struct lead leads[] = {
	{0x80, 0x00, 1, 0},
	{0xe0, 0xc0, 2, 0x80},
	{0xf0, 0xe0, 3, 0x800},
	{0xf8, 0xf0, 4, 0x10000},
};

static const struct lead *lead_of(uint8_t byte)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if ((byte & leads[i].mask) == leads[i].mark)
			return &leads[i];
	return NULL;
}

size_t utf8_decode(const char *text, size_t len, uint32_t *code)
{
	const uint8_t *at = (const uint8_t *)text;
	const struct lead *lead = len == 0 ? NULL : lead_of(at[0]);
	uint32_t c;

	if (lead == &leads[0]) {
		*code = at[0];
		return 1;
	}
	if (lead == NULL || lead->bytes > len)
		return 0;
	c = at[0] & (uint8_t)~lead->mask;
	for (size_t i = 1; i < lead->bytes; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (at[i] & 0x3f);
	}
	if (c < lead->min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return lead->bytes;
}

struct range {
	uint32_t first;
	uint32_t last;
};

/* Cc, Cf, Zl and Zp of Unicode, and the noncharacters. */
static const struct range controls[] = {
	{0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},
	{0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},
	{0x070f, 0x070f},   {0x0890, 0x0891},   {0x08e2, 0x08e2},
	{0x180e, 0x180e},   {0x200b, 0x200f},   {0x2028, 0x202e},
	{0x2060, 0x206f},   {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},
	{0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd},
	{0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
	{0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool utf8_is_control(uint32_t code)
{
	if (code >= ' ' && code <= '~')
		return false;
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		if (code >= controls[i].first && code <= controls[i].last)
			return true;
	return false;
}
