/* list: the bans that are wanted, newest first unless --sort says otherwise. */
#include "verb.h"

#include <inttypes.h>

#include "bantext.h"
#include "choice.h"
#include "csv.h"
#include "geography.h"
#include "json.h"
#include "kernel.h"
#include "saslban/duration.h"
#include "session.h"
#include "table.h"

#define COLUMNS                                                             \
	{.heading = "JAIL"}, {.heading = "STRIKE", .kind = COLUMN_NUMBER},  \
		{.heading = "SINCE", .kind = COLUMN_TIME},                  \
		{.heading = "LEFT", .kind = COLUMN_NUMBER},                 \
		{.heading = "FAILURES", .kind = COLUMN_NUMBER, .spare = 2}, \
		{.heading = "DROPPED", .kind = COLUMN_NUMBER, .spare = 1},  \
		{.heading = "STATE"}, {.heading = "WHY", .below = true},    \
	{                                                                   \
		.heading = NULL                                             \
	}

static const struct column columns[] = {{.heading = "ADDRESS"}, COLUMNS};
static const struct column placed_columns[] = {
	{.heading = "ADDRESS"}, GEOGRAPHY_COLUMNS, COLUMNS};

/* So many bans, the first, are enough for a terminal. */
enum { SCREEN = 1000 };

struct listing {
	const struct cli *cli;
	const struct session *session;
	const struct jail *jail; /* NULL: all */
	struct table *table;     /* for people, or */
	struct json *json;       /* for programs, or */
	struct csv csv;          /* for spreadsheets */
	struct calendar calendar;
	struct choice choice;
	bool screen; /* SCREEN is the limit ... */
	bool more;   /* ... and was reached */
};

static int each_ban(struct listing *l,
		    int (*see)(void *context, const struct offense *o),
		    struct fault *why)
{
	struct offense_query *q = &l->choice.query;

	q->jail = l->jail == NULL ? 0 : l->jail->id;
	return offense_each(l->session->store, q, see, l, why);
}

/* Of each set once what no ban wants in it. */
static int each_unwanted(struct listing *l,
			 int (*see)(void *context,
				    const struct kernel_entry *e),
			 struct fault *why)
{
	const struct session *s = l->session;

	if (!l->cli->kernel)
		return 0;
	for (size_t i = 0; i < s->jails; i++) {
		const struct jail *j = &s->jail[i];

		if (l->jail == NULL ? !session_has_sets(s, j)
				    : l->jail != j || !j->settings.enforce)
			continue;
		if (kernel_each_unwanted(s, j, l->cli->now, see, l, why) < 0)
			return -1;
	}
	return 0;
}

/* Of what the kernel has only the network can be chosen. */
static bool is_chosen(const struct listing *l, const struct kernel_entry *e)
{
	const struct address *a = &e->seen.address;
	const struct address *at = l->choice.query.at;

	return at == NULL || address_contains(a, at) || address_contains(at, a);
}

/* ---- for people ---- */

static int add_row(void *context, const struct offense *o)
{
	struct listing *l = context;
	int64_t now = l->cli->now;
	enum ban_state state = bantext_state(o, now);
	enum style style = bantext_style(state);
	char address[ADDRESS_TEXT];
	char since[OUTPUT_TIME];
	char left[DURATION_TEXT] = "-";

	l->more = l->screen && table_rows(l->table) == SCREEN;
	if (l->more)
		return 0;
	if (bantext_runs(o, now))
		output_left(o->until, now, left);
	table_text(l->table, style, address_print(&o->address, address));
	geography_cells(l->table, style, l->session->geo, &o->address);
	table_text(l->table, style, o->jail_name);
	table_number(l->table, style, o->strike);
	table_text(l->table, style, output_time_of(&l->calendar, o->at, since));
	table_text(l->table, style, left);
	/* Neither is more than half of INT64_MAX. */
	table_number(l->table, style, o->failures + o->late);
	table_number(l->table, style, o->dropped.packets);
	table_text(l->table, style, bantext_word(state));
	table_text(l->table, style, o->why);
	return 0;
}

static int add_unwanted_row(void *context, const struct kernel_entry *e)
{
	struct listing *l = context;
	char address[ADDRESS_TEXT];
	char left[DURATION_TEXT];

	if (!is_chosen(l, e))
		return 0;
	table_cell(l->table, CARE, "%s",
		   address_print(&e->seen.address, address));
	geography_cells(l->table, CARE, l->session->geo, &e->seen.address);
	table_cell(l->table, CARE, "-");
	table_cell(l->table, CARE, "-");
	table_cell(l->table, CARE, "-");
	table_cell(l->table, CARE, "%s", output_left(kernel_left(e), 0, left));
	table_cell(l->table, CARE, "-");
	table_cell(l->table, CARE, "%" PRIu64, e->seen.packets);
	table_cell(l->table, CARE, "%s", kernel_cause_word(e->cause));
	table_cell(l->table, CARE, "in set %s", e->set);
	return 0;
}

static enum status print_table(const struct listing *l)
{
	const struct cli *c = l->cli;

	if (table_rows(l->table) == 0)
		fprintf(c->out.file, "no bans%s%s\n", c->all ? "" : " running",
			choice_is_narrow(&l->choice) ? " that fit" : "");
	else if (table_print(l->table, 0, true) < 0)
		return edge_memory();
	if (l->more)
		output_print(&c->out, FAINT,
			     "and more: these are the first %d; --limit 0 has "
			     "all of them\n",
			     SCREEN);
	return STATUS_OK;
}

