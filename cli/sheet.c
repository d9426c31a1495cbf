/* sheet: see sheet.h. */
#include "sheet.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "markup.h"
#include "table.h"

struct cell {
	char *text; /* of a text; NULL and is_set: out of memory */
	int64_t number;
	bool is_set;
};

struct sheet {
	const char *name;
	const char *title;
	const struct sheet_column *columns;
	size_t width;
	struct cell *cell;
	size_t used;
	size_t room;
	bool failed;
};

struct sheet *sheet_open(const char *name, const char *title,
			 const struct sheet_column *columns)
{
	struct sheet *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->name = name;
	s->title = title;
	s->columns = columns;
	while (columns[s->width].key != NULL)
		s->width++;
	return s;
}

void sheet_close(struct sheet *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->used; i++)
		free(s->cell[i].text);
	free(s->cell);
	free(s);
}

/* ---- filling ---- */

static void add(struct sheet *s, struct cell cell)
{
	size_t room = s->room == 0 ? 64 : s->room * 2;
	struct cell *more;

	if (s->used == s->room) {
		more = reallocarray(s->cell, room, sizeof(*more));
		if (more == NULL) {
			s->failed = true;
			free(cell.text);
			return;
		}
		s->cell = more;
		s->room = room;
	}
	s->cell[s->used++] = cell;
}

void sheet_text(struct sheet *s, const char *text)
{
	struct cell cell = {.is_set = true};

	if (s == NULL)
		return;
	cell.text = strdup(text);
	s->failed |= cell.text == NULL;
	add(s, cell);
}

void sheet_number(struct sheet *s, int64_t number)
{
	if (s != NULL)
		add(s, (struct cell){.number = number, .is_set = true});
}

void sheet_time(struct sheet *s, int64_t at)
{
	if (s != NULL)
		add(s, (struct cell){.number = at, .is_set = at != 0});
}

void sheet_flag(struct sheet *s, bool flag)
{
	sheet_number(s, flag);
}

void sheet_none(struct sheet *s)
{
	if (s != NULL)
		add(s, (struct cell){0});
}

size_t sheet_rows(const struct sheet *s)
{
	return s == NULL || s->width == 0 ? 0 : s->used / s->width;
}

const char *sheet_title(const struct sheet *s)
{
	return s == NULL ? "" : s->title;
}

static bool is_whole(const struct sheet *s)
{
	return s != NULL && !s->failed && s->width > 0;
}

/* ---- as text for people ---- */

enum { WORDS = 32 };

/* What is no text, in words; empty when there is no value. */
static const char *words(const struct sheet *s, size_t i, char buf[WORDS])
{
	const struct cell *c = &s->cell[i];

	buf[0] = '\0';
	if (!c->is_set)
		return buf;
	switch (s->columns[i % s->width].kind) {
	case SHEET_TEXT:
		return c->text;
	case SHEET_NUMBER:
	case SHEET_CODE:
		snprintf(buf, WORDS, "%" PRId64, c->number);
		break;
	case SHEET_TIME:
		output_time(c->number, buf);
		break;
	case SHEET_FLAG:
		snprintf(buf, WORDS, "%s", c->number != 0 ? "yes" : "no");
		break;
	}
	return buf;
}

static void capitals(const char *title, char out[WORDS])
{
	size_t n = 0;

	for (; title[n] != '\0' && n + 1 < WORDS; n++)
		out[n] = (char)toupper((unsigned char)title[n]);
	out[n] = '\0';
}

int sheet_print(const struct sheet *s, const struct output *o)
{
	struct column columns[FIT_COLUMNS + 1] = {{0}};
	char heading[FIT_COLUMNS][WORDS];
	char buf[WORDS];
	struct table *t;
	int result;

	if (!is_whole(s))
		return -1;
	for (size_t i = 0; i < s->width && i < FIT_COLUMNS; i++) {
		const struct sheet_column *c = &s->columns[i];

		capitals(c->title, heading[i]);
		columns[i] = (struct column){
			.heading = heading[i],
			.kind = c->kind == SHEET_NUMBER ? COLUMN_NUMBER
				: c->kind == SHEET_TIME ? COLUMN_TIME
							: COLUMN_TEXT,
			.min = c->min,
			.spare = c->spare,
			.below = c->below,
		};
	}
	t = table_open(columns, o);
	for (size_t i = 0; i < s->used; i++)
		table_cell(t, PLAIN, "%s", words(s, i, buf));
	result = table_print(t, 0, true);
	table_close(t);
	return result;
}

