/*
 * explain_network: more than one offender: who failed in it, and is it banned
 * as a whole.
 */
#include "explain.h"

#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "flow.h"
#include "grace.h"
#include "guests.h"
#include "past.h"
#include "prospect.h"
#include "saslban/duration.h"
#include "saslban/failure.h"
#include "stance.h"
#include "tries.h"

struct network {
	const struct inquiry *q;
	struct address given;
	bool judged;         /* as a whole, by the policy */
	struct history seen; /* of the network alone: hosts, neighbours */
	struct stance stance;
	struct guests guests;
	struct tries tries;
	struct grace grace;
	struct prospect next; /* of an address in it that is not known */
	struct evidence evidence;
	struct past past;
	int64_t since;
};

/* ---- finding out ---- */

/* Its last address: where networks are numbered from below, nobody's. */
static struct address last_of(const struct address *a)
{
	struct address host = *a;

	host.prefix = (uint8_t)address_bits(a);
	for (unsigned i = a->prefix; i < host.prefix; i++)
		host.bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
	return host;
}

static bool is_judged(const struct policy *p, const struct address *network,
		      const struct address *host)
{
	struct address level[MEMORY_LEVELS];
	size_t n = memory_networks(p, host, level);

	for (size_t i = 0; i < n; i++)
		if (address_equal(&level[i], network))
			return p->network_hosts > 0;
	return false;
}

static int see_failure(void *context, const struct failure *f)
{
	struct network *n = context;

	if (f->at < n->since)
		return 1;
	if (f->jail != n->q->jail->id)
		return 0;
	tries_add(&n->tries, f);
	grace_add(&n->grace, n->q, f);
	return 0;
}

/* What counts in it: not what came before the end of its latest ban. */
static int find_hosts(struct network *n, struct fault *why)
{
	const struct jail *jail = n->q->jail;

	if (offense_history(n->q->session->store, jail->id, &n->given,
			    !jail->settings.enforce, n->q->now, &n->seen,
			    why) < 0)
		return -1;
	memory_recall_network(inquiry_memory(n->q), &n->given, n->q->now,
			      &n->seen);
	return 0;
}

static int find_all(struct network *n, const struct subject *subject,
		    struct fault *why)
{
	const struct policy *p = inquiry_policy(n->q);
	struct store *store = n->q->session->store;
	struct address host = last_of(&n->given);
	struct address offender =
		settings_offender(&n->q->jail->settings, &host);
	struct evidence_query eq = {.jail = n->q->jail->id, .from = &n->given};

	n->judged = is_judged(p, &n->given, &offender);
	n->since = n->q->now - p->network_window;
	eq.outages = n->since;
	tries_begin(&n->tries, INT64_MIN, false);
	if (find_hosts(n, why) < 0 ||
	    stance_take(&n->stance, n->q, subject, why) < 0 ||
	    guests_take(&n->guests, n->q, &n->given, why) < 0 ||
	    inquiry_ask(n->q, &offender, "", &n->next, why) < 0 ||
	    past_take(&n->past, n->q, &n->given, why) < 0 ||
	    evidence_take(&n->evidence, store, &eq, why) < 0)
		return -1;
	if (n->judged)
		n->stance.next =
			policy_certain(p, &n->seen, GROUND_NETWORK, n->q->now);
	if (failure_each(store, &n->given, 0, see_failure, n, why) < 0)
		return -1;
	return grace_look(&n->grace, n->q, why);
}

static bool is_known(const struct network *n)
{
	return stance_matters(&n->stance) || n->stance.banned ||
	       n->tries.n > 0 || n->guests.n > 0 || n->past.n > 0 ||
	       n->evidence.breaches > 0;
}

/* ---- for people ---- */

static void print_hosts(const struct network *n, const struct output *o)
{
	const struct policy *p = inquiry_policy(n->q);
	char span[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "hosts    ");
	if (!n->judged)
		flow_put(&f, PLAIN,
			 "are not counted: networks of this size "
			 "are not banned as a whole");
	else
		flow_put(&f, PLAIN, "%u of %u addresses failed within %s",
			 n->seen.hosts, p->network_hosts,
			 duration_print(p->network_window, span));
	if (n->judged && n->seen.last_end > n->since)
		flow_put(&f, PLAIN,
			 "; what was before the end of its ban does not count");
	if (n->judged && n->seen.neighbours > 0)
		flow_put(&f, PLAIN,
			 "; but it is not banned as a whole, "
			 "because customers log in from it");
	flow_end(&f);
}

/* All of it, and not only somebody in it. */
static bool is_exempt(const struct network *n)
{
	const struct stance *s = &n->stance;

	return s->exempt && address_contains(&s->reason.address, &n->given);
}

static void print_next(const struct network *n, const struct output *o)
{
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "next     ");
	if (is_exempt(n)) {
		flow_put(&f, PLAIN,
			 "a failure by an address of it would not count: it is "
			 "exempt, and not even recorded");
		flow_end(&f);
		return;
	}
	flow_put(&f, PLAIN,
		 "a failure now by an address of it that is not known ");
	prospect_put(&f, inquiry_policy(n->q), &n->next, "that address");
	flow_end(&f);
}

static int print_network(struct network *n, const struct output *o)
{
	int64_t now = n->q->now;

	stance_print_ban(o, &n->stance, now);
	grace_print(&n->grace, o, true, now);
	past_print_why(&n->stance, o);
	stance_print_exempt(o, &n->stance, now);
	evidence_print_breaches(&n->evidence, o, EXPLAIN_INDENT, EXPLAIN_WIDTH,
				"");
	guests_print(&n->guests, o);
	print_hosts(n, o);
	stance_print_inside(o, &n->stance);
	print_next(n, o);
	past_print_strikes(n->q, &n->stance, o);
	evidence_print_outages(&n->evidence, o, EXPLAIN_INDENT, EXPLAIN_WIDTH,
			       now);
	if (past_print(&n->past, o) < 0)
		return -1;
	return tries_print(&n->tries, o, TRIES_OF_MANY);
}

/* ---- for programs ---- */

static void network_json(struct network *n, struct json *j)
{
	const struct policy *p = inquiry_policy(n->q);

	json_text(j, "kind", "network");
	stance_json(j, &n->stance, n->q->now);
	guests_json(&n->guests, j);
	json_bool(j, "judged", n->judged);
	json_number(j, "hosts", n->judged ? n->seen.hosts : 0);
	json_number(j, "hosts_most", p->network_hosts);
	json_duration(j, "hosts_window", p->network_window);
	json_number(j, "bans_inside", (int64_t)n->stance.inside);
	past_json(&n->past, j, n->q, &n->stance);
	grace_json(&n->grace, j);
	json_bool(j, "outage", n->next.history.outage);
	prospect_json(j, "next", NULL, p, &n->next);
	tries_json(&n->tries, j, "attempts");
	evidence_breaches_json(&n->evidence, j);
	evidence_outages_json(&n->evidence, j);
}

int explain_network(struct explain *x, const struct inquiry *q,
		    struct fault *why)
{
	struct network *n = calloc(1, sizeof(*n));
	int result;

	if (n == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	n->q = q;
	n->given = x->subject.given;
	result = find_all(n, &x->subject, why);
	if (result == 0 && x->json != NULL)
		network_json(n, x->json);
	else if (result == 0 && print_network(n, &x->cli->out) < 0)
		result = fault_set(why, FAULT_MEMORY, "out of memory");
	x->known = x->known || (result == 0 && is_known(n));
	free(n);
	return result;
}
