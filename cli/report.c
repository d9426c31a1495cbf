/* report: see report.h. The verb is here. */
#include "report.h"

#include <string.h>
#include <sys/stat.h>

#include "geography.h"
#include "options.h"
#include "outfile.h"
#include "verb.h"

enum { SINCE = 30 * 86400, ROWS = 10, MORE = 100 };

struct word {
	const char *word; /* NULL ends them */
	unsigned value;
};

static const struct word kinds[] = {
	{"summary", REPORT_SUMMARY},        {"date", 1U << REPORT_DAYS},
	{"ip", 1U << REPORT_ADDRESSES},     {"network", 1U << REPORT_NETWORKS},
	{"account", 1U << REPORT_ACCOUNTS}, {"strike", 1U << REPORT_STRIKES},
	{"service", 1U << REPORT_SERVICES}, {NULL, 0},
};

enum format { TEXT, MARKDOWN, CSV, JSON, HTML };

static const struct word formats[] = {
	{"text", TEXT}, {"md", MARKDOWN}, {"csv", CSV},
	{"json", JSON}, {"html", HTML},   {NULL, 0},
};

/* Without a word, the first one. */
static enum status find_word(const struct word *words, const char *option,
			     const char *word, const char *allowed,
			     unsigned *out)
{
	*out = words[0].value;
	if (word == NULL)
		return STATUS_OK;
	for (; words->word != NULL; words++) {
		if (strcmp(word, words->word) != 0)
			continue;
		*out = words->value;
		return STATUS_OK;
	}
	return edge_end(STATUS_USAGE, "--%s '%s' is not allowed; allowed: %s",
			option, word, allowed);
}

/* What is asked for. */
struct asked {
	const struct cli *cli;
	unsigned parts;
	unsigned format;
	size_t limit;
};

static enum status read_options(struct asked *a, struct survey *s)
{
	const struct cli *c = a->cli;
	enum status status = find_word(
		kinds, "by", c->by,
		"summary, date, ip, network, account, strike, service",
		&a->parts);

	if (status == STATUS_OK)
		status = find_word(formats, "format", c->format,
				   "text, md, csv, json, html", &a->format);
	if (status == STATUS_OK && c->json && c->format != NULL &&
	    a->format != JSON)
		return edge_end(STATUS_USAGE, "--json or --format %s, not both",
				c->format);
	if (status == STATUS_OK)
		status = options_since(c, &s->since);
	if (status == STATUS_OK)
		status = options_limit(
			c, a->parts == REPORT_SUMMARY ? ROWS : MORE, &a->limit);
	if (c->json)
		a->format = JSON;
	if (c->since == NULL)
		s->since = c->now - SINCE;
	return status;
}

/* The one table that a form without sections has. */
static const struct sheet *only(const struct report *r)
{
	if (r->sheet[REPORT_FIGURES] != NULL)
		return r->sheet[REPORT_FIGURES];
	for (size_t i = REPORT_DAYS; i < REPORT_PARTS; i++)
		if (r->sheet[i] != NULL)
			return r->sheet[i];
	return NULL;
}

static int put(const struct report *r, const struct asked *a,
	       const struct output *o)
{
	switch (a->format) {
	case MARKDOWN:
		return report_markdown(r, o->file);
	case CSV:
		return sheet_csv(only(r), o->file);
	case JSON:
		return report_json(r, o->file);
	case HTML:
		return report_html(r, o->file);
	default:
		return report_text(r, o);
	}
}

/* On standard output, or to the file of --output. */
static enum status deliver(const struct report *r, const struct asked *a)
{
	struct outfile file;
	struct output o;
	struct fault why;

	if (a->cli->to == NULL)
		return put(r, a, &a->cli->out) < 0 ? edge_memory() : STATUS_OK;
	if (outfile_open(&file, a->cli->to, S_IRUSR | S_IWUSR | S_IRGRP, &why) <
	    0)
		return edge_fail(&why);
	output_init(&o, file.file);
	if (put(r, a, &o) < 0) {
		outfile_abandon(&file);
		return edge_memory();
	}
	return outfile_commit(&file, &why) < 0 ? edge_fail(&why) : STATUS_OK;
}

enum status verb_report(const struct cli *c)
{
	struct session session;
	struct asked asked = {.cli = c};
	struct report r = {.session = &session,
			   .survey = {.session = &session, .now = c->now}};
	enum status status = read_options(&asked, &r.survey);
	struct fault why;

	if (status == STATUS_OK)
		status = session_open(&session, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	geography_open(&session);
	status = session_wanted(&session, c, &r.survey.jail);
	if (status == STATUS_OK &&
	    report_take(&r, asked.parts, asked.limit, &why) < 0)
		status = edge_fail(&why);
	if (status == STATUS_OK)
		status = deliver(&r, &asked);
	report_close(&r);
	session_close(&session);
	return status;
}
