/* text: see text.h. */
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "saslban/utf8.h"

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
	size_t bytes = utf8_decode(text, len, &code);

	if (bytes == 0) {
		snprintf(piece, TEXT_PIECE, "\\x%02x", (uint8_t)*text);
		return 1;
	}
	if (code == '\\' || utf8_is_control(code)) {
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
	if (code == '\\' || utf8_is_control(code))
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
		size_t bytes = utf8_decode(text, len, &code);
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

bool text_is_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == '\\')
			return false;
	return true;
}

char *text_shown(const char *text, bool utf8, size_t *width)
{
	size_t bytes = strlen(text);
	char *out = NULL;
	FILE *memory;

	if (text_is_plain(text, bytes)) {
		*width = bytes;
		return strdup(text);
	}
	memory = open_memstream(&out, &bytes);
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
		size_t bytes = utf8_decode(shown + done, len - done, &code);
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