int sheet_markdown(const struct sheet *s, FILE *file)
{
	char buf[WORDS];

	if (!is_whole(s))
		return -1;
	for (size_t i = 0; i < s->width; i++)
		fprintf(file, "| %s ", s->columns[i].title);
	fputs("|\n", file);
	for (size_t i = 0; i < s->width; i++)
		fputs(s->columns[i].kind == SHEET_NUMBER ? "| ---: " : "| --- ",
		      file);
	fputs("|\n", file);
	for (size_t i = 0; i < s->used; i++) {
		fputs("| ", file);
		markup_markdown(file, words(s, i, buf));
		fputs((i + 1) % s->width == 0 ? " |\n" : " ", file);
	}
	return 0;
}

/* ---- for programs ---- */

int sheet_csv(const struct sheet *s, FILE *file)
{
	struct csv csv = {.out = {.file = file}};

	if (!is_whole(s))
		return -1;
	for (size_t i = 0; i < s->width; i++)
		csv_text(&csv, s->columns[i].key);
	csv_end(&csv);
	for (size_t i = 0; i < s->used; i++) {
		const struct cell *c = &s->cell[i];
		enum sheet_kind kind = s->columns[i % s->width].kind;

		if (!c->is_set)
			csv_empty(&csv, 1);
		else if (kind == SHEET_TEXT)
			csv_text(&csv, c->text);
		else if (kind == SHEET_TIME)
			csv_time(&csv, c->number);
		else if (kind == SHEET_FLAG)
			csv_text(&csv, c->number != 0 ? "yes" : "no");
		else
			csv_number(&csv, c->number);
		if ((i + 1) % s->width == 0)
			csv_end(&csv);
	}
	return 0;
}

static void json_cell(struct json *j, const struct sheet_column *column,
		      const struct cell *c)
{
	if (!c->is_set) {
		json_null(j, column->key);
		return;
	}
	switch (column->kind) {
	case SHEET_TEXT:
		json_text(j, column->key, c->text);
		break;
	case SHEET_NUMBER:
	case SHEET_CODE:
		json_number(j, column->key, c->number);
		break;
	case SHEET_TIME:
		json_time(j, column->key, c->number);
		break;
	case SHEET_FLAG:
		json_bool(j, column->key, c->number != 0);
		break;
	}
}

int sheet_json(const struct sheet *s, struct json *j)
{
	if (!is_whole(s))
		return -1;
	json_array(j, s->name);
	for (size_t i = 0; i < s->used; i++) {
		if (i % s->width == 0)
			json_object(j, NULL);
		json_cell(j, &s->columns[i % s->width], &s->cell[i]);
		if ((i + 1) % s->width == 0)
			json_end(j);
	}
	json_end(j);
	return 0;
}

/* ---- for a browser ---- */

/* The class of a cell: to the right, or what may be long. */
static const char *class_of(const struct sheet_column *c)
{
	if (c->kind == SHEET_NUMBER)
		return " class=\"n\"";
	return c->below || c->min > 0 ? " class=\"w\"" : "";
}

int sheet_html(const struct sheet *s, FILE *file)
{
	char buf[WORDS];

	if (!is_whole(s))
		return -1;
	fputs("<div class=\"scroll\"><table><thead><tr>", file);
	for (size_t i = 0; i < s->width; i++)
		fprintf(file, "<th scope=\"col\"%s>%s</th>",
			class_of(&s->columns[i]), s->columns[i].title);
	fputs("</tr></thead><tbody>\n", file);
	for (size_t i = 0; i < s->used; i++) {
		const struct sheet_column *c = &s->columns[i % s->width];

		fprintf(file, "%s<td%s>", i % s->width == 0 ? "<tr>" : "",
			class_of(c));
		if (c->kind == SHEET_NUMBER && s->cell[i].is_set)
			markup_number(file, s->cell[i].number);
		else
			markup_html(file, words(s, i, buf));
		fprintf(file, "</td>%s",
			(i + 1) % s->width == 0 ? "</tr>\n" : "");
	}
	fputs("</tbody></table></div>\n", file);
	return 0;
}
