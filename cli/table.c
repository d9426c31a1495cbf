/* table: see table.h. */
#include "table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "text.h"

enum {
	CELL = 1024, /* bytes of one cell before it is escaped */
	BELOW = 4    /* indent of what stands below its row */
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
	size_t capacity;
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
	for (size_t i = 0; i < t->used; i++)
		free(t->cells[i].text);
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
	c->text = text_shown(raw[0] == '\0' ? "-" : raw, t->output->utf8,
			     &c->width);
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

/* The cell in so many columns; a time is cut without a mark, because what is
 * left of it is a time as well. */
static void print_cell(const struct table *t, const struct cell *c,
		       enum column_kind kind, size_t columns, bool last)
{
	const char *mark = t->output->utf8 ? "\u2026" : "~";
	bool marked = c->width > columns && kind != COLUMN_TIME;
	size_t width;
	size_t bytes = text_fit(c->text, strlen(c->text),
				columns - (marked && columns > 0), &width);
	int pad = (int)(columns - width - marked);
	FILE *file = t->output->file;

	if (kind == COLUMN_NUMBER)
		fprintf(file, "%*s", pad, "");
	output_print(t->output, c->style, "%.*s%s", (int)bytes, c->text,
		     marked ? mark : "");
	if (kind != COLUMN_NUMBER && !last)
		fprintf(file, "%*s", pad, "");
}

/* What has moved below its row, if there is anything to say. */
static void print_below(const struct table *t, const struct cell *c,
			unsigned indent)
{
	struct flow flow;

	if (strcmp(c->text, "-") == 0)
		return;
	flow_begin(&flow, t->output, indent + BELOW, "");
	flow_shown(&flow, c->style, c->text);
	flow_end(&flow);
}

static void print_row(const struct table *t, const struct cell *row,
		      const struct fit *fit, unsigned indent)
{
	FILE *file = t->output->file;
	size_t last = t->width;

	while (last > 1 && !fit->shown[last - 1])
		last--;
	fprintf(file, "%*s", (int)indent, "");
	for (size_t i = 0; i < last; i++) {
		if (!fit->shown[i])
			continue;
		print_cell(t, &row[i], t->columns[i].kind, fit->width[i],
			   i + 1 == last);
		fprintf(file, "%*s", i + 1 == last ? 0 : FIT_GAP, "");
	}
	fputc('\n', file);
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
	struct cell heading[FIT_COLUMNS];
	struct fit columns = {.shown = {false}};

	if (t == NULL || t->failed)
		return -1;
	for (size_t i = 0; i < t->width; i++) {
		char *text = (char *)t->columns[i].heading;

		heading[i] = (struct cell){text, strlen(text), STRONG};
	}
	fit(t, indent, headings, &columns);
	if (headings)
		print_row(t, heading, &columns, indent);
	for (size_t i = 0; i + t->width <= t->used; i += t->width) {
		print_row(t, t->cells + i, &columns, indent);
		for (size_t k = 0; k < t->width; k++)
			if (columns.below[k])
				print_below(t, &t->cells[i + k], indent);
	}
	return 0;
}
