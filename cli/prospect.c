/* prospect: see prospect.h. */
#include "prospect.h"

#include <inttypes.h>

#include "saslban/duration.h"
#include "saslban/plural.h"
#include "strike.h"

/* Why nothing would come of it. */
static const char *const nothings[VERDICT_KINDS] = {
	[VERDICT_LATE] = "would be kept for the record: a ban runs",
	[VERDICT_OLD] = "would be kept for the record: it is too old",
	[VERDICT_ECHO] =
		"would not count: it would be taken for the attempt of a "
		"moment ago",
	[VERDICT_REPEAT] =
		"would not count: it would be taken for a program that "
		"tries the same wrong password again",
	[VERDICT_OUTAGE] = "would not count: there is an outage",
	[VERDICT_DOUBT] = "would not count: it may be our own trouble",
};

static bool is_something(const struct prospect *x)
{
	return x->verdict.kind == VERDICT_COUNT ||
	       x->verdict.kind == VERDICT_GRACE ||
	       x->verdict.kind == VERDICT_BAN;
}

bool prospect_same(const struct prospect *a, const struct prospect *b)
{
	return a->verdict.kind == b->verdict.kind &&
	       a->by_network == b->by_network &&
	       (a->verdict.kind != VERDICT_BAN ||
		a->verdict.ground == b->verdict.ground);
}

static void put_sentence(struct flow *f, const struct policy *p,
			 const char *whom, const struct history *h,
			 const struct verdict *v)
{
	char length[DURATION_TEXT];

	flow_put(f, PLAIN, "would ban %s ", whom);
	if (v->until == DURATION_FOREVER)
		flow_put(f, PLAIN, "forever");
	else
		flow_put(f, PLAIN, "for %s",
			 duration_length(v->until - v->from, length));
	flow_put(f, PLAIN, ", ");
	strike_put(f, v->strike, strike_jumps(p, h, v->strike, v->from));
	flow_put(f, PLAIN, ": ");
}

static void put_attack(struct flow *f, const struct policy *p,
		       const struct prospect *x)
{
	char span[DURATION_TEXT];

	flow_put(f, PLAIN,
		 "the account is under attack by %u other address%s within %s",
		 x->history.account_hosts, plural_es(x->history.account_hosts),
		 duration_print(p->account_window, span));
}

static void put_ground(struct flow *f, const struct policy *p,
		       const struct prospect *x)
{
	if (x->verdict.ground == GROUND_ACCOUNT)
		put_attack(f, p, x);
	else if (x->verdict.ground == GROUND_TRAP)
		flow_put(f, PLAIN, "nobody honest knows that user");
	else if (x->history.outage)
		flow_put(f, PLAIN,
			 "it tries one account after the other in an "
			 "outage");
	else
		flow_put(f, PLAIN, "it is failure %" PRId64 " of %u",
			 x->failures, policy_patience(p, &x->history));
}

void prospect_put(struct flow *f, const struct policy *p,
		  const struct prospect *x, const char *it)
{
	char network[ADDRESS_TEXT], span[DURATION_TEXT];

	if (!is_something(x)) {
		flow_put(f, PLAIN, "%s", nothings[x->verdict.kind]);
	} else if (x->by_network) {
		put_sentence(f, p, address_print(&x->network, network),
			     &x->network_history, &x->wide);
		flow_put(f, PLAIN, "%u address%s of it failed within %s",
			 x->network_history.hosts,
			 plural_es(x->network_history.hosts),
			 duration_print(p->network_window, span));
	} else if (x->verdict.kind == VERDICT_BAN) {
		put_sentence(f, p, it, &x->history, &x->verdict);
		put_ground(f, p, x);
	} else if (x->verdict.kind == VERDICT_GRACE) {
		flow_put(f, PLAIN,
			 "would ban %s after %s, unless the user logs in from "
			 "there: ",
			 it, duration_print(p->account_grace, span));
		put_attack(f, p, x);
	} else {
		flow_put(f, PLAIN, "would be counted: %" PRId64 " of %u",
			 x->failures, policy_patience(p, &x->history));
	}
}

void prospect_json(struct json *j, const char *key, const char *user,
		   const struct policy *p, const struct prospect *x)
{
	const struct verdict *v = x->by_network ? &x->wide : &x->verdict;
	bool bans = is_something(x) && v->kind == VERDICT_BAN;
	char network[ADDRESS_TEXT];

	json_object(j, key);
	if (user != NULL)
		json_text(j, "user", user);
	json_text(j, "verdict", verdict_word(bans ? v->kind : x->verdict.kind));
	json_number(j, "failures", x->failures);
	json_number(j, "patience", policy_patience(p, &x->history));
	if (bans) {
		json_text(j, "ground", ground_word(v->ground));
		json_number(j, "strike", v->strike);
		json_duration(j, "bantime", duration_left(v->until, v->from));
	}
	if (bans && x->by_network)
		json_text(j, "network", address_print(&x->network, network));
	json_end(j);
}
