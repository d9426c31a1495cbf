/* top: who attacks most, and what is attacked most. */
#include "verb.h"

#include <string.h>

#include "geography.h"
#include "options.h"
#include "sheet.h"
#include "survey.h"
#include "tops.h"

enum { SINCE = 7 * 86400, ROWS = 20 };

/* Without one, addresses. */
static enum status find_kind(const struct cli *c, const struct tops_kind **out)
{
	const char *word = c->words < 2 ? tops_kinds[0].word : c->word[1];

	for (const struct tops_kind *k = tops_kinds; k->word != NULL; k++) {
		if (strcmp(word, k->word) != 0)
			continue;
		*out = k;
		return STATUS_OK;
	}
	return edge_end(STATUS_USAGE,
			"'top' has no use for '%s'; allowed: addresses, "
			"networks, accounts, services, rules",
			word);
}

static int put_json(const struct cli *c, const struct survey *s,
		    const struct sheet *sheet)
{
	struct json *j = json_begin(c->out.file);
	int result;

	json_number(j, "now", s->now);
	json_number(j, "since", s->since);
	json_number(j, "attempts", s->attempts);
	result = sheet_json(sheet, j);
	return json_finish(j) < 0 ? -1 : result;
}

static int put(const struct cli *c, const struct survey *s,
	       const struct sheet *sheet)
{
	char since[OUTPUT_TIME];

	if (c->json)
		return put_json(c, s, sheet);
	if (c->csv)
		return sheet_csv(sheet, c->out.file);
	if (sheet_rows(sheet) > 0)
		return sheet_print(sheet, &c->out);
	fprintf(c->out.file, "no attempts since %s\n",
		output_time(s->since, since));
	return 0;
}

static enum status top(struct survey *s, const struct cli *c,
		       const struct tops_kind *kind, size_t limit)
{
	struct sheet *sheet = NULL;
	enum status status = STATUS_OK;
	struct fault why;

	if (survey_take(s, &why) < 0 ||
	    tops_sheet(s, kind, limit, &sheet, &why) < 0)
		status = edge_fail(&why);
	else if (put(c, s, sheet) < 0)
		status = edge_memory();
	sheet_close(sheet);
	survey_close(s);
	return status;
}

enum status verb_top(const struct cli *c)
{
	const struct tops_kind *kind = tops_kinds;
	struct session session;
	struct survey s = {.session = &session, .now = c->now};
	enum status status = find_kind(c, &kind);

	if (status == STATUS_OK)
		status = options_since(c, &s.since);
	if (status == STATUS_OK)
		status = options_limit(c, ROWS, &s.limit);
	if (status == STATUS_OK)
		status = session_open(&session, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	if (c->since == NULL)
		s.since = c->now - SINCE;
	s.parts = kind->parts;
	geography_open(&session);
	status = session_wanted(&session, c, &s.jail);
	if (status == STATUS_OK)
		status = top(&s, c, kind, s.limit);
	session_close(&session);
	return status;
}
