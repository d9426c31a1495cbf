/* note: a failure is remembered, with its verdict; see saslban/memory.h. */
#include "parts.h"

enum {
	SIGN_AGAIN = 3600, /* seconds: who failed within it is no new sign */
	SWEEP = 600
};

static int note_hosts(struct cache *t, uint64_t key, uint64_t address,
		      int64_t at, bool outage)
{
	struct hosts *h = (struct hosts *)cache_get(t, key);

	if (h == NULL || hosts_note(h, address, at, outage) < 0)
		return -1;
	if (h->n > 1)
		cache_touch(t, &h->node, true);
	return 0;
}

/* Who fails for an account (an outage says nothing of it), and who fails in a
 * network. */
static int spread(struct memory *m, const struct trace *t,
		  const struct attempt *a, bool outage)
{
	uint64_t address = memory_key(m, &t->address);
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, &t->address, network);

	if (!outage && a->user.whole != 0 &&
	    note_hosts(&m->accounts, a->user.whole,
		       memory_region_key(m, &t->address), a->at, false) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (note_hosts(&m->networks, memory_key(m, &network[i]),
			       address, a->at, outage) < 0)
			return -1;
	return 0;
}

/* A customer who has just begun to fail. One who fails all day is a phone. */
static bool is_sign(const struct offender *o, const struct attempt *a)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct attempt *old = &o->attempt[i];

		if (old->at >= a->at - SIGN_AGAIN &&
		    name_same(&old->user, &a->user) &&
		    (old->standing == VERDICT_COUNT ||
		     old->standing == VERDICT_REPEAT ||
		     old->standing == VERDICT_OUTAGE))
			return false;
	}
	return true;
}

static bool is_kept(enum verdict_kind verdict)
{
	return verdict != VERDICT_LATE && verdict != VERDICT_OLD &&
	       verdict != VERDICT_DOUBT;
}

/* One customer is one sign, and an IPv6 network of the wider kind is: who has
 * one has as many addresses as he likes. */
static void note_signs(struct memory *m, const struct trace *t,
		       const struct offender *o, const struct attempt *a,
		       int64_t now)
{
	if (m->policy->breaker == 0 || t->doubtful ||
	    !customers_has(&m->customers, &t->address, &a->user,
			   now - m->policy->known_window))
		return;
	if (!is_sign(o, a)) {
		outage_note_again(&m->outage, a->at);
		return;
	}
	outage_note_failure(&m->outage, a->user.whole,
			    memory_region_key(m, &t->address), a->at);
}

static void shrink(void *context, struct node *node)
{
	offender_shrink((struct offender *)node, *(const int64_t *)context);
}

/* Attempts that matter no more make room, when there is hardly any: all are
 * looked through, so not often. */
static void sweep(struct memory *m, int64_t now, int64_t horizon)
{
	if (m->spare >= MEMORY_ATTEMPTS ||
	    (now >= m->swept && now - m->swept < SWEEP))
		return;
	m->swept = now;
	cache_each(&m->offenders, shrink, &horizon);
}

int memory_note(struct memory *m, const struct trace *t,
		enum verdict_kind verdict, int64_t now,
		struct memory_rows *repeats, struct fault *why)
{
	struct attempt a = attempt_read(&m->key, t);
	int64_t horizon = now - memory_span(m->policy);
	struct offender *o;

	repeats->n = 0;
	if (verdict == VERDICT_LATE || verdict == VERDICT_OLD)
		return 0;
	o = (struct offender *)cache_get(&m->offenders,
					 memory_key(m, &t->address));
	if (o == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	note_signs(m, t, o, &a, now);
	sweep(m, now, horizon);
	if (is_kept(verdict) &&
	    offender_note(o, &a, verdict, horizon, &m->spare, repeats) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (o->n > 1)
		cache_touch(&m->offenders, &o->node, true);
	if (t->wide && verdict != VERDICT_FORGIVEN &&
	    spread(m, t, &a, verdict == VERDICT_OUTAGE) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}
