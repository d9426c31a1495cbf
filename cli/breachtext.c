/* breachtext: see breachtext.h. */
#include "breachtext.h"

const struct column breachtext_columns[] = {
	{.heading = "AT", .kind = COLUMN_TIME},
	{.heading = "USER", .min = 12},
	{.heading = "ADDRESS"},
	{.heading = "WHY", .below = true},
	{.heading = NULL}};

void breachtext_row(struct table *t, const struct breach_row *b)
{
	char at[OUTPUT_TIME], address[ADDRESS_TEXT];

	table_cell(t, PLAIN, "%s", output_time(b->at, at));
	table_cell(t, BAD, "%s", b->user);
	table_cell(t, PLAIN, "%s", address_print(&b->host, address));
	table_cell(t, PLAIN, "%s", b->why);
}

void breachtext_json(struct json *j, const struct breach_row *b)
{
	char address[ADDRESS_TEXT];

	json_object(j, NULL);
	json_text(j, "user", b->user);
	json_text(j, "ip", address_print(&b->host, address));
	json_number(j, "at", b->at);
	json_text(j, "kind", b->kind);
	json_text(j, "why", b->why);
	json_end(j);
}
