/* table: see table.h. */
#include "table.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "saslban/decimal.h"
#include "spool.h"
#include "text.h"

enum {
	CELL = 1024, /* bytes of one cell before it is escaped */
	BELOW = 4    /* indent of what stands below its row */
};

/* Small, as there may be millions. An escaped byte has at most 10. */
struct cell {
	size_t at; /* escaped, in text[] */
	uint16_t len;
	uint16_t width;
	enum style style;
};
_Static_assert(CELL * 10 <= UINT16_MAX, "the length of a cell fits");

struct table {
	const struct column *columns;
	size_t width; /* how many columns */
	const struct output *output;
	struct cell *cells;
	size_t used;
	size_t capacity;
	char *text; /* of all cells, each with its NUL */
	size_t text_used;
	size_t text_room;
	bool failed;
};

struct table *table_open(const struct column *columns, const struct output *o)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->columns = columns;
	t->output = o;
	while (t->width < FIT_COLUMNS && columns[t->width].heading != NULL)
		t->width++;
	return t;
}

void table_close(struct table *t)
{
	if (t == NULL)
		return;
	free(t->text);
	free(t->cells);
	free(t);
}

size_t table_rows(const struct table *t)
{
	return t == NULL ? 0 : t->used / t->width;
}

/* A place for one more cell, or NULL. */
static struct cell *new_cell(struct table *t)
{
	size_t capacity = t->capacity == 0 ? 64 : t->capacity * 2;
	struct cell *cells;

	if (t->used == t->capacity) {
		cells = reallocarray(t->cells, capacity, sizeof(*cells));
		if (cells == NULL)
			return NULL;
		t->cells = cells;
		t->capacity = capacity;
	}
	return &t->cells[t->used];
}

/* Room for so many bytes more. */
static bool has_room(struct table *t, size_t bytes)
{
	size_t room = t->text_room == 0 ? 4 * CELL : t->text_room;
	char *text;

	if (t->text_room - t->text_used >= bytes)
		return true;
	while (room - t->text_used < bytes)
		room *= 2;
	text = realloc(t->text, room);
	if (text == NULL)
		return false;
	t->text = text;
	t->text_room = room;
	return true;
}

/* What is shown of it, and so many columns. */
static bool add(struct table *t, enum style style, const char *shown,
		size_t len, size_t width)
{
	struct cell *c = new_cell(t);

	if (c == NULL || !has_room(t, len + 1))
		return false;
	memcpy(t->text + t->text_used, shown, len);
	t->text[t->text_used + len] = '\0';
	*c = (struct cell){t->text_used, (uint16_t)len, (uint16_t)width, style};
	t->text_used += len + 1;
	t->used++;
	return true;
}

/* Of less than CELL bytes. */
static bool add_text(struct table *t, enum style style, const char *raw)
{
	size_t len = strlen(raw);
	size_t width;
	char *shown;
	bool added;

	if (len == 0)
		return add(t, style, "-", 1, 1);
	if (text_is_plain(raw, len))
		return add(t, style, raw, len, len);
	shown = text_shown(raw, t->output->utf8, &width);
	added = shown != NULL && add(t, style, shown, strlen(shown), width);
	free(shown);
	return added;
}

void table_cell(struct table *t, enum style style, const char *format, ...)
{
	char raw[CELL];
	va_list args;

	if (t == NULL || t->failed)
		return;
	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	t->failed = !add_text(t, style, raw);
}

void table_text(struct table *t, enum style style, const char *text)
{
	if (strnlen(text, CELL) == CELL)
		table_cell(t, style, "%s", text);
	else if (t != NULL && !t->failed)
		t->failed = !add_text(t, style, text);
}

void table_number(struct table *t, enum style style, int64_t number)
{
	char text[DECIMAL_TEXT];
	size_t len = decimal_print(number, text);

	if (t != NULL && !t->failed)
		t->failed = !add(t, style, text, len, len);
}

