/* policy: see saslban/policy.h. */
#include "saslban/policy.h"

#include "saslban/duration.h"

int64_t policy_when(int64_t reported, int64_t arrived)
{
	return reported > arrived + POLICY_AHEAD ? arrived : reported;
}

int64_t policy_window(const struct policy *p, const struct history *h,
		      int64_t now)
{
	int64_t since = now - p->findtime;

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

static struct verdict offense(const struct policy *p, const struct history *h,
			      int64_t now)
{
	struct verdict v = {.kind = VERDICT_BAN, .from = now};

	v.strike = remembered_strikes(p, h, now) + 1;
	v.until = duration_after(now, policy_sentence(p, v.strike));
	return v;
}

struct verdict policy_decide(const struct policy *p, const struct history *h,
			     unsigned count, int64_t when, int64_t now)
{
	if (h->banned || when < h->last_end)
		return (struct verdict){.kind = VERDICT_LATE};
	if (when < now - p->findtime)
		return (struct verdict){.kind = VERDICT_OLD};
	if (h->failures + count < p->maxretry)
		return (struct verdict){.kind = VERDICT_COUNT};
	return offense(p, h, now);
}

struct outlook policy_next(const struct policy *p, const struct history *h,
			   int64_t now)
{
	struct outlook next = {.offense = offense(p, h, now)};

	next.failure = policy_decide(p, h, 1, now, now).kind;
	if (next.failure != VERDICT_LATE)
		next.count = h->failures + 1;
	return next;
}
