/* strike: see strike.h. */
#include "strike.h"

struct looking {
	const struct offense *offense;
	bool observing; /* what was only observed is a strike, too */
	bool found;     /* the one before it */
	struct history before;
};

bool strike_jumps(const struct policy *p, const struct history *h,
		  unsigned strike, int64_t at)
{
	unsigned before = policy_remembers(p, h, at) ? h->strikes : 0;

	return strike > before + 1;
}

static int64_t end_of(const struct offense *o)
{
	if (o->lifted != 0)
		return o->lifted;
	return o->ended != 0 ? o->ended : o->until;
}

/* The latest first, as offense_history has them. */
static int see_offense(void *context, const struct offense *o)
{
	struct looking *x = context;

	if (o->id >= x->offense->id || (o->observed && !x->observing) ||
	    !address_equal(&o->address, &x->offense->address))
		return 0;
	if (!x->found)
		x->before.strikes = o->strike - (o->lifted != 0);
	x->found = true;
	if (end_of(o) > x->before.last_end)
		x->before.last_end = end_of(o);
	return 0;
}

int strike_look(const struct inquiry *q, const struct offense *o, bool *jumps,
		struct fault *why)
{
	const struct settings *s = &q->jail->settings;
	struct looking x = {.offense = o, .observing = !s->enforce};
	struct offense_query oq = {.jail = q->jail->id, .at = &o->address};

	*jumps = false;
	if (o->ground == GROUND_COUNT || o->ground == GROUND_PERSON ||
	    o->ground == GROUND_FOUND)
		return 0;
	if (offense_each(q->session->store, &oq, see_offense, &x, why) < 0)
		return -1;
	*jumps = strike_jumps(&s->policy, &x.before, o->strike, o->at);
	return 0;
}

void strike_put(struct flow *f, unsigned strike, bool jumps)
{
	flow_put(f, PLAIN, "strike %u%s", strike,
		 jumps ? " (it begins at the second step: no slip of a "
			 "customer)"
		       : "");
}
