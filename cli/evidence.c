/* evidence: see evidence.h. */
#include "evidence.h"

#include <string.h>
#include <strings.h>

#include "flow.h"

struct taking {
	struct evidence *evidence;
	const struct evidence_query *query;
};

static int see_breach(void *context, const struct breach_row *b)
{
	const struct taking *t = context;
	const struct evidence_query *q = t->query;
	struct evidence *e = t->evidence;

	if ((q->from != NULL && !address_contains(q->from, &b->host)) ||
	    (q->user != NULL && strcasecmp(q->user, b->user) != 0))
		return 0;
	if (e->breaches < EVIDENCE_ROWS)
		e->breach[e->breaches] = *b;
	e->breaches++;
	return 0;
}

static int see_outage(void *context, const struct outage_row *o)
{
	const struct taking *t = context;
	struct evidence *e = t->evidence;

	if (o->closed != 0 && o->closed < t->query->outages)
		return 1;
	e->outage[e->outages++] = *o;
	return e->outages == EVIDENCE_ROWS;
}

int evidence_take(struct evidence *out, struct store *s,
		  const struct evidence_query *q, struct fault *why)
{
	struct taking t = {out, q};

	memset(out, 0, sizeof(*out));
	if (breach_each(s, q->jail, q->breaches, 0, see_breach, &t, why) < 0 ||
	    outage_each(s, q->jail, 0, see_outage, &t, why) < 0)
		return -1;
	return 0;
}

/* ---- for people ---- */

static size_t shown(const struct evidence *e)
{
	return e->breaches < EVIDENCE_ROWS ? e->breaches : EVIDENCE_ROWS;
}

void evidence_print_breaches(const struct evidence *e, const struct output *o,
			     size_t indent, int width, const char *when)
{
	char at[OUTPUT_TIME], host[ADDRESS_TEXT];
	struct flow f;

	if (e->breaches == 0)
		return;
	flow_heading(&f, o, indent, width, "BREACHES");
	flow_put(&f, BAD, "%zu%s%s", e->breaches, when,
		 e->breaches > EVIDENCE_ROWS ? ", the latest:" : ":");
	flow_end(&f);
	for (size_t i = 0; i < shown(e); i++) {
		const struct breach_row *b = &e->breach[i];

		flow_heading(&f, o, indent, width, "");
		flow_put(&f, STRONG,
			 "%s '%s' logged in from %s: ", output_time(b->at, at),
			 b->user, address_print(&b->host, host));
		flow_put(&f, PLAIN, "%s", b->why);
		flow_end(&f);
	}
}

void evidence_print_outages(const struct evidence *e, const struct output *o,
			    size_t indent, int width, int64_t now)
{
	char since[OUTPUT_TIME], closed[OUTPUT_TIME], left[DURATION_TEXT];
	struct flow f;

	for (size_t i = 0; i < e->outages; i++) {
		const struct outage_row *x = &e->outage[i];

		flow_heading(&f, o, indent, width, i == 0 ? "outage" : "");
		output_time(x->since, since);
		if (x->closed == 0)
			flow_put(&f, BAD,
				 "NOW, since %s (%s): no failure counts: ",
				 since, output_left(now, x->since, left));
		else
			flow_put(&f, PLAIN, "from %s to %s: ", since,
				 output_time(x->closed, closed));
		flow_put(&f, PLAIN, "%s", x->why);
		flow_end(&f);
	}
}

/* ---- for programs ---- */

void evidence_breaches_json(const struct evidence *e, struct json *j)
{
	char host[ADDRESS_TEXT];

	json_array(j, "breaches");
	for (size_t i = 0; i < shown(e); i++) {
		const struct breach_row *b = &e->breach[i];

		json_object(j, NULL);
		json_text(j, "user", b->user);
		json_text(j, "ip", address_print(&b->host, host));
		json_number(j, "at", b->at);
		json_number(j, "last", b->last);
		json_number(j, "count", b->count);
		json_text(j, "kind", b->kind);
		json_text(j, "service", b->service);
		json_text(j, "why", b->why);
		json_end(j);
	}
	json_end(j);
}

void evidence_outage_json(const struct outage_row *o, struct json *j)
{
	json_object(j, NULL);
	json_number(j, "since", o->since);
	json_number(j, "opened", o->opened);
	json_time(j, "closed", o->closed);
	json_text(j, "why", o->why);
	json_end(j);
}

void evidence_outages_json(const struct evidence *e, struct json *j)
{
	json_array(j, "outages");
	for (size_t i = 0; i < e->outages; i++)
		evidence_outage_json(&e->outage[i], j);
	json_end(j);
}
