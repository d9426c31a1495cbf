/*
 * explain_host: one offender: is it banned, what of its failures counts, and
 * what would come of one more.
 */
#include "explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bantext.h"
#include "evidence.h"
#include "grace.h"
#include "guests.h"
#include "past.h"
#include "prospect.h"
#include "saslban/duration.h"
#include "stance.h"
#include "tries.h"

/* What is found about it, before it is told. */
struct host {
	const struct inquiry *q;
	struct stance stance;
	struct guests guests; /* customers at the address */
	int64_t since;        /* failures of before are not shown */
	int64_t last;         /* failure of all; 0: there was none */
	struct tries tries;
	struct grace grace;
	struct prospect of_user[TRIES_USERS];
	struct evidence evidence;
	struct past past;
};

/* ---- finding out ---- */

static int see_failure(void *context, const struct failure *f)
{
	struct host *h = context;

	if (f->jail != h->q->jail->id)
		return 0;
	if (h->last == 0)
		h->last = f->at;
	if (f->at < h->since)
		return 1;
	tries_add(&h->tries, f);
	grace_add(&h->grace, h->q, f);
	return 0;
}

/* Those of findtime, and those that led to the ban that runs. */
static int find_failures(struct host *h, struct fault *why)
{
	const struct policy *p = inquiry_policy(h->q);
	const struct stance *s = &h->stance;
	const struct history *past = &s->prospect.history;
	int64_t now = h->q->now;

	h->since = now - p->findtime;
	if (s->banned && s->ban.at - p->findtime < h->since)
		h->since = s->ban.at - p->findtime;
	tries_begin(&h->tries, policy_window(p, past, now),
		    past->last_end > now - s->span);
	if (failure_each(h->q->session->store, &s->offender, 0, see_failure, h,
			 why) < 0)
		return -1;
	for (size_t i = 0; i < h->tries.users; i++)
		if (inquiry_ask(h->q, &s->offender, h->tries.user[i],
				&h->of_user[i], why) < 0)
			return -1;
	return grace_look(&h->grace, h->q, why);
}

static int find_all(struct host *h, const struct subject *subject,
		    struct fault *why)
{
	struct store *store = h->q->session->store;
	const struct address *offender = &h->stance.offender;
	struct evidence_query eq = {.jail = h->q->jail->id};

	if (stance_take(&h->stance, h->q, subject, why) < 0 ||
	    guests_take(&h->guests, h->q, offender, why) < 0 ||
	    find_failures(h, why) < 0 ||
	    past_take(&h->past, h->q, offender, why) < 0)
		return -1;
	eq.outages = h->since;
	eq.from = offender;
	return evidence_take(&h->evidence, store, &eq, why);
}

static bool is_known(const struct host *h)
{
	return stance_matters(&h->stance) || h->stance.banned || h->last != 0 ||
	       h->guests.n > 0 || h->past.n > 0 || h->evidence.breaches > 0;
}

/* ---- for people ---- */

static void print_as(const struct host *h, const struct output *o,
		     const struct subject *subject)
{
	char text[ADDRESS_TEXT];
	struct flow f;

	if (address_equal(&h->stance.offender, &subject->given))
		return;
	flow_begin(&f, o, EXPLAIN_INDENT, "judged   ");
	flow_put(&f, PLAIN, "as %s, which is one offender",
		 address_print(&h->stance.offender, text));
	flow_end(&f);
}

/* Which failures count, and how many of them. */
static void print_counts(const struct host *h, const struct output *o)
{
	const struct stance *s = &h->stance;
	char span[DURATION_TEXT], at[OUTPUT_TIME], left[DURATION_TEXT];
	int64_t until = h->tries.oldest + s->span;
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "counts   ");
	flow_put(&f, PLAIN, "failures %" PRId64 " of %u within %s", s->failures,
		 s->patience, duration_print(s->span, span));
	if (h->tries.oldest != 0 && s->failures > 0)
		flow_put(&f, PLAIN,
			 "; the oldest of them counts until %s (%s left)",
			 output_time(until, at),
			 output_left(until, h->q->now, left));
	else if (h->last != 0)
		flow_put(&f, PLAIN, "; the last failure was at %s",
			 output_time(h->last, at));
	flow_end(&f);
}

