/*
 * guess: the login that nobody wants to see, the guess that hit.
 *
 * It is told at once, so it must not be told of customers: who is known at the
 * place never gives an alarm, and neither does somebody new where several
 * customers are, unless he himself was the one who guessed.
 */
#include "saslban/policy.h"

enum {
	GUESSES = 5, /* at one account, before it let him in */
	OTHERS = 2,  /* other accounts that nobody tries by mistake */
	MANY = 3,    /* ... where somebody is at home */
	CLEARLY = 4  /* ... of a user who may be new, where others are */
};

/* A place where people come and go. Who is at home elsewhere has no business at
 * the fixed address of somebody whose neighbours log in. */
static bool is_crowd(const struct entrance *e)
{
	if (e->customers > 0 || e->movers >= POLICY_CARRIER)
		return true;
	return e->neighbours >= POLICY_NEIGHBOURS && !e->settled;
}

/* A user who has never been seen may be new, and share his address with a
 * guesser; one who is known from elsewhere is not where he always is. */
static bool tried_others(const struct entrance *e, bool attacked)
{
	if (e->elsewhere == 0 && e->neighbours > 0)
		return e->others >= CLEARLY;
	return e->others >= OTHERS || (e->others > 0 && attacked) ||
	       (e->others > 0 && e->guesses > 0 && e->elsewhere > 0);
}

enum breach policy_breach(const struct policy *p, const struct entrance *e)
{
	bool attacked =
		p->account_hosts > 0 && e->account_hosts >= p->account_hosts;

	if (e->known)
		return BREACH_NONE;
	/* Nearly everybody is new on the first day: he must have tried this
	 * account for long. */
	if (e->early && e->elsewhere == 0)
		return e->guesses >= GUESSES && !is_crowd(e) ? BREACH_GUESSED
							     : BREACH_NONE;
	/* Not even a crowd explains him who is always somewhere else. */
	if (e->settled && e->customers == 0 && e->others >= CLEARLY)
		return BREACH_OTHERS;
	if (is_crowd(e))
		return BREACH_NONE;
	if (e->banned)
		return BREACH_BANNED;
	if (tried_others(e, attacked))
		return BREACH_OTHERS;
	if (e->guesses >= GUESSES)
		return BREACH_GUESSED;
	/* Who is known at several places may well be at one more. */
	if (attacked && e->settled && e->elsewhere == 1 && e->neighbours == 0)
		return BREACH_ATTACKED;
	return BREACH_NONE;
}

/* Where anybody else logs in, he is one of those. */
enum breach policy_breach_late(const struct policy *p, const struct entrance *e)
{
	struct entrance then = *e;

	if (e->elsewhere == 0 || e->neighbours > 0)
		return BREACH_NONE;
	then.known = then.early = false;
	return policy_breach(p, &then);
}

bool policy_hindsight(const struct history *h, unsigned others, bool banned)
{
	return h->customers == 1 && h->neighbours < POLICY_NEIGHBOURS &&
	       others >= (banned ? 1 : MANY);
}
