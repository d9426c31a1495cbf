/* csv: see csv.h. */
#include "csv.h"

#include <stddef.h>
#include <string.h>

#include "output.h"
#include "saslban/utf8.h"
#include "text.h"

/* What begins a formula, also in the full width of East Asian text. */
static bool begins_formula(const char *text)
{
	uint32_t code;

	if (utf8_decode(text, strlen(text), &code) == 0)
		return false;
	switch (code) {
	case '\'': /* so that the one in front can be told from it */
	case '=':
	case '+':
	case '-':
	case '@':
	case 0xff1d:
	case 0xff0b:
	case 0xff0d:
	case 0xff20:
		return true;
	default:
		return false;
	}
}

/* Where a comma separates decimals, a spreadsheet takes a semicolon for the end
 * of a cell, whatever quotes are around: what would begin a formula behind it,
 * or would be quoted, has none in front. */
static bool begins_cell(const char *text)
{
	if (*text != ';')
		return false;
	text += strspn(text, "; ");
	return *text == '"' || begins_formula(text);
}

static bool needs_quotes(const char *text)
{
	size_t len = strlen(text);

	return strpbrk(text, ",\"") != NULL ||
	       (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));
}

static void begin_cell(struct csv *c)
{
	if (c->inside)
		spool_char(&c->out, ',');
	c->inside = true;
}

/* Character by character. */
static void put_careful(struct spool *out, const char *text, size_t len)
{
	char piece[TEXT_PIECE];

	while (len > 0) {
		size_t bytes = text_piece(text, len, piece);

		if (begins_cell(text))
			spool_text(out, "\\x3b");
		else
			spool_text(out,
				   strcmp(piece, "\"") == 0 ? "\"\"" : piece);
		text += bytes;
		len -= bytes;
	}
}

void csv_text(struct csv *c, const char *text)
{
	bool quoted = needs_quotes(text);
	size_t len = strlen(text);

	begin_cell(c);
	if (quoted)
		spool_char(&c->out, '"');
	if (begins_formula(text))
		spool_char(&c->out, '\'');
	if (text_is_plain(text, len) && strpbrk(text, "\";") == NULL)
		spool_put(&c->out, text, len);
	else
		put_careful(&c->out, text, len);
	if (quoted)
		spool_char(&c->out, '"');
}

void csv_number(struct csv *c, int64_t number)
{
	begin_cell(c);
	spool_number(&c->out, number);
}

void csv_time(struct csv *c, int64_t at)
{
	char text[OUTPUT_TIME];

	begin_cell(c);
	if (at != 0)
		spool_text(&c->out, output_time_of(&c->calendar, at, text));
}

void csv_empty(struct csv *c, unsigned cells)
{
	while (cells-- > 0)
		begin_cell(c);
}

void csv_end(struct csv *c)
{
	spool_put(&c->out, "\r\n", 2);
	spool_flush(&c->out);
	c->inside = false;
}

void csv_begin(struct csv *c, FILE *file, const char *const *headings)
{
	*c = (struct csv){.out = {.file = file}};
	while (*headings != NULL)
		csv_text(c, *headings++);
	csv_end(c);
}
