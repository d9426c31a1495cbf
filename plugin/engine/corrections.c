/* corrections: see corrections.h. */
#include "corrections.h"

#include <stdbool.h>

#include "carry.h"
#include "saslban/duration.h"

/* Seconds. The kernel counts down from the moment of the add, and rounds: a
 * smaller difference is none. */
enum { SLACK = 3 };

static bool about(int64_t a, int64_t b)
{
	if (a == DURATION_FOREVER || b == DURATION_FOREVER)
		return a == b;
	return a <= b + SLACK && b <= a + SLACK;
}

int64_t corrections_held(const struct entry *e, int64_t left, int64_t from,
			 int64_t longest, int64_t now)
{
	int64_t until = from + left;

	/* Somebody has added it for good. That does for our ban, and when
	 * there is none it is not ours to remove. */
	if (left == 0)
		return duration_left(e->wanted, now) > longest ? now + longest
							       : e->wanted;
	if (about(until, e->held))
		return e->held;
	if (about(until, e->wanted))
		return e->wanted;
	/* It was put back, for longer than it was noted. */
	if (until > e->held && until < e->wanted && carry_is_settled(e, now))
		return e->held;
	return until;
}

void corrections_add(struct corrections *c, const struct entry *e, int64_t held)
{
	c->of[c->n].address = e->address;
	c->of[c->n].longer = held > e->wanted;
	c->of[c->n++].held = held;
}
