/*
 * allow: the allow list, for all jails of the database: who is never banned.
 *
 * Here an address is meant to the letter: a single host stands for itself.
 */
#include "saslban/allow.h"

#include <stdio.h>
#include <string.h>

#include "allowance.h"
#include "options.h"
#include "saslban/duration.h"
#include "table.h"
#include "verb.h"

/* The operands behind the word that says what is to be done with them. */
static enum status read_entries(struct allowance *o)
{
	const struct cli *c = o->cli;
	struct subject subject;
	enum status status;

	for (size_t i = 2; i < c->words; i++) {
		status = subject_read(&subject, c->word[i]);
		if (status != STATUS_OK)
			return status;
		o->entry[o->n++] = (struct allow){.address = subject.given};
	}
	return STATUS_OK;
}

/* ---- del ---- */

static int delete_entries(struct allowance *o, bool gone[CLI_OPERANDS],
			  struct fault *why)
{
	size_t n;

	for (size_t i = 0; i < o->n; i++) {
		if (allow_delete(o->pardon.session.store, &o->entry[i].address,
				 &n, why) < 0)
			return -1;
		gone[i] = n > 0;
	}
	return 0;
}

static enum status deleted(const struct allowance *o,
			   const bool gone[CLI_OPERANDS])
{
	const struct cli *c = o->cli;
	enum status status = STATUS_OK;
	struct json *j = c->json ? json_begin(c->out.file) : NULL;
	char text[ADDRESS_TEXT];

	json_number(j, "now", c->now);
	json_array(j, "deleted");
	for (size_t i = 0; i < o->n; i++) {
		address_print(&o->entry[i].address, text);
		if (!gone[i])
			status =
				edge_end(STATUS_NOTHING,
					 "'%s' is not in the allow list", text);
		else if (c->json)
			json_text(j, NULL, text);
		else
			fprintf(c->out.file, "not allowed any more: %s\n",
				text);
	}
	if (c->json && json_finish(j) < 0)
		return edge_memory();
	return status;
}

static enum status del(struct allowance *o)
{
	struct session *s = &o->pardon.session;
	enum status status = session_open(s, o->cli, STORE_WRITE);
	bool gone[CLI_OPERANDS] = {false};
	struct fault why;

	if (status != STATUS_OK)
		return status;
	if (store_begin(s->store, &why) < 0 ||
	    store_end(s->store, delete_entries(o, gone, &why), &why) < 0)
		status = edge_fail(&why);
	else
		status = deleted(o, gone);
	session_close(s);
	return status;
}

/* ---- list ---- */

static const struct column columns[] = {
	{.heading = "ADDRESS"},
	{.heading = "SINCE", .kind = COLUMN_TIME, .spare = 1},
	{.heading = "LEFT", .kind = COLUMN_NUMBER},
	{.heading = "BY", .spare = 2},
	{.heading = "COMMENT", .below = true},
	{.heading = NULL},
};

struct listing {
	const struct cli *cli;
	struct table *table; /* for people, or */
	struct json *json;   /* for programs */
};

static int see_entry(void *context, const struct allow *a)
{
	struct listing *l = context;
	int64_t now = l->cli->now;
	char text[ADDRESS_TEXT], since[OUTPUT_TIME], left[DURATION_TEXT];

	if (l->cli->json) {
		allowance_json(l->json, a, now);
		return 0;
	}
	table_cell(l->table, PLAIN, "%s", address_print(&a->address, text));
	table_cell(l->table, PLAIN, "%s", output_time(a->at, since));
	table_cell(l->table, PLAIN, "%s", output_left(a->until, now, left));
	table_cell(l->table, PLAIN, "%s", a->by);
	table_cell(l->table, PLAIN, "%s", a->comment);
	return 0;
}

static enum status print_list(struct listing *l, struct store *s)
{
	enum status status = STATUS_OK;
	struct fault why;

	l->table = table_open(columns, &l->cli->out);
	if (allow_each(s, l->cli->now, see_entry, l, &why) < 0)
		status = edge_fail(&why);
	else if (l->table != NULL && table_rows(l->table) == 0)
		fputs("the allow list is empty\n", l->cli->out.file);
	else if (table_print(l->table, 0, true) < 0)
		status = edge_memory();
	table_close(l->table);
	return status;
}

static enum status list_json(struct listing *l, struct store *s)
{
	enum status status = STATUS_OK;
	struct fault why;

	l->json = json_begin(l->cli->out.file);
	json_number(l->json, "now", l->cli->now);
	json_array(l->json, "allow");
	if (allow_each(s, l->cli->now, see_entry, l, &why) < 0)
		status = edge_fail(&why);
	return json_finish(l->json) < 0 ? edge_memory() : status;
}

static enum status list_entries(struct allowance *o)
{
	struct listing l = {.cli = o->cli};
	struct session *s = &o->pardon.session;
	enum status status = session_open(s, o->cli, STORE_READ);

	if (status != STATUS_OK)
		return status;
	status = o->cli->json ? list_json(&l, s->store)
			      : print_list(&l, s->store);
	session_close(s);
	return status;
}

/* ---- the verb ---- */

struct action {
	const char *name;
	enum status (*run)(struct allowance *o);
	bool operands; /* some, or none */
	uint64_t options;
};

/* The first is what is done when none is named. */
static const struct action actions[] = {
	{"list", list_entries, false, 0},
	{"add", allowance_add, true, OPTION_FOR | OPTION_REASON | OPTION_FORCE},
	{"del", del, true, 0},
};

static const struct action *find_action(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

enum status verb_allow(const struct cli *c)
{
	const struct action *a =
		c->words < 2 ? &actions[0] : find_action(c->word[1]);
	struct allowance o = {.cli = c, .pardon = {.cli = c}};
	enum status status;
	uint64_t strange;

	if (a == NULL)
		return edge_end(STATUS_USAGE,
				"'allow' has no use for '%s'; allowed: add, "
				"del, list",
				c->word[1]);
	strange = c->given & ~a->options;
	if (strange != 0)
		return edge_end(STATUS_USAGE,
				"'allow %s' takes no option '--%s'", a->name,
				options_name(strange));
	if (a->operands && c->words < 3)
		return edge_end(STATUS_USAGE,
				"'allow %s' needs ADDRESS[/PREFIX]", a->name);
	if (!a->operands && c->words > 2)
		return edge_end(STATUS_USAGE, "'allow %s' has no use for '%s'",
				a->name, c->word[2]);
	status = read_entries(&o);
	return status == STATUS_OK ? a->run(&o) : status;
}
