/*
 * export: bans in a form that others read.
 *
 * Two kinds of forms: those that have every ban, with all that is known of it,
 * and those that have each address once, for programs that keep it out.
 */
#include "export.h"

#include <string.h>

#include "flow.h"
#include "outfile.h"
#include "verb.h"

enum { FORMATS = 128 /* bytes of their names in a message */ };
enum { FILE_MODE = 0644 };

static const struct export_format formats[] = {
	{.name = "list", .all = export_list},
	{.name = "csv",
	 .oldest = true,
	 .begin = export_csv_begin,
	 .ban = export_csv},
	{.name = "md",
	 .begin = export_md_begin,
	 .ban = export_md,
	 .end = export_md_end},
	{.name = "json",
	 .oldest = true,
	 .begin = export_json_begin,
	 .ban = export_json,
	 .end = export_json_end},
	{.name = "ipset", .timeouts = true, .sets = true, .all = export_ipset},
	{.name = "nft", .timeouts = true, .sets = true, .all = export_nft},
	{.name = "postfix", .all = export_postfix},
};

enum { N_FORMATS = sizeof(formats) / sizeof(formats[0]) };

/* ---- the command line ---- */

static enum status find_format(const struct cli *c,
			       const struct export_format **out)
{
	const char *name = c->json ? "json" : c->csv ? "csv" : c->format;
	char all[FORMATS] = "";

	*out = &formats[0];
	if (name == NULL)
		return STATUS_OK;
	if (c->format != NULL && strcmp(c->format, name) != 0)
		return edge_end(STATUS_USAGE, "--format %s or --%s, not both",
				c->format, name);
	for (size_t i = 0; i < N_FORMATS; i++) {
		*out = &formats[i];
		if (strcmp(formats[i].name, name) == 0)
			return STATUS_OK;
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 i == 0 ? "" : ", ", formats[i].name);
	}
	return edge_end(STATUS_USAGE,
			"--format '%s' is not allowed; allowed: %s", name, all);
}

/* ---- the bans ---- */

/* A list is of those who are kept out, or were: not of those who would have
 * been, or who were pardoned. */
static int collect(void *context, const struct offense *o)
{
	struct export_call *e = context;
	const struct jail *jail = session_jail(e->session, o->jail);
	struct offender one = {
		.address = o->address, .until = o->until, .strike = o->strike};

	if (o->observed || o->lifted != 0 || jail == NULL)
		return 0;
	one.set = jail->settings.set;
	e->bans++;
	if (offenders_add(&e->offenders, &one) < 0)
		return fault_set(&e->why, FAULT_MEMORY, "out of memory");
	return 0;
}

static int write_ban(void *context, const struct offense *o)
{
	struct export_call *e = context;

	e->bans++;
	return e->format->ban(e, o);
}

static int write_all(struct export_call *e)
{
	const struct export_format *f = e->format;
	struct offense_query q = e->choice.query;

	q.jail = e->jail == NULL ? 0 : e->jail->id;
	q.sort = f->oldest ? OFFENSE_OLDEST : OFFENSE_NEWEST;
	if (f->all != NULL) {
		if (offense_each(e->session->store, &q, collect, e, &e->why) <
		    0)
			return -1;
		offenders_merge(&e->offenders, f->sets);
		e->addresses = e->offenders.n;
		return f->all(e);
	}
	if (f->begin(e) < 0)
		return -1;
	if (offense_each(e->session->store, &q, write_ban, e, &e->why) < 0)
		return -1;
	return f->end == NULL ? 0 : f->end(e);
}

/* ---- where to ---- */

static void tell(const struct export_call *e)
{
	bool each = e->format->all == NULL;
	size_t n = each ? e->bans : e->addresses;
	const char *one = each ? "ban" : "address";
	const char *more = each ? "bans" : "addresses";
	struct flow flow;

	flow_begin(&flow, &e->cli->out, 0, "");
	flow_put(&flow, PLAIN, "wrote %zu %s to '%s'", n, n == 1 ? one : more,
		 e->cli->to);
	flow_end(&flow);
}

static enum status write_out(struct export_call *e)
{
	struct outfile out;

	e->file = e->cli->out.file;
	if (e->cli->to == NULL)
		return write_all(e) < 0 ? edge_fail(&e->why) : STATUS_OK;
	if (outfile_open(&out, e->cli->to, FILE_MODE, &e->why) < 0)
		return edge_fail(&e->why);
	e->file = out.file;
	if (write_all(e) < 0) {
		outfile_abandon(&out);
		return edge_fail(&e->why);
	}
	if (outfile_commit(&out, &e->why) < 0)
		return edge_fail(&e->why);
	tell(e);
	return STATUS_OK;
}

/* ---- the verb ---- */

enum status verb_export(const struct cli *c)
{
	struct session s;
	struct export_call e = {.cli = c, .session = &s};
	enum status status = find_format(c, &e.format);

	if (status == STATUS_OK && c->all && e.format->timeouts)
		status = edge_end(STATUS_USAGE,
				  "--all does not go with --format %s: what is "
				  "over is in no set",
				  e.format->name);
	if (status == STATUS_OK)
		status = choice_read(&e.choice, c);
	if (status == STATUS_OK)
		status = session_open(&s, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	status = session_wanted(&s, c, &e.jail);
	if (status == STATUS_OK)
		status = write_out(&e);
	offenders_free(&e.offenders);
	session_close(&s);
	return status;
}
