/* jsontext: see saslban/jsontext.h. */
#include "saslban/jsontext.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/utf8.h"

enum { NUMBER = 24 /* longest text of one, with NUL */ };

static void put(struct jsontext *j, const char *text, size_t len)
{
	/* One byte is for the NUL. */
	if (j->full || len >= j->size - j->used) {
		j->full = true;
		return;
	}
	memcpy(j->to + j->used, text, len);
	j->used += len;
}

static void put_text(struct jsontext *j, const char *text)
{
	put(j, text, strlen(text));
}

static void put_unit(struct jsontext *j, uint32_t unit)
{
	char text[NUMBER];

	snprintf(text, sizeof(text), "\\u%04" PRIx32, unit);
	put_text(j, text);
}

/* As one unit of UTF-16, or two. */
static void put_code(struct jsontext *j, uint32_t code)
{
	if (code < 0x10000) {
		put_unit(j, code);
		return;
	}
	code -= 0x10000;
	put_unit(j, 0xd800 + (code >> 10));
	put_unit(j, 0xdc00 + (code & 0x3ff));
}

static void put_string(struct jsontext *j, const char *text)
{
	size_t len = strlen(text);

	put_text(j, "\"");
	while (len > 0) {
		uint32_t code = 0xfffd;
		size_t bytes = utf8_decode(text, len, &code);

		if (bytes == 0)
			bytes = 1;
		if (code == '"' || code == '\\')
			put_text(j, "\\");
		if (code == 0xfffd || utf8_is_control(code))
			put_code(j, code);
		else
			put(j, text, bytes);
		text += bytes;
		len -= bytes;
	}
	put_text(j, "\"");
}

static void put_key(struct jsontext *j, const char *key)
{
	put_text(j, j->members++ > 0 ? ",\"" : "\"");
	put_text(j, key);
	put_text(j, "\":");
}

void jsontext_begin(struct jsontext *j, char *to, size_t size)
{
	*j = (struct jsontext){.to = to, .size = size, .full = size == 0};
	put_text(j, "{");
}

void jsontext_string(struct jsontext *j, const char *key, const char *text)
{
	put_key(j, key);
	put_string(j, text);
}

void jsontext_number(struct jsontext *j, const char *key, int64_t number)
{
	char text[NUMBER];

	snprintf(text, sizeof(text), "%" PRId64, number);
	put_key(j, key);
	put_text(j, text);
}

void jsontext_bool(struct jsontext *j, const char *key, bool value)
{
	put_key(j, key);
	put_text(j, value ? "true" : "false");
}

void jsontext_null(struct jsontext *j, const char *key)
{
	put_key(j, key);
	put_text(j, "null");
}

bool jsontext_end(struct jsontext *j)
{
	put_text(j, "}");
	if (j->size > 0)
		j->to[j->full ? 0 : j->used] = '\0';
	return !j->full;
}
