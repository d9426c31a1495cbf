/* grace: see grace.h. */
#include "grace.h"

#include <string.h>

#include "explain.h"
#include "flow.h"
#include "saslban/duration.h"
#include "strike.h"

void grace_add(struct grace *g, const struct inquiry *q,
	       const struct failure *f)
{
	struct grace_row *row = &g->row[g->n];

	if (g->n == GRACE_SHOWN || f->verdict != VERDICT_GRACE ||
	    !memory_is_waiting(inquiry_memory(q), &f->address, f->id))
		return;
	*row = (struct grace_row){.address = f->address, .at = f->at};
	memcpy(row->user, f->user, sizeof(row->user));
	g->n++;
}

/* As the engine does it when the time is over. */
static int look(struct grace_row *row, const struct inquiry *q, bool *follows,
		struct fault *why)
{
	const struct policy *p = inquiry_policy(q);
	struct prospect x;
	const struct history *h = &x.history;
	int64_t due = row->at + p->account_grace;

	if (inquiry_ask(q, &row->address, row->user, &x, why) < 0)
		return -1;
	*follows = !h->outage && !h->banned && row->at >= h->last_end &&
		   !exempt_find(q->exempt, &row->address, NULL);
	row->ban = policy_certain(p, h, GROUND_ACCOUNT, due);
	row->jumps = strike_jumps(p, h, row->ban.strike, due);
	return 0;
}

int grace_look(struct grace *g, const struct inquiry *q, struct fault *why)
{
	size_t n = g->n;
	bool follows;

	g->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (look(&g->row[i], q, &follows, why) < 0)
			return -1;
		if (follows)
			g->row[g->n++] = g->row[i];
	}
	return 0;
}

/* ---- for people ---- */

static void print_row(const struct grace_row *row, const struct output *o,
		      const char *heading, bool named, int64_t now)
{
	const struct verdict *v = &row->ban;
	char text[ADDRESS_TEXT], at[OUTPUT_TIME], span[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, heading);
	flow_put(&f, CARE, "a ban%s%s follows at %s", named ? " of " : "",
		 named ? address_print(&row->address, text) : "",
		 output_time(v->from, at));
	if (v->from > now)
		flow_put(&f, PLAIN, " (%s left)",
			 output_left(v->from, now, span));
	flow_put(&f, PLAIN, " unless '%s' logs in from there: %s%s, ",
		 row->user, v->until == DURATION_FOREVER ? "" : "for ",
		 duration_length(duration_left(v->until, v->from), span));
	strike_put(&f, v->strike, row->jumps);
	flow_end(&f);
}

void grace_print(const struct grace *g, const struct output *o, bool named,
		 int64_t now)
{
	for (size_t i = 0; i < g->n; i++)
		print_row(&g->row[i], o, i == 0 ? "grace    " : "         ",
			  named, now);
}

/* ---- for programs ---- */

void grace_json(const struct grace *g, struct json *j)
{
	char text[ADDRESS_TEXT];

	json_array(j, "grace");
	for (size_t i = 0; i < g->n; i++) {
		const struct grace_row *row = &g->row[i];

		json_object(j, NULL);
		json_text(j, "address", address_print(&row->address, text));
		json_text(j, "user", row->user);
		json_number(j, "at", row->at);
		json_number(j, "due", row->ban.from);
		json_number(j, "strike", row->ban.strike);
		json_duration(j, "bantime",
			      duration_left(row->ban.until, row->ban.from));
		json_end(j);
	}
	json_end(j);
}