/* The bans are printed even if the kernel cannot be asked for more. */
static enum status print_list(struct listing *l)
{
	enum status asked = STATUS_OK;
	enum status status;
	struct fault why;

	l->table =
		table_open(l->session->geo == NULL ? columns : placed_columns,
			   &l->cli->out);
	l->screen = l->cli->limit == NULL && l->cli->out.columns > 0;
	if (l->screen)
		l->choice.query.limit = SCREEN + 1;
	if (each_ban(l, add_row, &why) < 0) {
		status = edge_fail(&why);
	} else {
		if (each_unwanted(l, add_unwanted_row, &why) < 0)
			asked = edge_fail(&why);
		status = print_table(l);
	}
	table_close(l->table);
	return status != STATUS_OK ? status : asked;
}

/* ---- for programs ---- */

static int add_object(void *context, const struct offense *o)
{
	struct listing *l = context;

	json_object(l->json, NULL);
	bantext_members(l->json, o, l->cli->now);
	geography_json(l->json, l->session->geo, &o->address);
	json_end(l->json);
	return 0;
}

static int add_unwanted_object(void *context, const struct kernel_entry *e)
{
	struct listing *l = context;
	char address[ADDRESS_TEXT];

	if (!is_chosen(l, e))
		return 0;
	json_object(l->json, NULL);
	json_text(l->json, "set", e->set);
	json_text(l->json, "address", address_print(&e->seen.address, address));
	json_text(l->json, "state", kernel_cause_word(e->cause));
	json_duration(l->json, "left", kernel_left(e));
	json_number(l->json, "packets", (int64_t)e->seen.packets);
	json_number(l->json, "bytes", (int64_t)e->seen.bytes);
	geography_json(l->json, l->session->geo, &e->seen.address);
	json_end(l->json);
	return 0;
}

static enum status list_json(struct listing *l)
{
	enum status status = STATUS_OK;
	struct fault why;

	l->json = json_begin(l->cli->out.file);
	json_number(l->json, "now", l->cli->now);
	json_array(l->json, "bans");
	if (each_ban(l, add_object, &why) < 0)
		status = edge_fail(&why);
	json_end(l->json);
	if (l->cli->kernel)
		json_array(l->json, "unwanted");
	if (status == STATUS_OK &&
	    each_unwanted(l, add_unwanted_object, &why) < 0)
		status = edge_fail(&why);
	if (json_finish(l->json) < 0)
		status = edge_memory();
	return status;
}

/* ---- for spreadsheets ---- */

#define HEADINGS                                                       \
	"address", "jail", "strike", "at", "until", "ended", "lifted", \
		"failures", "late", "packets", "state", "why"

static const char *const headings[] = {HEADINGS, NULL};
static const char *const placed_headings[] = {HEADINGS, GEOGRAPHY_HEADINGS,
					      NULL};

static int add_line(void *context, const struct offense *o)
{
	struct listing *l = context;
	char address[ADDRESS_TEXT];

	csv_text(&l->csv, address_print(&o->address, address));
	csv_text(&l->csv, o->jail_name);
	csv_number(&l->csv, o->strike);
	csv_time(&l->csv, o->at);
	csv_time(&l->csv, o->until);
	csv_time(&l->csv, o->ended);
	csv_time(&l->csv, o->lifted);
	csv_number(&l->csv, o->failures);
	csv_number(&l->csv, o->late);
	csv_number(&l->csv, o->dropped.packets);
	csv_text(&l->csv, bantext_word(bantext_state(o, l->cli->now)));
	csv_text(&l->csv, o->why);
	geography_csv(&l->csv, l->session->geo, &o->address);
	csv_end(&l->csv);
	return 0;
}

static int add_unwanted_line(void *context, const struct kernel_entry *e)
{
	struct listing *l = context;
	char address[ADDRESS_TEXT];
	int64_t until = duration_after(l->cli->now, kernel_left(e));

	if (!is_chosen(l, e))
		return 0;
	csv_text(&l->csv, address_print(&e->seen.address, address));
	csv_empty(&l->csv, 3);
	csv_time(&l->csv, until);
	csv_empty(&l->csv, 4);
	csv_number(&l->csv, (int64_t)e->seen.packets);
	csv_text(&l->csv, kernel_cause_word(e->cause));
	csv_text(&l->csv, e->set);
	geography_csv(&l->csv, l->session->geo, &e->seen.address);
	csv_end(&l->csv);
	return 0;
}

static enum status list_csv(struct listing *l)
{
	struct fault why;

	csv_begin(&l->csv, l->cli->out.file,
		  l->session->geo == NULL ? headings : placed_headings);
	if (each_ban(l, add_line, &why) < 0 ||
	    each_unwanted(l, add_unwanted_line, &why) < 0)
		return edge_fail(&why);
	return STATUS_OK;
}

static enum status list(struct listing *l)
{
	if (l->cli->csv)
		return list_csv(l);
	return l->cli->json ? list_json(l) : print_list(l);
}

enum status verb_list(const struct cli *c)
{
	struct session s;
	struct listing l = {.cli = c, .session = &s};
	enum status status = choice_read(&l.choice, c);

	if (status == STATUS_OK)
		status = session_open(&s, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	geography_open(&s);
	status = session_wanted(&s, c, &l.jail);
	if (status == STATUS_OK)
		status = list(&l);
	session_close(&s);
	return status;
}
