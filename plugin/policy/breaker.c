/*
 * breaker: can nobody log in at this time?
 *
 * The sign is that customers, who log in day by day, fail one after the other
 * and nobody succeeds. A guesser is no customer, and who has an account is one
 * customer. Lines about our own trouble make it surer, and alone are nothing:
 * some of them a guesser can cause.
 */
#include "saslban/policy.h"

/* Customers that have to fail: fewer when our own trouble was reported. */
static unsigned needed(const struct policy *p, const struct signs *s)
{
	return s->trouble ? (p->breaker + 1) / 2 : p->breaker;
}

/* Customers who tried before and fail again are a sign, but for hours they may
 * be telephones. */
static bool lasts(const struct signs *s, int64_t now)
{
	return now - s->last < POLICY_OUTAGE_QUIET ||
	       (now - s->again < POLICY_OUTAGE_QUIET &&
		now - s->opened < POLICY_OUTAGE_LONGEST);
}

bool policy_outage(const struct policy *p, const struct signs *s, int64_t now)
{
	if (p->breaker == 0)
		return false;
	if (!s->open)
		return s->customers >= needed(p, s);
	return s->logins < POLICY_OUTAGE_OVER && lasts(s, now);
}
