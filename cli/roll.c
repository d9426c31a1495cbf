/* roll: see roll.h. */
#include "roll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

bool roll_is_input(const struct roll *r)
{
	return strcmp(r->path, "-") == 0;
}

const char *roll_name(const struct roll *r)
{
	return roll_is_input(r) ? "standard input" : r->path;
}

void roll_wrong(struct roll *r, uint64_t number, const char *why)
{
	if (++r->wrong <= ROLL_NAMED)
		edge_note("%s, line %llu: %s", roll_name(r),
			  (unsigned long long)number, why);
}

enum status roll_judge(const struct roll *r, enum status status)
{
	if (r->wrong == 0)
		return STATUS_OK;
	return edge_end(status, "%s: nothing was done, as %zu line%s wrong",
			roll_name(r), r->wrong,
			r->wrong == 1 ? " is" : "s are");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* What is left of a line without its comment and the blanks around it. */
static struct slice strip(struct slice line)
{
	const char *hash = memchr(line.at, '#', line.len);

	if (hash != NULL)
		line.len = (size_t)(hash - line.at);
	while (line.len > 0 && is_blank(line.at[line.len - 1]))
		line.len--;
	while (line.len > 0 && is_blank(line.at[0])) {
		line.at++;
		line.len--;
	}
	return line;
}

static int take(struct roll *r, struct slice text, uint64_t number)
{
	struct subject subject;
	struct roll_line *more;
	char why[128];

	if (!subject_take(&subject, text.at, text.len)) {
		snprintf(why, sizeof(why), "not an address: '%.*s'",
			 text.len < 60 ? (int)text.len : 60, text.at);
		roll_wrong(r, number, why);
		return 0;
	}
	if ((r->n & (r->n - 1)) == 0) { /* full: at each power of two */
		more = reallocarray(r->line, r->n == 0 ? 1 : r->n * 2,
				    sizeof(*more));
		if (more == NULL)
			return -1;
		r->line = more;
	}
	r->line[r->n++] = (struct roll_line){subject, number};
	return 0;
}

enum status roll_read(struct roll *out, const char *path)
{
	struct lines lines;
	struct slice text;
	struct fault why;
	bool memory = true;
	int more;

	*out = (struct roll){.path = path};
	if (lines_open(&lines, path, &why) < 0)
		return edge_fail(&why);
	while (memory && (more = lines_next(&lines, &text, &why)) > 0) {
		text = strip(text);
		if (text.len > 0)
			memory = take(out, text, lines.number) == 0;
	}
	lines_close(&lines);
	if (!memory)
		return edge_memory();
	if (more < 0)
		return edge_fail(&why);
	return roll_judge(out, STATUS_USAGE);
}

void roll_free(struct roll *r)
{
	free(r->line);
}
