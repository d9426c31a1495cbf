/* text: see text.h. */
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

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

size_t text_decode(const char *text, size_t len, uint32_t *code)
{
	const uint8_t *at = (const uint8_t *)text;
	const struct lead *lead = len == 0 ? NULL : lead_of(at[0]);
	uint32_t c;

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

bool text_is_control(uint32_t code)
{
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		if (code >= controls[i].first && code <= controls[i].last)
			return true;
	return false;
}

static void escape(uint32_t code, char piece[TEXT_PIECE])
{
	if (code == '\n')
		snprintf(piece, TEXT_PIECE, "\\n");
	else if (code == '\t')
		snprintf(piece, TEXT_PIECE, "\\t");
	else if (code == '\\')
		snprintf(piece, TEXT_PIECE, "\\\\");
	else if (code < 0x80)
		snprintf(piece, TEXT_PIECE, "\\x%02" PRIx32, code);
	else
		snprintf(piece, TEXT_PIECE, "\\u{%" PRIx32 "}", code);
}

static size_t put_escape(FILE *out, uint32_t code)
{
	char piece[TEXT_PIECE];

	escape(code, piece);
	fputs(piece, out);
	return strlen(piece);
}

size_t text_piece(const char *text, size_t len, char piece[TEXT_PIECE])
{
	uint32_t code;
	size_t bytes = text_decode(text, len, &code);

	if (bytes == 0) {
		snprintf(piece, TEXT_PIECE, "\\x%02x", (uint8_t)*text);
		return 1;
	}
	if (code == '\\' || text_is_control(code)) {
		escape(code, piece);
	} else {
		memcpy(piece, text, bytes);
		piece[bytes] = '\0';
	}
	return bytes;
}

/* The columns of a character that can be shown as it is; -1 when it cannot. */
static int columns_of(uint32_t code, bool utf8)
{
	if (code == '\\' || text_is_control(code))
		return -1;
	if (code < 0x80)
		return 1;
	return utf8 ? wcwidth((wchar_t)code) : -1;
}

size_t text_show_bytes(FILE *out, const char *text, size_t len, bool utf8)
{
	size_t width = 0;

	while (len > 0) {
		uint32_t code;
		size_t bytes = text_decode(text, len, &code);
		int columns = bytes == 0 ? -1 : columns_of(code, utf8);

		if (bytes == 0) {
			fprintf(out, "\\x%02x", (uint8_t)*text);
			width += 4;
			bytes = 1;
		} else if (columns < 0) {
			width += put_escape(out, code);
		} else {
			fwrite(text, 1, bytes, out);
			width += (size_t)columns;
		}
		text += bytes;
		len -= bytes;
	}
	return width;
}

size_t text_show(FILE *out, const char *text, bool utf8)
{
	return text_show_bytes(out, text, strlen(text), utf8);
}

char *text_shown(const char *text, bool utf8, size_t *width)
{
	char *out = NULL;
	size_t bytes;
	FILE *memory = open_memstream(&out, &bytes);

	if (memory == NULL)
		return NULL;
	*width = text_show(memory, text, utf8);
	if (fclose(memory) != 0) {
		free(out);
		return NULL;
	}
	return out;
}

size_t text_fit(const char *shown, size_t len, size_t columns, size_t *width)
{
	size_t done = 0;

	*width = 0;
	while (done < len) {
		uint32_t code = 0;
		size_t bytes = text_decode(shown + done, len - done, &code);
		int wide = columns_of(code, true);
		size_t more = wide > 0 ? (size_t)wide : 0;

		if (code == '\\')
			more = 1;
		if (bytes == 0 || *width + more > columns)
			break;
		*width += more;
		done += bytes;
	}
	return done;
}
