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
	int64_t span;

	if (step < p->steps)
		span = p->ladder[step];
	else
		span = p->ladder[p->steps - 1];
	/* Beyond the ladder the last step repeats, or grows by the factor.
	 * No step is below a second, so this ends within 64 rounds. */
	for (size_t i = p->steps; p->factor > 1 && i <= step; i++) {
		if (span >= p->longest)
			break;
		span = span > DURATION_MAX / p->factor ? DURATION_FOREVER
						       : span * p->factor;
	}
	return span > p->longest ? p->longest : span;
}

static unsigned remembered_strikes(const struct policy *p,
				   const struct history *h, int64_t now)
{
	if (p->forget > 0 && p->forget != DURATION_FOREVER && h->last_end > 0 &&
	    now - h->last_end > p->forget)
		return 0;
	return h->strikes;
}

struct verdict policy_decide(const struct policy *p, const struct history *h,
			     unsigned count, int64_t when, int64_t now)
{
	struct verdict v = {.kind = VERDICT_COUNT};

	if (h->banned || when < h->last_end) {
		v.kind = VERDICT_LATE;
	} else if (when < now - p->findtime) {
		v.kind = VERDICT_OLD;
	} else if (h->failures + count >= p->maxretry) {
		v.kind = VERDICT_BAN;
		v.strike = remembered_strikes(p, h, now) + 1;
		v.from = now;
		v.until = duration_after(now, policy_sentence(p, v.strike));
	}
	return v;
}
