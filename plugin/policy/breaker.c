/*
 * breaker: can nobody log in at this time?
 *
 * The sign is that customers, who log in day by day, fail one after the other
 * and nobody succeeds. A guesser is no customer, and who has an account is one
 * customer. Lines about our own trouble make it surer, and alone are nothing:
 * some of them a guesser can cause.
 */
#include "saslban/policy.h"

/* Customers that have to fail: fewer when our own trouble was reported, more
 * when an outage has just passed. */
static unsigned needed(const struct policy *p, const struct signs *s,
		       int64_t now)
{
	unsigned customers = p->breaker;

	if (s->closed != 0 && now - s->closed < POLICY_OUTAGE_QUIET)
		customers *= 2;
	return s->troubles > 0 ? (customers + 1) / 2 : customers;
}

bool policy_outage(const struct policy *p, const struct signs *s, int64_t now)
{
	if (p->breaker == 0)
		return false;
	if (!s->open)
		return s->customers >= needed(p, s, now);
	return s->logins < POLICY_OUTAGE_OVER &&
	       now - s->last < POLICY_OUTAGE_QUIET;
}
