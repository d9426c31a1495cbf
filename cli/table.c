/* table: see table.h. */
#include "table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum {
	GAP = 2,    /* blanks between columns */
	CELL = 1024 /* bytes of one cell before it is escaped */
};

struct cell {
	char *text; /* escaped */
	size_t width;
	enum style style;
};

struct table {
	const struct column *columns;
	size_t width; /* how many columns */
	const struct output *output;
	struct cell *cells;
	size_t used;
	size_t room;
	bool failed;
};

struct table *table_open(const struct column *columns, const struct output *o)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->columns = columns;
	t->output = o;
	while (t->width < TABLE_COLUMNS && columns[t->width].heading != NULL)
		t->width++;
	return t;
}

void table_close(struct table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->used; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(t);
}

size_t table_rows(const struct table *t)
{
	return t == NULL ? 0 : t->used / t->width;
}

/* Room for one more cell, or NULL. */
static struct cell *new_cell(struct table *t)
{
	size_t room = t->room == 0 ? 64 : t->room * 2;
	struct cell *cells;

	if (t->used == t->room) {
		cells = reallocarray(t->cells, room, sizeof(*cells));
		if (cells == NULL)
			return NULL;
		t->cells = cells;
		t->room = room;
	}
	return &t->cells[t->used];
}

/* The text as it is shown, the caller's to free; NULL when out of memory. */
static char *shown(const char *text, bool utf8, size_t *width)
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

void table_cell(struct table *t, enum style style, const char *format, ...)
{
	struct cell *c;
	char raw[CELL];
	va_list args;

	if (t == NULL || t->failed)
		return;
	c = new_cell(t);
	if (c == NULL) {
		t->failed = true;
		return;
	}
	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	c->style = style;
	c->text = shown(raw[0] == '\0' ? "-" : raw, t->output->utf8, &c->width);
	if (c->text == NULL)
		t->failed = true;
	else
		t->used++;
}

static size_t column_width(const struct table *t, size_t column, bool headings)
{
	size_t width = headings ? strlen(t->columns[column].heading) : 0;

	for (size_t i = column; i < t->used; i += t->width)
		if (t->cells[i].width > width)
			width = t->cells[i].width;
	return width;
}

static void print_row(const struct table *t, const struct cell *row,
		      const size_t *widths, unsigned indent)
{
	FILE *file = t->output->file;

	fprintf(file, "%*s", (int)indent, "");
	for (size_t i = 0; i < t->width; i++) {
		int pad = (int)(widths[i] - row[i].width);
		bool last = i + 1 == t->width;

		if (t->columns[i].right)
			fprintf(file, "%*s", pad, "");
		output_print(t->output, row[i].style, "%s", row[i].text);
		if (!t->columns[i].right && !last)
			fprintf(file, "%*s", pad, "");
		fprintf(file, "%*s", last ? 0 : GAP, "");
	}
	fputc('\n', file);
}

int table_print(const struct table *t, unsigned indent, bool headings)
{
	struct cell heading[TABLE_COLUMNS];
	size_t widths[TABLE_COLUMNS];

	if (t == NULL || t->failed)
		return -1;
	for (size_t i = 0; i < t->width; i++) {
		char *text = (char *)t->columns[i].heading;

		heading[i] = (struct cell){text, strlen(text), STRONG};
		widths[i] = column_width(t, i, headings);
	}
	if (headings)
		print_row(t, heading, widths, indent);
	for (size_t i = 0; i + t->width <= t->used; i += t->width)
		print_row(t, t->cells + i, widths, indent);
	return 0;
}
