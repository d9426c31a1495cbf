/* import_print: what came of a file of bans. */
#include "import.h"

#include <inttypes.h>
#include <string.h>

#include "flow.h"
#include "json.h"
#include "saslban/plural.h"

enum { INDENT = 2 };

static void line(const struct import *m, enum style style, uint64_t n,
		 const char *fate, const char *noun, const char *text,
		 const char *example)
{
	struct flow f;

	if (n == 0)
		return;
	flow_begin(&f, &m->cli->out, INDENT, "");
	flow_put(&f, style, "%s%" PRIu64 " %s%s %s", fate, n, noun, plural(n),
		 text);
	if (example[0] != '\0')
		flow_put(&f, style, " (as %s)", example);
	flow_end(&f);
}

static void print_bad(const struct import *m)
{
	struct flow f;

	for (uint64_t i = 0; i < m->bad && i < IMPORT_SHOWN; i++) {
		flow_begin(&f, &m->cli->out, INDENT, "");
		flow_put(&f, CARE, "%s %" PRIu64 ": %s",
			 strcmp(m->kind, "fail2ban") == 0 ||
					 strcmp(m->kind, "json") == 0
				 ? "ban"
				 : "line",
			 m->shown[i].line, m->shown[i].text);
		flow_end(&f);
	}
	if (m->bad > IMPORT_SHOWN)
		line(m, CARE, m->bad - IMPORT_SHOWN, "", "further one",
		     "that cannot be read", "");
}

void import_print(const struct import *m)
{
	const struct intake *x = &m->intake;
	struct flow f;

	flow_begin(&f, &m->cli->out, 0, "");
	flow_put(&f, STRONG, "%s %" PRIu64 " ban%s",
		 m->cli->dry_run ? "would import" : "imported", x->added,
		 plural(x->added));
	flow_put(&f, PLAIN,
		 " from '%s' (%s): %" PRIu64 " %s, %" PRIu64 " %s over",
		 m->path, m->kind, x->running, x->running == 1 ? "runs" : "run",
		 x->added - x->running,
		 x->added - x->running == 1 ? "is" : "are");
	flow_end(&f);
	line(m, PLAIN, x->shorter, "", "ban",
	     "of these over at once: another of the address lasts longer", "");
	line(m, PLAIN, x->there, "", "ban", "known already", "");
	for (int i = 0; i < LEAVINGS; i++)
		line(m, CARE, x->left[i], "left out: ", "ban", intake_text(i),
		     x->example[i]);
	line(m, PLAIN, m->restores, "", "line",
	     "of a restart of fail2ban, which is no ban", "");
	line(m, PLAIN, m->ends, "", "line",
	     "of an end, which the length of the ban tells", "");
	print_bad(m);
}

static void bad_json(const struct import *m, struct json *j)
{
	json_array(j, "bad_lines");
	for (uint64_t i = 0; i < m->bad && i < IMPORT_SHOWN; i++) {
		json_object(j, NULL);
		json_number(j, "line", (int64_t)m->shown[i].line);
		json_text(j, "why", m->shown[i].text);
		json_end(j);
	}
	json_end(j);
}

enum status import_json(const struct import *m)
{
	const struct intake *x = &m->intake;
	struct json *j = json_begin(m->cli->out.file);

	json_text(j, "file", m->path);
	json_text(j, "kind", m->kind);
	json_bool(j, "dry_run", m->cli->dry_run);
	json_number(j, "bans", (int64_t)m->rows);
	json_number(j, "imported", (int64_t)x->added);
	json_number(j, "running", (int64_t)x->running);
	json_number(j, "shorter", (int64_t)x->shorter);
	json_number(j, "known", (int64_t)x->there);
	json_array(j, "left_out");
	for (int i = 0; i < LEAVINGS; i++) {
		if (x->left[i] == 0)
			continue;
		json_object(j, NULL);
		json_text(j, "reason", intake_word(i));
		json_number(j, "bans", (int64_t)x->left[i]);
		json_text(j, "example", x->example[i]);
		json_end(j);
	}
	json_end(j);
	json_number(j, "restores", (int64_t)m->restores);
	json_number(j, "ends", (int64_t)m->ends);
	json_number(j, "bad", (int64_t)m->bad);
	bad_json(m, j);
	return json_finish(j) < 0 ? edge_memory() : STATUS_OK;
}
