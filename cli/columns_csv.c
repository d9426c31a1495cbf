/* columns_csv: comma-separated values into bans, see columns.h. */
#include "columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct slice line;
	size_t at;
	char separator;
	char cell[COLUMNS_CELL];
};

/* The next cell, cut to its size. 0: no more, -1: a quote does not end. */
static int next_cell(struct reader *r)
{
	bool quoted;
	size_t n = 0;

	if (r->at > r->line.len)
		return 0;
	quoted = r->at < r->line.len && r->line.at[r->at] == '"';
	r->at += quoted;
	for (;; r->at++) {
		char c = r->at < r->line.len ? r->line.at[r->at] : '\0';

		if (r->at >= r->line.len && quoted)
			return -1;
		if (r->at >= r->line.len || (!quoted && c == r->separator))
			break;
		if (quoted && c == '"') {
			if (r->at + 1 >= r->line.len ||
			    r->line.at[r->at + 1] != '"') {
				quoted = false;
				continue;
			}
			r->at++;
		}
		if (n < sizeof(r->cell) - 1)
			r->cell[n++] = c;
	}
	r->cell[n] = '\0';
	r->at++;
	return 1;
}

bool columns_headings(struct slice line, struct columns_table *t)
{
	struct reader r = {.line = columns_trim(line)};
	bool address = false;

	/* The mark that some programs put in front of UTF-8. */
	if (r.line.len >= 3 && memcmp(r.line.at, "\xef\xbb\xbf", 3) == 0) {
		r.line.at += 3;
		r.line.len -= 3;
	}
	memset(t, 0, sizeof(*t));
	t->separator = ',';
	if (memchr(r.line.at, ',', r.line.len) == NULL &&
	    memchr(r.line.at, ';', r.line.len) != NULL)
		t->separator = ';';
	r.separator = t->separator;
	while (t->cells < COLUMNS_MOST && next_cell(&r) > 0) {
		int i;

		for (char *c = r.cell; *c != '\0'; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
		i = columns_heading(r.cell);
		t->of[t->cells++] = (signed char)i;
		address = address || (i >= 0 && i < COLUMNS_ADDRESSES);
		t->ours = t->ours || strcmp(r.cell, "ground") == 0;
	}
	return address;
}

/* The digits behind \x, or within \u{}, and how far they go. */
static const char *read_code(const char *at, uint32_t *code)
{
	char *end;
	bool braces = at[0] == 'u';

	*code = 0;
	if (braces && at[1] != '{')
		return NULL;
	*code = (uint32_t)strtoul(at + (braces ? 2 : 1), &end, 16);
	if (braces)
		return *end == '}' && *code < 0x110000 ? end + 1 : NULL;
	return end == at + 3 ? end : NULL;
}

static size_t put_code(char *to, uint32_t code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 63));
		to[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 63));
	to[2] = (char)(0x80 | (code >> 6 & 63));
	to[3] = (char)(0x80 | (code & 63));
	return 4;
}

/* Undo what csv.h and text.h do, in place: it only becomes shorter. */
static void unescape(char *text)
{
	const char *from = text + (text[0] == '\'');
	char *to = text;
	uint32_t code;

	while (*from != '\0') {
		const char *next = NULL;

		if (from[0] != '\\') {
			*to++ = *from++;
			continue;
		}
		if (from[1] == 'n' || from[1] == 't' || from[1] == '\\') {
			*to++ = from[1] == 'n'   ? '\n'
				: from[1] == 't' ? '\t'
						 : '\\';
			from += 2;
			continue;
		}
		if (from[1] == 'x' || from[1] == 'u')
			next = read_code(from + 1, &code);
		if (next == NULL || code == 0) {
			*to++ = *from++;
			continue;
		}
		/* \xff is a byte, whatever it is of. */
		if (from[1] == 'x')
			*to++ = (char)code;
		else
			to += put_code(to, code);
		from = next;
	}
	*to = '\0';
}

enum columns columns_csv(const struct columns_table *t, struct slice line,
			 struct columns_ban *out, const char **why)
{
	struct reader r = {.line = columns_trim(line),
			   .separator = t->separator};
	int more = 1;

	columns_clear(out);
	if (r.line.len == 0)
		return COLUMNS_NOTHING;
	for (size_t i = 0; i < t->cells && more > 0; i++) {
		more = next_cell(&r);
		if (more <= 0)
			break;
		if (t->of[i] < 0)
			continue;
		if (t->ours && columns_is_text(t->of[i]))
			unescape(r.cell);
		if (!columns_put(out, t->of[i], r.cell)) {
			*why = columns_trouble(t->of[i]);
			return COLUMNS_BAD;
		}
	}
	if (more < 0) {
		*why = "a quote does not end";
		return COLUMNS_BAD;
	}
	return columns_check(out, why);
}
