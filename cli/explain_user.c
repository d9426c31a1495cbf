/*
 * explain_user: an account: who tries it, who uses it, and what a failure for
 * it would bring about.
 */
#include "explain.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "evidence.h"
#include "flow.h"
#include "grace.h"
#include "places.h"
#include "prospect.h"
#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/plural.h"
#include "tries.h"

struct account {
	const struct inquiry *q;
	const char *user;
	bool trap;      /* in the list of those */
	unsigned hosts; /* that failed for it of late */
	struct places places;
	struct tries tries;
	struct grace grace;
	struct prospect next; /* from an address that is not known */
	struct evidence evidence;
};

/* ---- finding out ---- */

static int see_failure(void *context, const struct failure *f)
{
	struct account *a = context;

	if (strcasecmp(f->user, a->user) != 0) {
		places_note_name(&a->places, f->user);
		return 0;
	}
	tries_add(&a->tries, f);
	grace_add(&a->grace, a->q, f);
	return 0;
}

static int find_all(struct account *a, struct fault *why)
{
	static const struct address nobody = {.family = ADDRESS_NONE};
	const struct inquiry *q = a->q;
	const struct policy *p = inquiry_policy(q);
	struct store *store = q->session->store;
	int64_t since = q->now - p->account_window;
	struct evidence_query eq = {
		.jail = q->jail->id, .outages = since, .user = a->user};

	a->trap = settings_is_trap(&q->jail->settings, a->user);
	a->hosts = memory_account_hosts(inquiry_memory(q), a->user, q->now);
	tries_begin(&a->tries, INT64_MIN, false);
	if (places_take(&a->places, q, a->user, why) < 0 ||
	    failure_recent(store, q->jail->id, since, see_failure, a, why) <
		    0 ||
	    grace_look(&a->grace, q, why) < 0 ||
	    inquiry_ask(q, &nobody, a->user, &a->next, why) < 0)
		return -1;
	return evidence_take(&a->evidence, store, &eq, why);
}

static bool is_known(const struct account *a)
{
	return a->trap || a->tries.n > 0 || a->places.n > 0 ||
	       a->evidence.breaches > 0;
}

static bool is_attacked(const struct account *a)
{
	const struct policy *p = inquiry_policy(a->q);

	return p->account_hosts > 0 && a->hosts >= p->account_hosts;
}

/* ---- for people ---- */

static void print_attack(const struct account *a, const struct output *o)
{
	const struct policy *p = inquiry_policy(a->q);
	char span[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "attack   ");
	if (is_attacked(a))
		flow_put(&f, BAD, "UNDER ATTACK: ");
	else
		flow_put(&f, PLAIN, "not under attack: ");
	if (p->account_hosts == 0)
		flow_put(&f, PLAIN,
			 "accounts are not watched (account.hosts is 0)");
	else
		flow_put(&f, PLAIN,
			 "%u address%s failed for it within %s; it takes %u",
			 a->hosts, plural_es(a->hosts),
			 duration_print(p->account_window, span),
			 p->account_hosts);
	flow_end(&f);
	if (!a->trap)
		return;
	flow_begin(&f, o, EXPLAIN_INDENT, "trap     ");
	flow_put(&f, PLAIN, "it is in the jail's list of trap users");
	flow_end(&f);
}

static void print_next(const struct account *a, const struct output *o)
{
	const struct policy *p = inquiry_policy(a->q);
	char text[ADDRESS_TEXT];
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "next     ");
	flow_put(&f, PLAIN,
		 "a failure for it now from an address that is not known ");
	prospect_put(&f, p, &a->next, "that address");
	flow_end(&f);
	for (size_t i = 0; i < a->places.asked; i++) {
		const struct place *own = &a->places.place[i];

		flow_begin(&f, o, EXPLAIN_INDENT, "         ");
		flow_put(&f, PLAIN, "from %s it ",
			 address_print(&own->login.address, text));
		if (own->exempt)
			flow_put(&f, PLAIN, "would not count: it is exempt");
		else
			prospect_put(&f, p, &own->next, "it");
		flow_end(&f);
	}
}

static int print_account(struct account *a, const struct output *o)
{
	print_attack(a, o);
	grace_print(&a->grace, o, true, a->q->now);
	evidence_print_breaches(&a->evidence, o, EXPLAIN_INDENT, EXPLAIN_WIDTH,
				"");
	print_next(a, o);
	places_print_names(&a->places, o);
	evidence_print_outages(&a->evidence, o, EXPLAIN_INDENT, EXPLAIN_WIDTH,
			       a->q->now);
	if (places_print(&a->places, o) < 0)
		return -1;
	return tries_print(&a->tries, o, TRIES_OF_USER);
}

/* ---- for programs ---- */

static void account_json(struct account *a, struct json *j)
{
	const struct policy *p = inquiry_policy(a->q);

	json_text(j, "kind", "user");
	json_bool(j, "attacked", is_attacked(a));
	json_number(j, "hosts", a->hosts);
	json_number(j, "hosts_most", p->account_hosts);
	json_duration(j, "hosts_window", p->account_window);
	json_bool(j, "trap", a->trap);
	grace_json(&a->grace, j);
	json_bool(j, "outage", a->next.history.outage);
	prospect_json(j, "next", NULL, p, &a->next);
	places_json(&a->places, j, p);
	tries_json(&a->tries, j, "attempts");
	evidence_breaches_json(&a->evidence, j);
	evidence_outages_json(&a->evidence, j);
}

int explain_user(struct explain *x, const struct inquiry *q, struct fault *why)
{
	struct account *a = calloc(1, sizeof(*a));
	int result;

	if (a == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	a->q = q;
	a->user = x->user;
	result = find_all(a, why);
	if (result == 0 && x->json != NULL)
		account_json(a, x->json);
	else if (result == 0 && print_account(a, &x->cli->out) < 0)
		result = fault_set(why, FAULT_MEMORY, "out of memory");
	x->known = x->known || (result == 0 && is_known(a));
	free(a);
	return result;
}
