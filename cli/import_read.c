/*
 * import_read: files of bans of several kinds.
 */
#include "import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bansjson.h"
#include "columns.h"
#include "lines.h"
#include "saslban/duration.h"
#include "saslban/elsewhere.h"

enum { SNIFFED = 4096 };

/* ---- one ban ---- */

static void note_bad(struct import *m, uint64_t line, const char *why,
		     struct slice text)
{
	struct import_bad *b = &m->shown[m->bad];
	int shown = text.len > 60 ? 60 : (int)text.len;

	if (m->bad++ >= IMPORT_SHOWN)
		return;
	b->line = line;
	if (text.len == 0)
		snprintf(b->text, sizeof(b->text), "%s", why);
	else
		snprintf(b->text, sizeof(b->text), "%s: '%.*s%s'", why, shown,
			 text.at, text.len > 60 ? "..." : "");
}

static int take_ban(struct import *m, struct columns_ban *b, struct fault *why)
{
	struct arrival a = {.jail = b->jail,
			    .literal = b->literal,
			    .now = !b->begun,
			    .least = 1,
			    .offense = b->offense};
	const char *slash = strrchr(m->path, '/');

	if (b->zoneless && m->cli->zone == NULL)
		return fault_set(why, FAULT_SETTING,
				 "the times in '%s' have no zone; --zone says "
				 "which, as --zone Europe/Berlin, or --zone "
				 "local for this machine's",
				 m->path);
	if (a.offense.why[0] == '\0')
		snprintf(a.offense.why, sizeof(a.offense.why),
			 "imported from %.100s",
			 slash == NULL ? m->path : slash + 1);
	m->rows++;
	return intake_take(&m->intake, &a, why);
}

/* ---- fail2ban ---- */

struct reading {
	struct import *import;
	struct fault *why;
};

static int see_elsewhere(void *context, const struct elsewhere_ban *e)
{
	const struct reading *r = context;
	struct import *m = r->import;
	struct slice shown = {e->address, strlen(e->address)};
	struct arrival a = {.jail = e->jail,
			    .least = e->count > STORE_STRIKES
					     ? STORE_STRIKES
					     : (unsigned)e->count,
			    .offense = {.at = e->at,
					.until = e->until,
					.failures = e->failures,
					.ground = GROUND_COUNT}};

	m->rows++;
	progress_print(&m->progress, m->rows, 0, 0);
	if (address_parse(e->address, shown.len, &a.offense.address) < 0) {
		note_bad(m, m->rows, "not an address", shown);
		return 0;
	}
	if (e->at == 0) {
		note_bad(m, m->rows, "no time of its begin", shown);
		return 0;
	}
	snprintf(a.offense.why, sizeof(a.offense.why), "fail2ban: jail %.100s",
		 e->jail);
	return intake_take(&m->intake, &a, r->why);
}

static int read_fail2ban(struct import *m, struct fault *why)
{
	struct reading r = {m, why};

	return elsewhere_each(m->source, see_elsewhere, &r, why);
}

/* ---- lines ---- */

typedef enum columns (*line_reader)(const struct columns_table *t,
				    struct slice line, struct columns_ban *b,
				    const char **why);

static enum columns list_line(const struct columns_table *t, struct slice line,
			      struct columns_ban *b, const char **why)
{
	(void)t;
	return columns_list(line, b, why);
}

static enum columns saslfail_line(const struct columns_table *t,
				  struct slice line, struct columns_ban *b,
				  const char **why)
{
	(void)t;
	return columns_saslfail(line, b, why);
}

static int take_line(struct import *m, line_reader read,
		     const struct columns_table *t, const struct lines *l,
		     struct slice line, struct fault *why)
{
	struct columns_ban b;
	const char *bad = "";

	switch (read(t, line, &b, &bad)) {
	case COLUMNS_BAN:
		return take_ban(m, &b, why);
	case COLUMNS_RESTORE:
		m->restores++;
		break;
	case COLUMNS_END:
		m->ends++;
		break;
	case COLUMNS_BAD:
		note_bad(m, l->number, bad, columns_trim(line));
		break;
	case COLUMNS_NOTHING:
		break;
	}
	return 0;
}

static int read_lines(struct import *m, line_reader read, bool headings,
		      struct fault *why)
{
	struct columns_table t = {.cells = 0};
	struct slice line;
	struct lines l;
	int more;

