/* doctor: is everything as it should be for a ban to take effect? */
#include "verb.h"

#include <errno.h>
#include <unistd.h>

#include "exam.h"
#include "json.h"

struct check {
	void (*run)(struct exam *x);
	bool inside; /* it needs the database */
};

/* In the order of a ban: from the line to the packet. */
static const struct check checks[] = {
	{check_database, false}, {check_directory, false},
	{check_space, false},    {check_integrity, true},
	{check_process, false},  {check_engines, true},
	{check_unit, false},     {check_config, false},
	{check_filters, true},   {check_lines, true},
	{check_origin, false},   {check_kernel, false},
	{check_sets, true},      {check_rules, true},
	{check_outlets, true},   {check_clock, false},
	{check_dates, true},
};

/* A monitor knows these three. What could not be seen is not well. */
static enum status status_of(const struct findings *f)
{
	if (f->lost)
		return edge_memory();
	if (findings_count(f, FINDING_FAIL) > 0)
		return STATUS_FINDINGS;
	if (findings_count(f, FINDING_WARN) + findings_count(f, FINDING_SKIP) >
	    0)
		return STATUS_WARNINGS;
	return STATUS_OK;
}

static const char *word_of(enum status status)
{
	return status == STATUS_OK         ? "ok"
	       : status == STATUS_WARNINGS ? "warn"
					   : "fail";
}

static enum status show(const struct exam *x)
{
	const struct cli *c = x->cli;
	enum status status = status_of(&x->findings);
	struct json *j;

	if (!c->json) {
		findings_print(&x->findings, &c->out);
		return status;
	}
	j = json_begin(c->out.file);
	json_number(j, "now", c->now);
	json_text(j, "database", c->database);
	json_text(j, "level", word_of(status));
	findings_json(&x->findings, j);
	return json_finish(j) < 0 ? edge_memory() : status;
}

enum status verb_doctor(const struct cli *c)
{
	struct exam x = {.cli = c};
	const struct jail *only = NULL;
	enum status status = STATUS_OK;

	x.open = session_try(&x.session, c, STORE_READ, &x.shut) == 0;
	x.unseen = !x.open && access(c->database, R_OK) != 0 &&
		   errno == EACCES && geteuid() != 0;
	if (x.open)
		status = session_wanted(&x.session, c, &only);
	process_find(&x.process, c->database);
	for (size_t i = 0;
	     status == STATUS_OK && i < sizeof(checks) / sizeof(checks[0]); i++)
		if (x.open || !checks[i].inside)
			checks[i].run(&x);
	if (status == STATUS_OK)
		status = show(&x);
	findings_close(&x.findings);
	if (x.open)
		session_close(&x.session);
	return status;
}
