/* test: what filters make of a file of log lines. */
#include "verb.h"

#include <inttypes.h>
#include <stdlib.h>

#include "json.h"
#include "matcher.h"
#include "lines.h"
#include "progress.h"
#include "steps.h"
#include "summary.h"

/* ---- for programs: one object per line ---- */

static int print_object(const struct cli *c, const struct judged *j,
			uint64_t number)
{
	struct json *json = json_begin(c->out.file);

	json_number(json, "line", (int64_t)number);
	judged_json(json, j);
	return json_finish(json);
}

/* ---- all lines ---- */

struct run {
	const struct cli *cli;
	struct matcher *judge;
	struct lines *lines;
	struct summary *summary; /* NULL: JSON */
};

static enum status each_line(const struct run *r, struct progress *p)
{
	struct lines *l = r->lines;
	struct judged judged;
	struct fault why;
	struct slice text;
	int more;

	while ((more = lines_next(l, &text, &why)) > 0) {
		matcher_read(r->judge, text, &judged);
		matcher_line(r->judge, NULL, &judged);
		if (r->summary != NULL)
			summary_add(r->summary, &judged, l->number, text);
		else if (print_object(r->cli, &judged, l->number) < 0)
			return edge_memory();
		if (ferror(r->cli->out.file) != 0)
			return STATUS_FAILED; /* main prints why */
		progress_print(p, l->number, l->bytes, l->size);
	}
	return more < 0 ? edge_fail(&why) : STATUS_OK;
}

static enum status test_file(const struct cli *c, struct matcher *j)
{
	struct run r = {.cli = c, .judge = j};
	struct progress p;
	enum status status;
	struct lines lines;
	struct fault why;

	if (lines_open(&lines, c->word[1], &why) < 0)
		return edge_fail(&why);
	r.lines = &lines;
	r.summary = c->json ? NULL : summary_open(j->filter);
	if (!c->json && r.summary == NULL) {
		lines_close(&lines);
		return edge_memory();
	}
	progress_begin(&p);
	status = each_line(&r, &p);
	progress_end(&p);
	/* What a damaged file had in front counts. */
	if (!c->json && ferror(c->out.file) == 0 &&
	    (status == STATUS_OK || lines.number > 0))
		summary_print(r.summary, j, &c->out, c->verbose);
	summary_close(r.summary);
	lines_close(&lines);
	return status;
}

enum status verb_test(const struct cli *c)
{
	enum status status;
	struct matcher j;

	if ((c->explain != NULL) == (c->words > 1))
		return edge_end(STATUS_USAGE,
				"'test' needs a file, - for standard input, or "
				"--explain LINE%s",
				c->words > 1 ? ", and not both" : "");
	/* Unset, the C library looks after each date whether the zone's file
	 * has changed. */
	setenv("TZ", ":/etc/localtime", 0);
	status = matcher_open(&j, c, NULL);
	if (status != STATUS_OK)
		return status;
	status = c->explain != NULL ? steps_show(c, &j) : test_file(c, &j);
	matcher_close(&j);
	return status;
}