static size_t column_width(const struct table *t, size_t column, bool headings)
{
	size_t width = headings ? strlen(t->columns[column].heading) : 0;

	for (size_t i = column; i < t->used; i += t->width)
		if (t->cells[i].width > width)
			width = t->cells[i].width;
	return width;
}

/* A cell on its way out, the table's or a heading. */
struct shown {
	const char *text;
	size_t len;
	size_t width;
	enum style style;
};

static struct shown show(const struct table *t, const struct cell *c)
{
	return (struct shown){t->text + c->at, c->len, c->width, c->style};
}

/* The cell in so many columns, behind so many blanks; a time is cut without a
 * mark, because what is left of it is a time as well. Returns how many blanks
 * are to follow. */
static size_t print_cell(const struct table *t, struct spool *out,
			 struct shown c, enum column_kind kind, size_t columns,
			 size_t blanks)
{
	bool marked = c.width > columns && kind != COLUMN_TIME;
	size_t pad;

	if (c.width > columns)
		c.len = text_fit(c.text, c.len,
				 columns - (marked && columns > 0), &c.width);
	pad = columns - c.width - marked;
	spool_blanks(out, blanks + (kind == COLUMN_NUMBER ? pad : 0));
	if (c.style != PLAIN)
		spool_text(out, output_code(t->output, c.style));
	spool_put(out, c.text, c.len);
	if (marked)
		spool_text(out, t->output->utf8 ? "\u2026" : "~");
	if (c.style != PLAIN)
		spool_text(out, output_code(t->output, PLAIN));
	return kind == COLUMN_NUMBER ? 0 : pad;
}

/* What has moved below its row, if there is anything to say. */
static void print_below(const struct table *t, struct shown c, unsigned indent)
{
	struct flow flow;

	if (strcmp(c.text, "-") == 0)
		return;
	flow_begin(&flow, t->output, indent + BELOW, "");
	flow_shown(&flow, c.style, c.text);
	flow_end(&flow);
}

static void print_row(const struct table *t, struct spool *out,
		      const struct shown *row, const struct fit *fit,
		      unsigned indent)
{
	size_t last = t->width;
	size_t blanks = indent;

	while (last > 1 && !fit->shown[last - 1])
		last--;
	for (size_t i = 0; i < last; i++)
		if (fit->shown[i])
			blanks = print_cell(t, out, row[i], t->columns[i].kind,
					    fit->width[i], blanks) +
				 FIT_GAP;
	spool_char(out, '\n');
	spool_flush(out);
}

static void fit(const struct table *t, unsigned indent, bool headings,
		struct fit *out)
{
	size_t line = t->output->columns;
	size_t widths[FIT_COLUMNS];

	for (size_t i = 0; i < t->width; i++)
		widths[i] = column_width(t, i, headings);
	if (line > 0)
		line = line > indent ? line - indent : 1;
	fit_columns(out, t->columns, widths, t->width, line);
}

int table_print(const struct table *t, unsigned indent, bool headings)
{
	struct shown row[FIT_COLUMNS];
	struct fit columns = {.shown = {false}};
	struct spool out = {.used = 0};

	if (t == NULL || t->failed)
		return -1;
	out.file = t->output->file;
	for (size_t i = 0; i < t->width; i++) {
		const char *text = t->columns[i].heading;

		row[i] = (struct shown){text, strlen(text), strlen(text),
					STRONG};
	}
	fit(t, indent, headings, &columns);
	if (headings)
		print_row(t, &out, row, &columns, indent);
	for (size_t i = 0; i + t->width <= t->used; i += t->width) {
		for (size_t k = 0; k < t->width; k++)
			row[k] = show(t, &t->cells[i + k]);
		print_row(t, &out, row, &columns, indent);
		for (size_t k = 0; k < t->width; k++)
			if (columns.below[k])
				print_below(t, row[k], indent);
	}
	return 0;
}
