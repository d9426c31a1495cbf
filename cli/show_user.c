/* show_user: see show_user.h. */
#include "show_user.h"

#include <inttypes.h>

#include "evidence.h"
#include "geography.h"
#include "json.h"
#include "saslban/attempt.h"
#include "saslban/login.h"
#include "table.h"
#include "text.h"

enum { INDENT = 2, WIDTH = 10 };

struct account {
	const struct cli *cli;
	const struct session *session;
	const char *user;
	int64_t jail; /* 0: all */
	struct evidence evidence;
	struct table *attempts; /* for people, or */
	struct table *logins;
	struct json *json; /* for programs */
	bool known;
};

#define TIME_COLUMNS                                      \
	{.heading = "FIRST", .kind = COLUMN_TIME},        \
		{.heading = "LAST", .kind = COLUMN_TIME}, \
	{                                                 \
		.heading = NULL                           \
	}
#define ATTEMPT_COLUMNS                  \
	{.heading = "JAIL", .spare = 1}, \
		{.heading = "FAILURES", .kind = COLUMN_NUMBER}, TIME_COLUMNS

static const struct column attempt_columns[] = {{.heading = "HOST"},
						ATTEMPT_COLUMNS};
static const struct column attempt_placed[] = {
	{.heading = "HOST"}, GEOGRAPHY_COLUMNS, ATTEMPT_COLUMNS};
static const struct column login_columns[] = {{.heading = "ADDRESS"},
					      TIME_COLUMNS};
static const struct column login_placed[] = {
	{.heading = "ADDRESS"}, GEOGRAPHY_COLUMNS, TIME_COLUMNS};

static int see_attempt(void *context, const struct attempt *a)
{
	struct account *x = context;
	const struct jail *jail = session_jail(x->session, a->jail);
	const char *name = jail == NULL ? "" : jail->settings.name;
	char host[ADDRESS_TEXT], at[OUTPUT_TIME];

	x->known = true;
	address_print(&a->host, host);
	if (x->json != NULL) {
		json_object(x->json, NULL);
		json_text(x->json, "host", host);
		geography_json(x->json, x->session->geo, &a->host);
		json_text(x->json, "jail", name);
		json_number(x->json, "count", a->count);
		json_number(x->json, "first", a->first);
		json_number(x->json, "last", a->last);
		json_end(x->json);
		return 0;
	}
	table_cell(x->attempts, PLAIN, "%s", host);
	geography_cells(x->attempts, PLAIN, x->session->geo, &a->host);
	table_cell(x->attempts, PLAIN, "%s", name);
	table_cell(x->attempts, PLAIN, "%" PRId64, a->count);
	table_cell(x->attempts, PLAIN, "%s", output_time(a->first, at));
	table_cell(x->attempts, PLAIN, "%s", output_time(a->last, at));
	return 0;
}

static int see_login(void *context, const struct login *l)
{
	struct account *x = context;
	char address[ADDRESS_TEXT], at[OUTPUT_TIME];

	x->known = true;
	address_print(&l->address, address);
	if (x->json != NULL) {
		json_object(x->json, NULL);
		json_text(x->json, "address", address);
		geography_json(x->json, x->session->geo, &l->address);
		json_number(x->json, "first", l->first);
		json_number(x->json, "last", l->last);
		json_end(x->json);
		return 0;
	}
	table_cell(x->logins, PLAIN, "%s", address);
	geography_cells(x->logins, PLAIN, x->session->geo, &l->address);
	table_cell(x->logins, PLAIN, "%s", output_time(l->first, at));
	table_cell(x->logins, PLAIN, "%s", output_time(l->last, at));
	return 0;
}

/* A key is only used for programs. */
static int take(struct account *x, struct fault *why)
{
	struct store *s = x->session->store;

	if (x->json != NULL)
		json_array(x->json, "attempts");
	if (attempt_each(s, x->jail, x->user, 0, see_attempt, x, why) < 0)
		return -1;
	if (x->json != NULL) {
		json_end(x->json);
		json_array(x->json, "logins");
	}
	if (login_of_user(s, x->user, 0, see_login, x, why) < 0)
		return -1;
	if (x->json != NULL) {
		json_end(x->json);
		evidence_breaches_json(&x->evidence, x->json);
	}
	return 0;
}

static int print_table(const struct output *o, const struct table *t,
		       const char *heading)
{
	if (t != NULL && table_rows(t) == 0)
		return 0;
	fputc('\n', o->file);
	output_print(o, STRONG, "%s", heading);
	fputc('\n', o->file);
	return table_print(t, INDENT, true);
}

static enum status print_account(struct account *x)
{
	const struct output *o = &x->cli->out;
	bool placed = x->session->geo != NULL;
	enum status status = STATUS_OK;
	struct fault why;

	x->attempts = table_open(placed ? attempt_placed : attempt_columns, o);
	x->logins = table_open(placed ? login_placed : login_columns, o);
	if (take(x, &why) < 0) {
		status = edge_fail(&why);
	} else if (x->known) {
		output_style(o, STRONG);
		text_show(o->file, x->user, o->utf8);
		output_style(o, PLAIN);
		fputc('\n', o->file);
		evidence_print_breaches(&x->evidence, o, INDENT, WIDTH, "");
		if (print_table(o, x->attempts, "failures") < 0 ||
		    print_table(o, x->logins, "logins") < 0)
			status = edge_memory();
	}
	table_close(x->attempts);
	table_close(x->logins);
	return status;
}

static enum status account_json(struct account *x)
{
	enum status status = STATUS_OK;
	struct fault why;

	x->json = json_begin(x->cli->out.file);
	json_number(x->json, "now", x->cli->now);
	json_text(x->json, "user", x->user);
	if (take(x, &why) < 0)
		status = edge_fail(&why);
	return json_finish(x->json) < 0 ? edge_memory() : status;
}

enum status show_user(const struct session *s, const struct cli *c,
		      const struct jail *only)
{
	struct account x = {.cli = c,
			    .session = s,
			    .user = c->word[1],
			    .jail = only == NULL ? 0 : only->id};
	const struct evidence_query q = {.jail = x.jail, .user = x.user};
	enum status status;
	struct fault why;

	if (evidence_take(&x.evidence, s->store, &q, &why) < 0)
		return edge_fail(&why);
	x.known = x.evidence.breaches > 0;
	status = c->json ? account_json(&x) : print_account(&x);
	if (status == STATUS_OK && !x.known)
		return edge_end(STATUS_NOTHING, "nothing is known of '%s'",
				x.user);
	return status;
}
