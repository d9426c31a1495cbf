/* list: the bans, newest first. */
#include "verb.h"

#include <inttypes.h>

#include "bantext.h"
#include "json.h"
#include "saslban/duration.h"
#include "saslban/offense.h"
#include "session.h"
#include "table.h"

static const struct column columns[] = {
	{.heading = "ADDRESS"},
	{.heading = "JAIL"},
	{.heading = "STRIKE", .kind = COLUMN_NUMBER},
	{.heading = "SINCE", .kind = COLUMN_TIME},
	{.heading = "LEFT", .kind = COLUMN_NUMBER},
	{.heading = "FAILURES", .kind = COLUMN_NUMBER, .spare = 1},
	{.heading = "STATE"},
	{.heading = "WHY", .min = 9, .spare = 2},
	{.heading = NULL},
};

/* ---- for people ---- */

struct rows {
	struct table *table;
	int64_t now;
};

static int add_row(void *context, const struct offense *o)
{
	const struct rows *r = context;
	enum ban_state state = bantext_state(o, r->now);
	enum style style = bantext_style(state);
	char address[ADDRESS_TEXT];
	char since[OUTPUT_TIME];
	char left[DURATION_TEXT] = "-";

	if (bantext_runs(o, r->now))
		output_left(o->until, r->now, left);
	table_cell(r->table, style, "%s", address_print(&o->address, address));
	table_cell(r->table, style, "%s", o->jail_name);
	table_cell(r->table, style, "%u", o->strike);
	table_cell(r->table, style, "%s", output_time(o->at, since));
	table_cell(r->table, style, "%s", left);
	table_cell(r->table, style, "%" PRId64, o->failures + o->late);
	table_cell(r->table, style, "%s", bantext_word(state));
	table_cell(r->table, style, "%s", o->why);
	return 0;
}

static enum status list_table(const struct cli *c, struct store *s,
			      const struct offense_query *q)
{
	struct rows r = {table_open(columns, &c->out), c->now};
	enum status status = STATUS_OK;
	struct fault why;

	if (offense_each(s, q, add_row, &r, &why) < 0)
		status = edge_fail(&why);
	else if (table_rows(r.table) == 0)
		fprintf(c->out.file, "no bans%s\n", c->all ? "" : " running");
	else if (table_print(r.table, 0, true) < 0)
		status = edge_memory();
	table_close(r.table);
	return status;
}

/* ---- for programs ---- */

struct objects {
	struct json *json;
	int64_t now;
};

static int add_object(void *context, const struct offense *o)
{
	const struct objects *x = context;

	bantext_json(x->json, NULL, o, x->now);
	return 0;
}

static enum status list_json(const struct cli *c, struct store *s,
			     const struct offense_query *q)
{
	struct objects x = {json_begin(c->out.file), c->now};
	enum status status = STATUS_OK;
	struct fault why;

	json_number(x.json, "now", c->now);
	json_array(x.json, "bans");
	if (offense_each(s, q, add_object, &x, &why) < 0)
		status = edge_fail(&why);
	if (json_finish(x.json) < 0)
		status = edge_memory();
	return status;
}

enum status verb_list(const struct cli *c)
{
	struct offense_query q = {.running = !c->all, .now = c->now};
	const struct jail *jail;
	struct session s;
	enum status status = session_open(&s, c, STORE_READ);

	if (status != STATUS_OK)
		return status;
	status = session_wanted(&s, c, &jail);
	if (status == STATUS_OK) {
		q.jail = jail == NULL ? 0 : jail->id;
		status = c->json ? list_json(c, s.store, &q)
				 : list_table(c, s.store, &q);
	}
	session_close(&s);
	return status;
}
