/* filter: the rules of a filter, after all substitution. */
#include "saslban/filter.h"

#include <string.h>

#include "verb.h"
#include "json.h"
#include "matcher.h"
#include "saslban/filterfile.h"
#include "text.h"

enum { NOTE = 256 }; /* bytes of a remark; a longer one is cut */

/* The same filter twice: as a file, which knows its parts, and
 * compiled, which knows whether it is any good. */
struct both {
	struct filterfile *file;
	struct filter *filter;
};

static enum status both_open(struct both *b, const struct cli *c)
{
	const char *dirs[CLI_LIST];
	struct settings settings;
	struct fault why;
	size_t ndirs;

	b->file = NULL;
	b->filter = NULL;
	settings_init(&settings);
	ndirs = matcher_dirs(c, &settings, dirs);
	if (filter_open(&b->filter, &c->word[1], 1, dirs, ndirs, &why) == 0 &&
	    filterfile_open(&b->file, c->word[1], dirs, ndirs, &why) == 0)
		return STATUS_OK;
	filter_close(b->filter);
	return edge_fail(&why);
}

static void both_close(struct both *b)
{
	filterfile_close(b->file);
	filter_close(b->filter);
}

/* ---- for people ---- */

/* As it is compiled: escaped like all text, but for the backslash, without
 * which nobody could copy it. */
static void print_regex(const struct output *o, const char *regex)
{
	while (*regex != '\0') {
		size_t n = strcspn(regex, "\\");

		text_show_bytes(o->file, regex, n, o->utf8);
		regex += n;
		if (*regex == '\\')
			fputc(*regex++, o->file);
	}
	fputc('\n', o->file);
}

static void print_rule(const struct output *o, const char *kind,
		       const struct rule_info *r)
{
	output_print(o, STRONG, "%s", r->name);
	fprintf(o->file, "  %s  ", kind);
	output_style(o, FAINT);
	text_show(o->file, r->file, o->utf8);
	fprintf(o->file, ":%u", r->line);
	output_style(o, PLAIN);
	fputs("\n    ", o->file);
	print_regex(o, r->regex);
}

static void print_daemon(const struct output *o, const struct filterfile *f)
{
	const char *at = f->daemon;

	if (at == NULL) {
		fputs("reads the lines of every program\n", o->file);
		return;
	}
	fputs("reads the lines of", o->file);
	for (at += strspn(at, " \t\n,"); *at != '\0';
	     at += strspn(at, " \t\n,")) {
		size_t n = strcspn(at, " \t\n,");

		fputc(' ', o->file);
		text_show_bytes(o->file, at, n, o->utf8);
		at += n;
	}
	fputc('\n', o->file);
}

static void prefix_info(const struct filterfile *f, struct rule_info *out)
{
	memset(out, 0, sizeof(*out));
	out->name = "prefregex";
	out->regex = f->prefix->regex;
	out->file = filterfile_where(f, f->prefix, 0, &out->line);
}

static void for_people(const struct cli *c, const struct both *b)
{
	const struct output *o = &c->out;
	struct rule_info r;
	char note[NOTE];

	print_daemon(o, b->file);
	if (b->file->prefix != NULL) {
		prefix_info(b->file, &r);
		print_rule(o, "before all others", &r);
	}
	for (size_t i = 0; i < filter_rules(b->filter); i++) {
		filter_rule(b->filter, i, &r);
		print_rule(o, rule_kinds[r.kind].word, &r);
	}
	for (size_t i = 0; c->verbose && i < filter_notes(b->filter); i++) {
		filter_note(b->filter, i, note, sizeof(note));
		text_show(o->file, note, o->utf8);
		fputc('\n', o->file);
	}
}

/* ---- for programs ---- */

static void where_json(struct json *json, const struct rule_info *r)
{
	json_text(json, "file", r->file);
	json_number(json, "line", r->line);
	json_text(json, "regex", r->regex);
}

static int for_programs(const struct cli *c, const struct both *b)
{
	struct json *json = json_begin(c->out.file);
	struct rule_info r;

	json_text(json, "name", b->file->name);
	if (b->file->daemon != NULL)
		json_text(json, "daemon", b->file->daemon);
	else
		json_null(json, "daemon");
	if (b->file->prefix != NULL) {
		prefix_info(b->file, &r);
		json_object(json, "prefix");
		where_json(json, &r);
		json_end(json);
	} else {
		json_null(json, "prefix");
	}
	json_array(json, "rules");
	for (size_t i = 0; i < filter_rules(b->filter); i++) {
		filter_rule(b->filter, i, &r);
		json_object(json, NULL);
		json_text(json, "name", r.name);
		json_text(json, "kind", rule_kinds[r.kind].word);
		where_json(json, &r);
		json_end(json);
	}
	json_end(json);
	json_array(json, "notes");
	for (size_t i = 0; i < b->file->nnotes; i++)
		json_text(json, NULL, b->file->notes[i]);
	return json_finish(json);
}

enum status verb_filter(const struct cli *c)
{
	enum status status;
	struct both b;

	status = both_open(&b, c);
	if (status != STATUS_OK)
		return status;
	if (!c->json)
		for_people(c, &b);
	else if (for_programs(c, &b) < 0)
		status = edge_memory();
	both_close(&b);
	return status;
}
