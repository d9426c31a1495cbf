/* bantext: see bantext.h. */
#include "bantext.h"

#include <inttypes.h>

#include "saslban/duration.h"

enum ban_state bantext_state(const struct offense *o, int64_t now)
{
	if (o->lifted != 0)
		return BAN_LIFTED;
	if (o->ended != 0 && o->ended < o->until)
		return BAN_REPLACED;
	/* The engine marks the end some moments after it; the time counts. */
	if (o->ended != 0 || o->until <= now)
		return BAN_EXPIRED;
	if (o->observed)
		return BAN_OBSERVED;
	return o->held > now ? BAN_ACTIVE : BAN_PENDING;
}

bool bantext_runs(const struct offense *o, int64_t now)
{
	return bantext_state(o, now) <= BAN_OBSERVED;
}

struct look {
	const char *word;
	enum style style;
};

static const struct look looks[] = {
	[BAN_ACTIVE] = {"active", PLAIN},
	[BAN_PENDING] = {"pending", CARE},
	[BAN_OBSERVED] = {"observed", CARE},
	[BAN_EXPIRED] = {"expired", FAINT},
	[BAN_LIFTED] = {"lifted", FAINT},
	[BAN_REPLACED] = {"replaced", FAINT},
};

const char *bantext_word(enum ban_state state)
{
	return looks[state].word;
}

enum style bantext_style(enum ban_state state)
{
	return looks[state].style;
}

/* ---- for people ---- */

const struct column bantext_columns[] = {
	{.heading = "SINCE", .kind = COLUMN_TIME},
	{.heading = "ADDRESS"},
	{.heading = "JAIL"},
	{.heading = "STRIKE", .kind = COLUMN_NUMBER},
	{.heading = "LENGTH", .kind = COLUMN_NUMBER},
	{.heading = "STATE"},
	{.heading = "FAILURES", .kind = COLUMN_NUMBER, .spare = 2},
	{.heading = "LATE", .kind = COLUMN_NUMBER, .spare = 1},
	{.heading = "WHY", .below = true},
	{.heading = NULL},
};

/* Why, what it has dropped, and how it was ended if a person did that. */
static void why_cell(struct table *t, enum style style, const struct offense *o)
{
	char when[OUTPUT_TIME], dropped[DROPPED_TEXT] = "";
	const char *mark = o->dropped.packets == 0 ? "" : "; dropped ";

	if (o->dropped.packets > 0)
		dropped_print(&o->dropped, dropped);
	if (o->lifted == 0)
		table_cell(t, style, "%s%s%s", o->why, mark, dropped);
	else
		table_cell(t, style, "%s%s%s; lifted %s by %s%s%s", o->why,
			   mark, dropped, output_time(o->lifted, when),
			   o->lifted_by, o->lifted_why[0] == '\0' ? "" : ": ",
			   o->lifted_why);
}

void bantext_row(struct table *t, const struct offense *o, int64_t now)
{
	enum ban_state state = bantext_state(o, now);
	enum style style = bantext_style(state);
	char address[ADDRESS_TEXT];
	char since[OUTPUT_TIME];
	char length[DURATION_TEXT];

	table_cell(t, style, "%s", output_time(o->at, since));
	table_cell(t, style, "%s", address_print(&o->address, address));
	table_cell(t, style, "%s", o->jail_name);
	table_cell(t, style, "%u", o->strike);
	table_cell(t, style, "%s",
		   duration_length(duration_left(o->until, o->at), length));
	table_cell(t, style, "%s", bantext_word(state));
	table_cell(t, style, "%" PRId64, o->failures);
	table_cell(t, style, "%" PRId64, o->late);
	why_cell(t, style, o);
}

/* ---- for programs ---- */

/* Text that may be missing. */
static void text_or_null(struct json *j, const char *key, const char *text)
{
	if (text[0] == '\0')
		json_null(j, key);
	else
		json_text(j, key, text);
}

void bantext_members(struct json *j, const struct offense *o, int64_t now)
{
	char address[ADDRESS_TEXT];
	bool runs = bantext_runs(o, now);

	json_number(j, "id", o->id);
	json_text(j, "address", address_print(&o->address, address));
	json_text(j, "jail", o->jail_name);
	json_text(j, "state", bantext_word(bantext_state(o, now)));
	json_number(j, "strike", o->strike);
	json_text(j, "ground", ground_word(o->ground));
	json_number(j, "at", o->at);
	json_time(j, "until", o->until);
	json_duration(j, "left", runs ? duration_left(o->until, now) : 0);
	json_number(j, "failures", o->failures);
	json_number(j, "late", o->late);
	json_number(j, "packets", o->dropped.packets);
	json_number(j, "bytes", o->dropped.bytes);
	json_text(j, "why", o->why);
	json_time(j, "held", runs ? o->held : 0);
	json_time(j, "ended", o->ended);
	json_time(j, "lifted", o->lifted);
	text_or_null(j, "lifted_by", o->lifted_by);
	text_or_null(j, "lifted_why", o->lifted_why);
}

void bantext_json(struct json *j, const char *key, const struct offense *o,
		  int64_t now)
{
	json_object(j, key);
	bantext_members(j, o, now);
	json_end(j);
}
