/* memory: see saslban/memory.h. What is kept of failures; logins are in
 * remember.c. */
#include "saslban/memory.h"

#include <stdlib.h>
#include <string.h>

#include "parts.h"

enum {
	SIGN_AGAIN = 3600, /* seconds: who failed within it is no new sign */
	LEAST = 2 * 3600   /* seconds that echoes and signs look back */
};

int memory_open(struct memory **out, const struct policy *policy,
		const struct siphash_key *key, struct fault *why)
{
	struct memory *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	m->policy = policy;
	m->key = *key;
	m->sure = 1;
	if (cache_open(&m->offenders, sizeof(struct offender), MEMORY_OFFENDERS,
		       offender_drop) < 0 ||
	    cache_open(&m->accounts, sizeof(struct hosts), MEMORY_ACCOUNTS,
		       hosts_drop) < 0 ||
	    cache_open(&m->networks, sizeof(struct hosts), MEMORY_NETWORKS,
		       hosts_drop) < 0 ||
	    customers_open(&m->customers, &m->key) < 0) {
		memory_close(m);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	*out = m;
	return 0;
}

void memory_close(struct memory *m)
{
	if (m == NULL)
		return;
	cache_close(&m->offenders);
	cache_close(&m->accounts);
	cache_close(&m->networks);
	customers_close(&m->customers);
	free(m);
}

void memory_clear(struct memory *m)
{
	cache_clear(&m->offenders);
	cache_clear(&m->accounts);
	cache_clear(&m->networks);
	customers_clear(&m->customers);
	m->outage = (struct outage){0};
	m->sure++;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t memory_span(const struct policy *p)
{
	return longer(longer(longer(p->findtime, p->repeat_window),
			     longer(p->account_window, p->network_window)),
		      LEAST);
}

/* ---- places ---- */

uint64_t memory_key(const struct memory *m, const struct address *a)
{
	return siphash(&m->key, a, sizeof(*a));
}

size_t memory_networks(const struct policy *p, const struct address *a,
		       struct address out[MEMORY_LEVELS])
{
	const unsigned v4[MEMORY_LEVELS] = {p->network4, 0};
	const unsigned v6[MEMORY_LEVELS] = {p->network6, p->network6_wide};
	const unsigned *length = a->family == ADDRESS_V4 ? v4 : v6;
	size_t n = 0;

	/* Behind a translator strangers live side by side. */
	if (address_translated(a) != 0)
		return 0;
	for (size_t i = 0; i < MEMORY_LEVELS; i++)
		if (length[i] != 0 && length[i] < a->prefix)
			out[n++] = address_mask(a, length[i]);
	return n;
}

static struct offender *find_offender(const struct memory *m,
				      const struct address *a)
{
	return (struct offender *)cache_find(&m->offenders, memory_key(m, a));
}

static const struct hosts *find_network(const struct memory *m,
					const struct address *a)
{
	return (const struct hosts *)cache_find(&m->networks, memory_key(m, a));
}

/* As whom an address attacks an account: who has an IPv6 network of the wider
 * kind has as many addresses as he likes. */
uint64_t memory_region_key(const struct memory *m, const struct address *a)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);

	return memory_key(m, n > 1 ? &network[n - 1] : a);
}

/* ---- recall ---- */

/* Failures of a user where he is at home by now say nothing about his account.
 */
static unsigned account_hosts(const struct memory *m, const struct name *user,
			      uint64_t without, int64_t now)
{
	const struct hosts *h =
		(const struct hosts *)cache_find(&m->accounts, user->whole);
	int64_t since = now - m->policy->account_window;
	unsigned n = 0;

	if (h == NULL || user->whole == 0)
		return 0;
	for (size_t i = 0; i < h->n; i++)
		n += h->host[i].at >= since && h->host[i].address != without &&
		     !customers_has_key(&m->customers, h->host[i].address, user,
					now - m->policy->known_window);
	return n;
}

unsigned memory_account_hosts(const struct memory *m, const char *user,
			      int64_t now)
{
	struct name name = name_read(&m->key, user);

	return account_hosts(m, &name, 0, now);
}

void memory_recall(struct memory *m, const struct trace *t, int64_t now,
		   struct history *out)
{
	const struct policy *p = m->policy;
	int64_t since = now - p->known_window;
	struct attempt a = attempt_read(&m->key, t);

	out->customers = memory_customers(m, &t->address, now);
	out->neighbours = memory_neighbours_of(m, &t->address, now);
	out->near = memory_is_near(m, &t->address, &a.user, since);
	out->doubtful = t->doubtful;
	out->trap = t->trap;
	out->outage = m->outage.open;
	out->account_hosts = account_hosts(
		m, &a.user, memory_region_key(m, &t->address), now);
	out->movers = memory_movers(m, &t->address, now);
	out->account_known = customers_knows(&m->customers, &a.user, since);
	offender_recall(
		find_offender(m, &t->address), p, &a, now,
		customers_has(&m->customers, &t->address, &a.user, since), out);
}