static void print_next(const struct host *h, const struct output *o)
{
	const struct policy *p = inquiry_policy(h->q);
	const struct prospect *next = &h->stance.prospect;
	struct flow f;

	flow_begin(&f, o, EXPLAIN_INDENT, "next     ");
	if (h->stance.exempt) {
		flow_put(&f, PLAIN,
			 "one more failure would not count: it is "
			 "exempt, and not even recorded");
		flow_end(&f);
		return;
	}
	flow_put(&f, PLAIN, "one more failure now ");
	prospect_put(&f, p, next, "it");
	flow_end(&f);
	for (size_t i = 0; i < h->tries.users; i++) {
		if (prospect_same(&h->of_user[i], next))
			continue;
		flow_begin(&f, o, EXPLAIN_INDENT, "         ");
		flow_put(&f, PLAIN, "for '%s' it ", h->tries.user[i]);
		prospect_put(&f, p, &h->of_user[i], "the address");
		flow_end(&f);
	}
}

static int print_host(struct host *h, const struct output *o,
		      const struct subject *subject)
{
	int64_t now = h->q->now;

	print_as(h, o, subject);
	stance_print_ban(o, &h->stance, now);
	grace_print(&h->grace, o, false, now);
	past_print_why(&h->stance, o);
	stance_print_exempt(o, &h->stance, now);
	if (h->stance.banned || h->stance.found)
		stance_print_kernel(o, &h->stance);
	evidence_print_breaches(&h->evidence, o, EXPLAIN_INDENT, EXPLAIN_WIDTH,
				"");
	guests_print(&h->guests, o);
	guests_print_patience(h->q, &h->stance, o);
	print_counts(h, o);
	print_next(h, o);
	past_print_strikes(h->q, &h->stance, o);
	evidence_print_outages(&h->evidence, o, EXPLAIN_INDENT, EXPLAIN_WIDTH,
			       now);
	if (past_print(&h->past, o) < 0)
		return -1;
	return tries_print(&h->tries, o,
			   tries_are_of(&h->tries, &subject->given)
				   ? TRIES_OF_HOST
				   : TRIES_OF_MANY);
}

/* ---- for programs ---- */

static void host_json(struct host *h, struct json *j)
{
	const struct policy *p = inquiry_policy(h->q);

	json_text(j, "kind", "address");
	stance_json(j, &h->stance, h->q->now);
	guests_json(&h->guests, j);
	json_time(j, "oldest", h->tries.oldest);
	past_json(&h->past, j, h->q, &h->stance);
	grace_json(&h->grace, j);
	json_bool(j, "outage", h->stance.prospect.history.outage);
	prospect_json(j, "next", NULL, p, &h->stance.prospect);
	json_array(j, "next_of");
	for (size_t i = 0; i < h->tries.users; i++)
		prospect_json(j, NULL, h->tries.user[i], p, &h->of_user[i]);
	json_end(j);
	tries_json(&h->tries, j, "attempts");
	evidence_breaches_json(&h->evidence, j);
	evidence_outages_json(&h->evidence, j);
}

int explain_host(struct explain *x, const struct inquiry *q, struct fault *why)
{
	struct host *h = calloc(1, sizeof(*h));
	int result;

	if (h == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	h->q = q;
	result = find_all(h, &x->subject, why);
	if (result == 0 && x->json != NULL)
		host_json(h, x->json);
	else if (result == 0 && print_host(h, &x->cli->out, &x->subject) < 0)
		result = fault_set(why, FAULT_MEMORY, "out of memory");
	x->known = x->known || (result == 0 && is_known(h));
	free(h);
	return result;
}
