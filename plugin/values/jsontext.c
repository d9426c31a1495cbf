/* jsontext: see saslban/jsontext.h. */
#include "saslban/jsontext.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/decimal.h"
#include "saslban/utf8.h"

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

/* As one unit of UTF-16, or two. */
static void escape(uint32_t code, char out[JSONTEXT_CHARACTER])
{
	if (code < 0x10000)
		snprintf(out, JSONTEXT_CHARACTER, "\\u%04" PRIx32, code);
	else
		snprintf(out, JSONTEXT_CHARACTER,
			 "\\u%04" PRIx32 "\\u%04" PRIx32,
			 0xd800 + ((code - 0x10000) >> 10),
			 0xdc00 + ((code - 0x10000) & 0x3ff));
}

size_t jsontext_character(const char *text, size_t len,
			  char out[JSONTEXT_CHARACTER])
{
	uint32_t code = 0xfffd;
	size_t bytes = utf8_decode(text, len, &code);
	size_t at = 0;

	if (bytes == 0)
		bytes = 1;
	if (code == 0xfffd || utf8_is_control(code)) {
		escape(code, out);
		return bytes;
	}
	if (code == '"' || code == '\\')
		out[at++] = '\\';
	memcpy(out + at, text, bytes);
	out[at + bytes] = '\0';
	return bytes;
}

static void put_string(struct jsontext *j, const char *text)
{
	size_t len = strlen(text);
	char out[JSONTEXT_CHARACTER];

	put_text(j, "\"");
	while (len > 0) {
		size_t bytes = jsontext_character(text, len, out);

		put_text(j, out);
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
	char text[DECIMAL_TEXT];
	size_t len = decimal_print(number, text);

	put_key(j, key);
	put(j, text, len);
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
