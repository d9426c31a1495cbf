/* rules: which rules have matched, how often, and which never. */
#include "verb.h"

#include <inttypes.h>

#include "json.h"
#include "session.h"
#include "table.h"
#include "saslban/filter_stats.h"
#include "saslban/stats.h"

static const struct column columns[] = {
	{.heading = "JAIL"},
	{.heading = "FILTER", .min = 12},
	{.heading = "RULE", .min = 18},
	{.heading = "KIND"},
	{.heading = "HITS", .kind = COLUMN_NUMBER},
	{.heading = "OVERRUNS", .kind = COLUMN_NUMBER},
	{.heading = "FIRST", .kind = COLUMN_TIME, .spare = 1},
	{.heading = "LAST", .kind = COLUMN_TIME},
	{.heading = NULL},
};

struct rows {
	const struct session *session;
	struct table *table; /* for people, or */
	struct json *json;   /* for programs */
};

static const char *name_of(const struct rows *r, int64_t jail)
{
	const struct jail *j = session_jail(r->session, jail);

	return j == NULL ? "" : j->settings.name;
}

static enum style style_of(const struct rule_stats *rule)
{
	if (rule->overruns > 0)
		return BAD;
	return rule->hits == 0 ? FAINT : PLAIN;
}

static int add_row(void *context, const struct rule_stats *rule)
{
	const struct rows *r = context;
	enum style style = style_of(rule);
	char at[OUTPUT_TIME];

	table_cell(r->table, style, "%s", name_of(r, rule->jail));
	table_cell(r->table, style, "%s", rule->filter);
	table_cell(r->table, style, "%s", rule->name);
	table_cell(r->table, style, "%s", rule->kind);
	table_cell(r->table, style, "%" PRId64, rule->hits);
	table_cell(r->table, style, "%" PRId64, rule->overruns);
	table_cell(r->table, style, "%s", output_time(rule->first, at));
	table_cell(r->table, style, "%s", output_time(rule->last, at));
	return 0;
}

static int add_object(void *context, const struct rule_stats *rule)
{
	const struct rows *r = context;
	struct json *j = r->json;

	json_object(j, NULL);
	json_text(j, "jail", name_of(r, rule->jail));
	json_text(j, "filter", rule->filter);
	json_text(j, "rule", rule->name);
	json_text(j, "kind", rule->kind);
	json_number(j, "hits", rule->hits);
	json_number(j, "overruns", rule->overruns);
	json_time(j, "first", rule->first);
	json_time(j, "last", rule->last);
	json_text(j, "regex", rule->regex);
	json_end(j);
	return 0;
}

static enum status rules_table(const struct cli *c, struct rows *r,
			       int64_t jail)
{
	enum status status = STATUS_OK;
	struct fault why;

	r->table = table_open(columns, &c->out);
	if (stats_rule_each(r->session->store, jail, add_row, r, &why) < 0)
		status = edge_fail(&why);
	else if (table_rows(r->table) == 0)
		fputs("no rules: no engine has run with this database yet\n",
		      c->out.file);
	else if (table_print(r->table, 0, true) < 0)
		status = edge_memory();
	table_close(r->table);
	return status;
}

static enum status rules_json(const struct cli *c, struct rows *r, int64_t jail)
{
	enum status status = STATUS_OK;
	struct fault why;

	r->json = json_begin(c->out.file);
	json_number(r->json, "now", c->now);
	json_array(r->json, "rules");
	if (stats_rule_each(r->session->store, jail, add_object, r, &why) < 0)
		status = edge_fail(&why);
	if (json_finish(r->json) < 0)
		status = edge_memory();
	return status;
}

enum status verb_rules(const struct cli *c)
{
	const struct jail *jail;
	struct session s;
	struct rows r = {.session = &s};
	enum status status = session_open(&s, c, STORE_READ);

	if (status != STATUS_OK)
		return status;
	status = session_wanted(&s, c, &jail);
	if (status == STATUS_OK) {
		int64_t id = jail == NULL ? 0 : jail->id;

		status = c->json ? rules_json(c, &r, id)
				 : rules_table(c, &r, id);
	}
	session_close(&s);
	return status;
}
