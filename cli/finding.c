/* finding: see finding.h. */
#include "finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "text.h"

enum { COLUMNS = 80, LEVEL = 6, CHECK = 12, INDENT = 6 };

struct level_row {
	const char *word;
	enum style style;
	const char *one; /* these two for the last line */
	const char *more;
};

static const struct level_row levels[FINDING_LEVELS] = {
	[FINDING_OK] = {"ok", GOOD, "ok", "ok"},
	[FINDING_SKIP] = {"skip", CARE, "not checked", "not checked"},
	[FINDING_WARN] = {"warn", CARE, "warning", "warnings"},
	[FINDING_FAIL] = {"fail", BAD, "failure", "failures"},
};

void findings_close(struct findings *f)
{
	free(f->at);
	*f = (struct findings){0};
}

void finding_add(struct findings *f, enum finding_level level,
		 const char *check, const char *format, ...)
{
	struct finding *more = reallocarray(f->at, f->n + 1, sizeof(*more));
	struct finding *new;
	va_list args;

	if (more == NULL) {
		f->lost = true;
		return;
	}
	f->at = more;
	new = &more[f->n++];
	new->level = level;
	new->check = check;
	new->remedy[0] = '\0';
	va_start(args, format);
	vsnprintf(new->text, sizeof(new->text), format, args);
	va_end(args);
}

void finding_remedy(struct findings *f, const char *format, ...)
{
	struct finding *last;
	va_list args;

	if (f->n == 0 || f->lost)
		return;
	last = &f->at[f->n - 1];
	va_start(args, format);
	vsnprintf(last->remedy, sizeof(last->remedy), format, args);
	va_end(args);
}

size_t findings_count(const struct findings *f, enum finding_level level)
{
	size_t count = 0;

	for (size_t i = 0; i < f->n; i++)
		count += f->at[i].level == level;
	return count;
}

/* ---- for people ---- */

/* A command has to stay one: the backslash stands as it is, and lines end where
 * they are meant to. */
static void print_remedy(const struct output *o, const char *at)
{
	while (*at != '\0') {
		size_t line = strcspn(at, "\n");

		fprintf(o->file, "%*s", INDENT, "");
		for (const char *end = at + line; at < end;) {
			size_t n = strcspn(at, "\\\n");

			text_show_bytes(o->file, at, n, o->utf8);
			at += n;
			if (*at == '\\' && at < end)
				fputc(*at++, o->file);
		}
		fputc('\n', o->file);
		at += *at == '\n';
	}
}

static void print_one(const struct finding *one, const struct output *o)
{
	const struct level_row *row = &levels[one->level];
	char heading[CHECK + 2];
	struct flow f;

	output_print(o, row->style, "%-*s", LEVEL, row->word);
	snprintf(heading, sizeof(heading), "%-*s", CHECK, one->check);
	/* The level stands on the line already. */
	flow_begin(&f, o, 0, heading);
	f.indent += LEVEL;
	f.column += LEVEL;
	flow_put(&f, PLAIN, "%s", one->text);
	flow_end(&f);
	print_remedy(o, one->remedy);
}

void findings_print(const struct findings *f, const struct output *o)
{
	struct output narrow = *o;
	const char *comma = "";

	if (narrow.columns == 0 || narrow.columns > COLUMNS)
		narrow.columns = COLUMNS;
	for (size_t i = 0; i < f->n; i++)
		print_one(&f->at[i], &narrow);
	for (int i = FINDING_LEVELS; i-- > 0;) {
		const struct level_row *row = &levels[i];
		size_t n = findings_count(f, (enum finding_level)i);

		if (n == 0)
			continue;
		fputs(comma, o->file);
		output_print(o, row->style, "%zu %s", n,
			     n == 1 ? row->one : row->more);
		comma = ", ";
	}
	fputc('\n', o->file);
}

/* ---- for programs ---- */

static void remedy_json(struct json *j, const char *at)
{
	json_array(j, "remedy");
	for (size_t n; *at != '\0'; at += n + (at[n] != '\0')) {
		n = strcspn(at, "\n");
		json_bytes(j, NULL, at, n);
	}
	json_end(j);
}

void findings_json(const struct findings *f, struct json *j)
{
	json_array(j, "findings");
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->at[i];

		json_object(j, NULL);
		json_text(j, "check", one->check);
		json_text(j, "level", levels[one->level].word);
		json_text(j, "text", one->text);
		remedy_json(j, one->remedy);
		json_end(j);
	}
	json_end(j);
}
