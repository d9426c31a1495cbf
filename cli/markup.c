/* markup: see markup.h. */
#include "markup.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "saslban/utf8.h"
#include "text.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void markup_html(FILE *file, const char *text)
{
	markup_html_bytes(file, text, strlen(text));
}

/* What is not Latin, Greek or Cyrillic is taken to be wide. */
static size_t width_of(const char *piece)
{
	uint32_t code = 0;

	if ((unsigned char)piece[0] < 0x80)
		return strlen(piece);
	utf8_decode(piece, strlen(piece), &code);
	return code < 0x0530 ? 1 : 2;
}

size_t markup_cut(const char *text, size_t characters)
{
	size_t len = strlen(text), done = 0, width = 0, cut = 0;
	char piece[TEXT_PIECE];

	while (done < len) {
		size_t bytes = text_piece(text + done, len - done, piece);

		width += width_of(piece);
		if (width > characters)
			return cut;
		done += bytes;
		if (width < characters)
			cut = done;
	}
	return len;
}

void markup_html_bytes(FILE *file, const char *text, size_t len)
{
	char piece[TEXT_PIECE];

	while (len > 0) {
		size_t bytes = text_piece(text, len, piece);
		const char *escaped =
			piece[1] == '\0' ? entity(piece[0]) : NULL;

		fputs(escaped != NULL ? escaped : piece, file);
		text += bytes;
		len -= bytes;
	}
}

/* CommonMark takes a backslash before any ASCII punctuation. Those that mean
 * nothing inside a line stay as they are, so that addresses can be read, but
 * for what GitHub makes a link of by itself: @name, www., http:. */
void markup_markdown(FILE *file, const char *text)
{
	size_t len = strlen(text);
	char piece[TEXT_PIECE];

	while (len > 0) {
		size_t bytes = text_piece(text, len, piece);

		for (const char *c = piece; *c != '\0'; c++) {
			const char *escaped = strchr("&<>\"'", *c) != NULL
						      ? entity(*c)
						      : NULL;

			if (escaped != NULL)
				fputs(escaped, file);
			else if (strchr("\\`*_{}[]()#!|~$@", *c) != NULL)
				fprintf(file, "\\%c", *c);
			else
				fputc(*c, file);
		}
		text += bytes;
		len -= bytes;
	}
}

void markup_number(FILE *file, int64_t number)
{
	char digits[32];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, number);

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-')
			fputc(',', file);
		fputc(digits[i], file);
	}
}

char *markup_round(int64_t number, char buf[MARKUP_ROUND])
{
	static const char units[] = {'k', 'M', 'G', 'T', 'P', 'E'};
	double n = (double)number;
	size_t unit = 0;

	if (number < 1000) {
		snprintf(buf, MARKUP_ROUND, "%" PRId64, number);
		return buf;
	}
	for (n /= 1000; n >= 999.5 && unit + 1 < sizeof(units); unit++)
		n /= 1000;
	snprintf(buf, MARKUP_ROUND, "%.*f%c",
		 n < 9.995   ? 2
		 : n < 99.95 ? 1
			     : 0,
		 n, units[unit]);
	return buf;
}