	if (lines_open(&l, m->source, why) < 0)
		return -1;
	while ((more = lines_next(&l, &line, why)) > 0) {
		progress_print(&m->progress, l.number, l.bytes, l.size);
		if (headings && t.cells == 0) {
			if (!columns_headings(line, &t)) {
				more = fault_set(
					why, FAULT_SETTING,
					"'%s': the first line has no heading "
					"'address' or 'ip'",
					m->path);
				break;
			}
			continue;
		}
		more = take_line(m, read, &t, &l, line, why);
		if (more != 0)
			break;
	}
	lines_close(&l);
	return more;
}

static int read_list(struct import *m, struct fault *why)
{
	return read_lines(m, list_line, false, why);
}

static int read_saslfail(struct import *m, struct fault *why)
{
	return read_lines(m, saslfail_line, false, why);
}

static int read_csv(struct import *m, struct fault *why)
{
	return read_lines(m, columns_csv, true, why);
}

/* ---- JSON ---- */

static int see_json(void *context, struct columns_ban *b, const char *bad,
		    uint64_t number, struct fault *why)
{
	struct import *m = context;

	progress_print(&m->progress, number, 0, 0);
	if (bad == NULL)
		return take_ban(m, b, why);
	note_bad(m, number, bad, (struct slice){"", 0});
	return 0;
}

static int read_json(struct import *m, struct fault *why)
{
	const struct bansjson_reader r = {see_json, m};
	struct source *s;
	int result;

	if (source_open(&s, m->source, why) < 0)
		return -1;
	result = bansjson_read(s, &r, why);
	source_close(s);
	if (result < 0 && why->kind == FAULT_SETTING &&
	    strstr(why->text, m->path) == NULL)
		fault_prefix(why, "'%s'", m->path);
	return result;
}

/* ---- which kind ---- */

struct kind {
	const char *name;
	int (*read)(struct import *m, struct fault *why);
};

static const struct kind kinds[] = {{"fail2ban", read_fail2ban},
				    {"saslfail", read_saslfail},
				    {"csv", read_csv},
				    {"json", read_json},
				    {"list", read_list}};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool is_kind(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return true;
	return false;
}

static size_t count_of(struct slice s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == c;
	return n;
}

/* By its first line. */
static const char *kind_of(const char *head, size_t len)
{
	static const char magic[] = "SQLite format 3";
	struct columns_table t;
	struct slice line = {head, len};

	if (len >= sizeof(magic) && memcmp(head, magic, sizeof(magic)) == 0)
		return "fail2ban";
	while (line.len > 0 && strchr(" \t\r\n", *line.at) != NULL &&
	       *line.at != '\0') {
		line.at++;
		line.len--;
	}
	if (line.len > 0 && *line.at == '{')
		return "json";
	if (memchr(line.at, '\n', line.len) != NULL)
		line.len =
			(size_t)((const char *)memchr(line.at, '\n', line.len) -
				 line.at);
	if (count_of(line, '|') >= 4)
		return "saslfail";
	if (line.len > 0 && *line.at != '#' && columns_headings(line, &t))
		return "csv";
	return "list";
}

enum status import_kind(struct import *m)
{
	char head[SNIFFED];
	struct source *s;
	struct fault why;
	ssize_t n;

	m->kind = m->cli->from;
	if (m->kind != NULL && !is_kind(m->kind))
		return edge_end(STATUS_USAGE,
				"--from '%s' is not allowed; allowed: "
				"fail2ban, saslfail, csv, json, list",
				m->kind);
	if (m->kind != NULL)
		return STATUS_OK;
	if (strcmp(m->path, "-") == 0)
		return edge_end(STATUS_USAGE,
				"--from says what standard input is: fail2ban, "
				"saslfail, csv, json, list");
	if (source_open(&s, m->source, &why) < 0)
		return edge_fail(&why);
	n = source_read(s, head, sizeof(head), &why);
	source_close(s);
	if (n < 0)
		return edge_fail(&why);
	m->kind = kind_of(head, (size_t)n);
	return STATUS_OK;
}

int import_read(struct import *m, struct fault *why)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, m->kind) == 0)
			return kinds[i].read(m, why);
	return 0;
}
