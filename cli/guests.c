/* guests: see guests.h. */
#include "guests.h"

#include <string.h>

#include "explain.h"
#include "saslban/duration.h"
#include "saslban/login.h"
#include "saslban/plural.h"

struct looking {
	struct guests *guests;
	int64_t since;
};

static int see_login(void *context, const struct login *l)
{
	const struct looking *x = context;
	struct guests *g = x->guests;

	if (l->last < x->since)
		return 1;
	for (size_t i = 0; i < g->names; i++)
		if (strcmp(g->name[i], l->user) == 0)
			return 0;
	snprintf(g->name[g->names++], sizeof(g->name[0]), "%s", l->user);
	return g->names == GUESTS_NAMES;
}

int guests_take(struct guests *out, const struct inquiry *q,
		const struct address *a, struct fault *why)
{
	const struct policy *p = inquiry_policy(q);
	const struct memory *m = inquiry_memory(q);
	struct history h = {.movers = memory_movers(m, a, q->now)};
	struct looking x = {out, q->now - p->known_window};

	memset(out, 0, sizeof(*out));
	out->off = p->known_window == 0;
	if (out->off)
		return 0;
	out->n = memory_customers(m, a, q->now);
	out->neighbours = memory_neighbours(m, a, q->now);
	out->carrier = policy_is_carrier(&h);
	if (out->n == 0)
		return 0;
	return login_of_address(q->session->store, a, 0, see_login, &x, why) < 0
		       ? -1
		       : 0;
}

/* ---- for people ---- */

static const char *verb_of(unsigned n)
{
	return n == 1 ? "user logs" : "users log";
}

static void put_names(struct flow *f, const struct guests *g)
{
	for (size_t i = 0; i < g->names; i++)
		flow_put(f, PLAIN, "%s'%s'", i == 0 ? ": " : ", ", g->name[i]);
	if (g->n > g->names)
		flow_put(f, PLAIN, ", ...");
}

void guests_print(const struct guests *g, const struct output *o)
{
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "logins   ");
	if (g->off)
		flow_put(&f, PLAIN, "are not remembered (known.window is 0)");
	else if (g->n == 0)
		flow_put(&f, PLAIN, "nobody is known to log in from here");
	else
		flow_put(&f, PLAIN, "%u %s in from here", g->n, verb_of(g->n));
	put_names(&f, g);
	if (g->neighbours > g->n)
		flow_put(&f, PLAIN, "; %u %s in from its network",
			 g->neighbours, verb_of(g->neighbours));
	if (g->carrier)
		flow_put(&f, PLAIN,
			 "; they move about in it, as a carrier's "
			 "customers do");
	flow_end(&f);
}

void guests_print_patience(const struct inquiry *q, const struct stance *s,
			   const struct output *o)
{
	const struct policy *p = inquiry_policy(q);
	struct history here = s->prospect.history;
	char span[DURATION_TEXT], findtime[DURATION_TEXT];
	struct flow f;
	unsigned n;

	if (s->patience == p->maxretry && s->span == p->findtime)
		return;
	here.neighbours = 0;
	n = here.customers;
	flow_begin(&f, o, EXPLAIN_INDENT, "patience ");
	flow_put(&f, PLAIN, "%u failure%s within %s instead of %u within %s, ",
		 s->patience, plural(s->patience),
		 duration_print(s->span, span), p->maxretry,
		 duration_print(p->findtime, findtime));
	if (policy_patience(p, &here) == s->patience)
		flow_put(&f, PLAIN, "because %u %s in from here", n,
			 verb_of(n));
	else
		flow_put(&f, PLAIN, "because %u %s in from its network",
			 s->prospect.history.neighbours,
			 verb_of(s->prospect.history.neighbours));
	flow_end(&f);
}

/* ---- for programs ---- */

void guests_json(const struct guests *g, struct json *j)
{
	json_number(j, "customers", g->n);
	json_number(j, "neighbours", g->neighbours);
	json_bool(j, "carrier", g->carrier);
	json_array(j, "users");
	for (size_t i = 0; i < g->names; i++)
		json_text(j, NULL, g->name[i]);
	json_end(j);
}
