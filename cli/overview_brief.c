/* overview_brief: a jail on a screen, next to others: what has changed since
 * yesterday, and what is wrong. */
#include "overview.h"

#include <inttypes.h>

#include "flow.h"
#include "overview_parts.h"
#include "table.h"

static void print_bans(const struct overview *v, const struct output *o)
{
	const struct offense_running *r = &v->running;
	const char *before = " (strike ";
	char dropped[DROPPED_TEXT];
	struct flow f;

	flow_begin(&f, o, PARTS_INDENT, "bans      ");
	flow_put(&f, PLAIN, "%" PRId64 " running", r->all - r->observed);
	if (r->observed > 0)
		flow_put(&f, PLAIN, ", %" PRId64 " only observed", r->observed);
	for (int i = 0; i < OFFENSE_STRIKES; i++) {
		if (r->strike[i] == 0)
			continue;
		flow_put(&f, PLAIN, "%s%d%s: %" PRId64, before, i + 1,
			 i + 1 == OFFENSE_STRIKES ? "+" : "", r->strike[i]);
		before = ", ";
	}
	flow_put(&f, PLAIN, "%s", r->all > 0 ? ")" : "");
	if (v->totals.pending > 0) {
		flow_put(&f, PLAIN, ", ");
		flow_put(&f, CARE, "%" PRId64 " not yet in the kernel",
			 v->totals.pending);
	}
	flow_end(&f);
	if (r->dropped.packets == 0)
		return;
	flow_begin(&f, o, PARTS_INDENT, "dropped   ");
	flow_put(&f, PLAIN, "%s, by the bans that run",
		 dropped_print(&r->dropped, dropped));
	flow_end(&f);
}

/* ---- today and yesterday ---- */

static const struct column columns[] = {
	{.heading = ""},
	{.heading = "last hour", .kind = COLUMN_NUMBER},
	{.heading = "a day ago", .kind = COLUMN_NUMBER},
	{.heading = "last 24h", .kind = COLUMN_NUMBER},
	{.heading = "24h before", .kind = COLUMN_NUMBER},
	{.heading = NULL},
};

static void add_row(struct table *t, const struct overview *v, const char *name,
		    int64_t (*number)(const struct offense_span *span))
{
	table_cell(t, PLAIN, "%s", name);
	for (int i = 0; i < OVERVIEW_SPANS; i++)
		table_cell(t, PLAIN, "%" PRId64, number(&v->span[i]));
}

static int64_t failures(const struct offense_span *span)
{
	return span->failures;
}

static int64_t offenses(const struct offense_span *span)
{
	return span->offenses;
}

static int64_t lifted(const struct offense_span *span)
{
	return span->lifted;
}

static int print_spans(const struct overview *v, const struct output *o)
{
	struct table *t = table_open(columns, o);
	int result;

	add_row(t, v, "failures", failures);
	add_row(t, v, "bans", offenses);
	add_row(t, v, "lifted", lifted);
	result = table_print(t, PARTS_INDENT, true);
	table_close(t);
	return result;
}

static void print_breaker(const struct overview *v, const struct output *o)
{
	const struct evidence *e = &v->evidence;
	struct flow f;

	if (e->outages > 0)
		return; /* the head has it */
	flow_begin(&f, o, PARTS_INDENT, "breaker   ");
	if (v->jail->settings.policy.breaker == 0)
		flow_put(&f, PLAIN, "off");
	else
		flow_put(&f, PLAIN, "closed: no outage is known");
	flow_end(&f);
}

int overview_print_brief(const struct overview *v, const struct output *o,
			 int64_t now)
{
	parts_head(v, o, now);
	print_bans(v, o);
	if (print_spans(v, o) < 0)
		return -1;
	parts_foreign(v, o, now);
	print_breaker(v, o);
	parts_filters_brief(v, o);
	parts_sets(v, o);
	return 0;
}
