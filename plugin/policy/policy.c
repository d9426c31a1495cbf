/* policy: see saslban/policy.h. */
#include "saslban/policy.h"

#include "saslban/duration.h"

int64_t policy_when(int64_t reported, int64_t arrived)
{
	return reported > arrived + POLICY_AHEAD ? arrived : reported;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

bool policy_is_carrier(const struct history *h)
{
	return h->movers >= POLICY_CARRIER;
}

/* Customers that stand up for an address: its own, one or a few others of its
 * network, or all the unseen ones of a carrier. */
static unsigned customers(const struct policy *p, const struct history *h)
{
	unsigned here = least(h->customers, POLICY_CROWD);
	unsigned near = least(h->neighbours, POLICY_NEIGHBOURS);

	if (p->known_maxretry == 0)
		return 0;
	if (h->movers >= POLICY_MOVERS && h->hosts < p->network_hosts)
		return POLICY_MULTITUDE;
	return here > near ? here : near;
}

unsigned policy_patience(const struct policy *p, const struct history *h)
{
	unsigned patience = p->known_maxretry * customers(p, h);

	return patience > p->maxretry ? patience : p->maxretry;
}

int64_t policy_window(const struct policy *p, const struct history *h,
		      int64_t now)
{
	int64_t since = now - p->findtime;

	if (customers(p, h) > 1 && since < now - POLICY_HOUR)
		since = now - POLICY_HOUR;
	/* What led to an earlier ban, or came while it ran, is paid for. */
	return h->last_end > since ? h->last_end : since;
}

int64_t policy_sentence(const struct policy *p, unsigned strike)
{
	size_t step = strike < 1 ? 0 : strike - 1;
	int64_t duration;

	if (step < p->steps)
		duration = p->ladder[step];
	else
		duration = p->ladder[p->steps - 1];
	/* Beyond the ladder the last step repeats, or grows by the factor.
	 * No step is below a second, so this ends within 64 rounds. */
	for (size_t i = p->steps; p->factor > 1 && i <= step; i++) {
		if (duration >= p->longest)
			break;
		duration = duration > DURATION_MAX / p->factor
				   ? DURATION_FOREVER
				   : duration * p->factor;
	}
	return duration > p->longest ? p->longest : duration;
}

static unsigned remembered_strikes(const struct policy *p,
				   const struct history *h, int64_t now)
{
	if (p->forget > 0 && p->forget != DURATION_FOREVER && h->last_end > 0 &&
	    now - h->last_end > p->forget)
		return 0;
	return h->strikes;
}

bool policy_remembers(const struct policy *p, const struct history *h,
		      int64_t now)
{
	return remembered_strikes(p, h, now) > 0;
}

/* A first step below a day is for those who may be customers: what needs no
 * counting begins with the second. */
static unsigned next_strike(const struct policy *p, const struct history *h,
			    enum ground ground, int64_t now)
{
	unsigned strike = remembered_strikes(p, h, now) + 1;

	if (strike == 1 && ground != GROUND_COUNT && p->steps > 1 &&
	    p->ladder[0] < POLICY_DAY)
		return 2;
	return strike;
}

/* Several customers are there: a ban is for as short as can be. */
static int64_t sentence(const struct policy *p, const struct history *h,
			enum ground ground, unsigned strike)
{
	int64_t length = policy_sentence(p, strike), most = p->known_bantime;

	if (most == 0 || ground != GROUND_COUNT || customers(p, h) < 2)
		return length;
	return length < most ? length : most;
}

struct verdict policy_certain(const struct policy *p, const struct history *h,
			      enum ground ground, int64_t now)
{
	struct verdict v = {.kind = VERDICT_BAN, .ground = ground, .from = now};

	v.strike = next_strike(p, h, ground, now);
	v.until = duration_after(now, sentence(p, h, ground, v.strike));
	return v;
}

/* No customer stands up for it. */
static bool is_stranger(const struct history *h)
{
	return h->customers == 0 && h->neighbours == 0;
}

/* Nor could it be the user himself, at another address of his own network or of
 * a carrier. */
static bool is_intruder(const struct history *h)
{
	return h->customers == 0 && !h->near && !policy_is_carrier(h);
}

/* Nobody honest tries several accounts over and over because he cannot log
 * in. */
static bool is_sweep(const struct history *h)
{
	return is_stranger(h) && h->excused_accounts > 1 &&
	       h->excused >= POLICY_SWEEP;
}

/* For the record, and not to be counted: which of these is it? */
static enum verdict_kind set_aside(const struct policy *p,
				   const struct history *h, unsigned count,
				   int64_t when, int64_t now)
{
	if (h->banned || when < h->last_end)
		return VERDICT_LATE;
	if (when < now - p->findtime)
		return VERDICT_OLD;
	if (h->outage)
		return VERDICT_OUTAGE;
	if (count <= h->echoed)
		return VERDICT_ECHO;
	if (h->doubtful && (!h->failed || !is_stranger(h)))
		return VERDICT_DOUBT;
	if (h->repeated)
		return VERDICT_REPEAT;
	return VERDICT_COUNT;
}

/* What a stranger's failure for an account under attack is. Its user may be at
 * a new place, and mistype: he has a little time. Who has tried another account
 * is not the user. */
static enum verdict_kind intrude(const struct policy *p,
				 const struct history *h)
{
	if (p->account_grace == 0 || h->others > 0)
		return VERDICT_BAN;
	if (h->failures == 0)
		return VERDICT_GRACE;
	return h->waiting ? VERDICT_COUNT : VERDICT_BAN;
}

static bool is_under_attack(const struct policy *p, const struct history *h)
{
	if (p->account_hosts > 0 && h->account_hosts >= p->account_hosts)
		return true;
	return p->trap_hosts > 0 && !h->account_known &&
	       h->account_hosts >= p->trap_hosts;
}

bool verdict_counts(enum verdict_kind kind)
{
	return kind == VERDICT_COUNT || kind == VERDICT_BAN ||
	       kind == VERDICT_GRACE;
}

struct verdict policy_decide(const struct policy *p, const struct history *h,
			     unsigned count, int64_t when, int64_t now)
{
	enum verdict_kind kind = set_aside(p, h, count, when, now);
	int64_t failures = h->failures + count - h->echoed;

	if (kind == VERDICT_OUTAGE && is_sweep(h))
		return policy_certain(p, h, GROUND_COUNT, now);
	if (kind != VERDICT_COUNT)
		return (struct verdict){.kind = kind};
	if (is_intruder(h) && !h->doubtful && h->trap)
		return policy_certain(p, h, GROUND_TRAP, now);
	if (is_intruder(h) && !h->doubtful && is_under_attack(p, h))
		kind = intrude(p, h);
	if (kind == VERDICT_BAN)
		return policy_certain(p, h, GROUND_ACCOUNT, now);
	if (failures < policy_patience(p, h))
		return (struct verdict){.kind = kind};
	return policy_certain(p, h, GROUND_COUNT, now);
}

struct verdict policy_network(const struct policy *p, const struct history *h,
			      int64_t now)
{
	unsigned hosts = p->network_hosts;

	if (h->outage)
		hosts *= POLICY_SWEEP_HOSTS;
	if (hosts == 0 || h->banned || h->neighbours > 0 || h->hosts < hosts)
		return (struct verdict){.kind = VERDICT_COUNT};
	return policy_certain(p, h, GROUND_NETWORK, now);
}

struct outlook policy_next(const struct policy *p, const struct history *h,
			   int64_t now)
{
	struct outlook next = {.offense =
				       policy_certain(p, h, GROUND_COUNT, now)};

	next.failure = policy_decide(p, h, 1, now, now).kind;
	if (next.failure != VERDICT_LATE)
		next.count = h->failures + 1;
	return next;
}