/* What led to an earlier ban, or came while it ran, is paid for. */
static int64_t network_since(const struct memory *m, const struct history *h,
			     int64_t now)
{
	int64_t since = now - m->policy->network_window;

	return h->last_end > since ? h->last_end : since;
}

void memory_recall_network(const struct memory *m, const struct address *a,
			   int64_t now, struct history *out)
{
	const struct hosts *h = find_network(m, a);

	out->outage = m->outage.open;
	out->neighbours =
		customers_at(&m->customers, a, now - m->policy->known_window);
	out->hosts = h == NULL ? 0
			       : hosts_count(h, network_since(m, out, now), 0,
					     m->outage.open);
}

/* ---- note ---- */

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

/* Who fails where customers log in, or the user himself does, says nothing
 * about the account or the network. */
static bool is_home(const struct memory *m, const struct trace *t,
		    const struct attempt *a, int64_t now)
{
	return memory_customers(m, &t->address, now) > 0 ||
	       memory_is_near(m, &t->address, &a->user,
			      now - m->policy->known_window);
}

void memory_foresee_network(const struct memory *m, const struct trace *t,
			    const struct address *network, int64_t now,
			    struct history *out)
{
	const struct hosts *h = find_network(m, network);
	struct attempt a = attempt_read(&m->key, t);

	memory_recall_network(m, network, now, out);
	if (t->doubtful || is_home(m, t, &a, now))
		return;
	out->hosts = 1;
	if (h != NULL)
		out->hosts +=
			hosts_count(h, network_since(m, out, now),
				    memory_key(m, &t->address), m->outage.open);
}

bool memory_is_wide(const struct trace *t, const struct history *h,
		    enum verdict_kind verdict)
{
	bool counts = verdict == VERDICT_COUNT || verdict == VERDICT_BAN ||
		      verdict == VERDICT_GRACE || verdict == VERDICT_OUTAGE;

	return counts && t->count > h->echoed && !t->doubtful &&
	       h->customers == 0 && !h->near;
}

int memory_note(struct memory *m, const struct trace *t,
		enum verdict_kind verdict, int64_t now,
		struct memory_rows *repeats, struct fault *why)
{
	struct attempt a = attempt_read(&m->key, t);
	struct offender *o;

	repeats->n = 0;
	if (verdict == VERDICT_LATE || verdict == VERDICT_OLD)
		return 0;
	o = (struct offender *)cache_get(&m->offenders,
					 memory_key(m, &t->address));
	if (o == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	note_signs(m, t, o, &a, now);
	if (is_kept(verdict) &&
	    offender_note(o, &a, verdict, now - memory_span(m->policy),
			  repeats) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (o->n > 1)
		cache_touch(&m->offenders, &o->node, true);
	if (t->wide && verdict != VERDICT_FORGIVEN &&
	    spread(m, t, &a, verdict == VERDICT_OUTAGE) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

/* ---- bans ---- */

static struct ban *ban_of(const struct memory *m, const struct address *a)
{
	struct offender *o = find_offender(m, a);
	struct hosts *h;

	if (o != NULL)
		return &o->ban;
	h = (struct hosts *)cache_find(&m->networks, memory_key(m, a));
	return h == NULL ? NULL : &h->ban;
}

/* Most networks have never been banned, and that is worth to be known. */
static struct ban *new_ban_of(struct memory *m, const struct address *a)
{
	struct hosts *h =
		(struct hosts *)cache_get(&m->networks, memory_key(m, a));

	return h == NULL ? NULL : &h->ban;
}

bool memory_ban_get(const struct memory *m, const struct address *a,
		    int64_t now, struct history *out)
{
	const struct ban *b = ban_of(m, a);

	if (b == NULL || b->sure != m->sure)
		return false;
	out->strikes = b->strikes;
	out->forever = b->forever;
	out->last_end = b->last_end;
	out->banned = b->last_end > now;
	return true;
}

void memory_ban_put(struct memory *m, const struct address *a, bool network,
		    const struct history *h)
{
	struct ban *b = ban_of(m, a);

	if (b == NULL && network)
		b = new_ban_of(m, a);
	if (b != NULL)
		*b = (struct ban){.sure = m->sure,
				  .strikes = h->strikes,
				  .forever = h->forever,
				  .last_end = h->last_end};
}

void memory_ban_forget(struct memory *m)
{
	m->sure++;
}
