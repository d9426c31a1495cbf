/* past: see past.h. */
#include "past.h"

#include <string.h>

#include "bantext.h"
#include "explain.h"
#include "flow.h"
#include "saslban/duration.h"
#include "strike.h"
#include "table.h"

static int see_ban(void *context, const struct offense *o)
{
	struct past *p = context;

	if (p->shown < PAST_SHOWN)
		p->ban[p->shown++] = *o;
	p->n++;
	return 0;
}

int past_take(struct past *out, const struct inquiry *q,
	      const struct address *a, struct fault *why)
{
	struct offense_query oq = {.jail = q->jail->id, .at = a, .now = q->now};

	memset(out, 0, sizeof(*out));
	out->now = q->now;
	return offense_each(q->session->store, &oq, see_ban, out, why);
}

/* ---- strikes ---- */

/* When they fade; 0: there are none, or they have; DURATION_FOREVER. */
static int64_t fading(const struct policy *p, const struct history *h,
		      int64_t now)
{
	if (!policy_remembers(p, h, now))
		return 0;
	if (h->forever || p->forget == 0 || p->forget == DURATION_FOREVER)
		return DURATION_FOREVER;
	return duration_after(h->last_end, p->forget);
}

void past_print_strikes(const struct inquiry *q, const struct stance *s,
			const struct output *o)
{
	const struct policy *p = inquiry_policy(q);
	const struct history *h = &s->prospect.history;
	const struct verdict *next = &s->next;
	int64_t until = fading(p, h, q->now);
	char at[OUTPUT_TIME], left[DURATION_TEXT], length[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "strikes  ");
	if (h->strikes == 0)
		flow_put(&f, PLAIN, "none");
	else if (until == 0)
		flow_put(&f, PLAIN, "none any more: %u faded", h->strikes);
	else if (until == DURATION_FOREVER)
		flow_put(&f, PLAIN, "%u, which never fade%s", h->strikes,
			 h->strikes == 1 ? "s" : "");
	else
		flow_put(&f, PLAIN, "%u, until %s (%s left)", h->strikes,
			 output_time(until, at),
			 output_left(until, q->now, left));
	flow_put(&f, PLAIN, "; the next is ");
	strike_put(&f, next->strike, strike_jumps(p, h, next->strike, q->now));
	flow_put(&f, PLAIN, ", %s%s",
		 next->until == DURATION_FOREVER ? "" : "for ",
		 duration_length(duration_left(next->until, next->from),
				 length));
	flow_end(&f);
}

/* ---- bans ---- */

void past_print_why(const struct stance *s, const struct output *o)
{
	char at[OUTPUT_TIME];
	struct flow f;

	if (!s->banned)
		return;
	flow_begin(&f, o, EXPLAIN_INDENT, "why      ");
	flow_put(&f, PLAIN, "%s: %s", output_time(s->ban.at, at), s->ban.why);
	flow_end(&f);
}

int past_print(const struct past *p, const struct output *o)
{
	struct table *t;
	int result;

	if (p->n == 0)
		return 0;
	fprintf(o->file, "    bans");
	if (p->n > p->shown)
		fprintf(o->file, ", the latest %zu of %zu", p->shown, p->n);
	fputc('\n', o->file);
	t = table_open(bantext_columns, o);
	for (size_t i = 0; i < p->shown; i++)
		bantext_row(t, &p->ban[i], p->now);
	result = table_print(t, EXPLAIN_INDENT + 2, true);
	table_close(t);
	return result;
}

void past_json(const struct past *p, struct json *j, const struct inquiry *q,
	       const struct stance *s)
{
	json_time(j, "strikes_until",
		  fading(inquiry_policy(q), &s->prospect.history, q->now));
	if (s->banned)
		json_text(j, "ground", ground_word(s->ban.ground));
	else
		json_null(j, "ground");
	json_array(j, "bans");
	for (size_t i = 0; i < p->shown; i++)
		bantext_json(j, NULL, &p->ban[i], p->now);
	json_end(j);
}
