/*
 * export_rows: the forms that have every ban.
 *
 * csv and json have all that is known of it, and `saslbanctl import` reads
 * them back to the same.
 */
#include "export.h"

#include <inttypes.h>

#include "bantext.h"
#include "markup.h"
#include "saslban/duration.h"
#include "saslban/plural.h"
#include "stamp.h"

/* ---- csv ---- */

static const char *const headings[] = {
	"address", "jail",   "strike",    "ground",     "at",       "until",
	"ended",   "lifted", "lifted_by", "lifted_why", "failures", "late",
	"packets", "bytes",  "observed",  "why",        NULL};

int export_csv_begin(struct export_call *e)
{
	csv_begin(&e->csv, e->file, headings);
	return 0;
}

static void csv_stamp(struct csv *c, int64_t at)
{
	char text[STAMP_TEXT];

	csv_text(c, stamp_print(at, text));
}

int export_csv(struct export_call *e, const struct offense *o)
{
	char address[ADDRESS_TEXT];
	struct csv *c = &e->csv;

	csv_text(c, address_print(&o->address, address));
	csv_text(c, o->jail_name);
	csv_number(c, o->strike);
	csv_text(c, ground_word(o->ground));
	csv_stamp(c, o->at);
	csv_stamp(c, o->until);
	csv_stamp(c, o->ended);
	csv_stamp(c, o->lifted);
	csv_text(c, o->lifted_by);
	csv_text(c, o->lifted_why);
	csv_number(c, o->failures);
	csv_number(c, o->late);
	csv_number(c, o->dropped.packets);
	csv_number(c, o->dropped.bytes);
	csv_number(c, o->observed);
	csv_text(c, o->why);
	csv_end(c);
	return 0;
}

/* ---- json ---- */

int export_json_begin(struct export_call *e)
{
	e->json = json_begin(e->file);
	json_text(e->json, "format", "saslban-bans");
	json_number(e->json, "version", 1);
	json_number(e->json, "now", e->cli->now);
	json_array(e->json, "bans");
	return 0;
}

int export_json(struct export_call *e, const struct offense *o)
{
	char address[ADDRESS_TEXT];
	struct json *j = e->json;

	json_object(j, NULL);
	json_text(j, "address", address_print(&o->address, address));
	json_text(j, "jail", o->jail_name);
	json_number(j, "strike", o->strike);
	json_text(j, "ground", ground_word(o->ground));
	json_number(j, "at", o->at);
	json_duration(j, "until", o->until);
	json_time(j, "ended", o->ended);
	json_time(j, "lifted", o->lifted);
	json_text(j, "lifted_by", o->lifted_by);
	json_text(j, "lifted_why", o->lifted_why);
	json_number(j, "failures", o->failures);
	json_number(j, "late", o->late);
	json_number(j, "packets", o->dropped.packets);
	json_number(j, "bytes", o->dropped.bytes);
	json_bool(j, "observed", o->observed);
	json_text(j, "why", o->why);
	json_end(j);
	return 0;
}

int export_json_end(struct export_call *e)
{
	json_end(e->json);
	if (json_finish(e->json) < 0)
		return fault_set(&e->why, FAULT_MEMORY, "out of memory");
	return 0;
}

/* ---- Markdown ---- */

int export_md_begin(struct export_call *e)
{
	const struct cli *c = e->cli;
	char at[OUTPUT_TIME];

	fprintf(e->file, "# %s\n\nAs of %s",
		c->all ? "Addresses that were banned" : "Banned addresses",
		output_time(c->now, at));
	if (e->choice.query.since != 0)
		fprintf(e->file, ", since %s",
			output_time(e->choice.query.since, at));
	if (e->choice.query.strike > 1)
		fprintf(e->file, ", from strike %u on", e->choice.query.strike);
	fputs(".\n\n"
	      "| address | jail | strike | since | until | state | why |\n"
	      "|---|---|---:|---|---|---|---|\n",
	      e->file);
	return 0;
}

int export_md(struct export_call *e, const struct offense *o)
{
	char address[ADDRESS_TEXT], at[OUTPUT_TIME], until[OUTPUT_TIME];

	fprintf(e->file, "| %s | ", address_print(&o->address, address));
	markup_markdown(e->file, o->jail_name);
	fprintf(e->file, " | %u | %s | %s | %s | ", o->strike,
		output_time(o->at, at), output_time(o->until, until),
		bantext_word(bantext_state(o, e->cli->now)));
	markup_markdown(e->file, o->why);
	fputs(" |\n", e->file);
	return 0;
}

int export_md_end(struct export_call *e)
{
	fprintf(e->file, "\n%zu ban%s\n", e->bans, plural(e->bans));
	return 0;
}
