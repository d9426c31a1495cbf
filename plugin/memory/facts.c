/* facts: what is known before a line, for its verdict; see saslban/memory.h. */
#include "parts.h"

static const struct hosts *find_network(const struct memory *m,
					const struct address *a)
{
	return (const struct hosts *)cache_find(&m->networks, memory_key(m, a));
}

/* ---- a failure ---- */

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

/* Others of its networks that failed. */
static unsigned hosts_near(const struct memory *m, const struct address *a,
			   int64_t now)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);
	unsigned most = 0;

	for (size_t i = 0; i < n; i++) {
		const struct hosts *h = find_network(m, &network[i]);
		unsigned hosts =
			h == NULL ? 0
				  : hosts_count(h,
						now - m->policy->network_window,
						memory_key(m, a), true);

		most = hosts > most ? hosts : most;
	}
	return most;
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
	out->neighbours = memory_neighbours(m, &t->address, now);
	out->near = memory_is_near(m, &t->address, &a.user, since);
	out->doubtful = t->doubtful;
	out->trap = t->trap;
	out->outage = m->outage.open;
	out->account_hosts = account_hosts(
		m, &a.user, memory_region_key(m, &t->address), now);
	out->movers = memory_movers(m, &t->address, now);
	out->hosts = hosts_near(m, &t->address, now);
	out->account_known = customers_knows(&m->customers, &a.user, since);
	offender_recall(
		memory_offender(m, &t->address), p, &a, now,
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

void memory_foresee_network(const struct memory *m, const struct trace *t,
			    const struct address *network, int64_t now,
			    struct history *out)
{
	const struct hosts *h = find_network(m, network);

	memory_recall_network(m, network, now, out);
	out->hosts = 1;
	if (h != NULL)
		out->hosts +=
			hosts_count(h, network_since(m, out, now),
				    memory_key(m, &t->address), m->outage.open);
}

bool memory_is_wide(const struct trace *t, const struct history *h,
		    enum verdict_kind verdict)
{
	bool counts = verdict_counts(verdict) || verdict == VERDICT_OUTAGE;

	return counts && t->count > h->echoed && !t->doubtful &&
	       h->customers == 0 && !h->near;
}

/* ---- a login ---- */

void memory_recall_login(const struct memory *m, const struct address *a,
			 const char *user, int64_t since, int64_t now,
			 struct entrance *out)
{
	const struct policy *p = m->policy;
	int64_t known = now - p->known_window;
	int64_t window = now - p->findtime;
	struct name name = name_read(&m->key, user);
	const struct offender *o = memory_offender(m, a);
	struct address place = memory_region(m, a);

	out->known = memory_is_near(m, a, &name, known);
	out->customers = memory_customers(m, a, now);
	out->neighbours = memory_neighbours(m, a, now);
	out->movers = memory_movers(m, a, now);
	out->elsewhere =
		customers_elsewhere(&m->customers, &name, &place, known);
	out->early = memory_is_early(m, now, POLICY_EARLY);
	out->settled = customers_settled(&m->customers, &name, known);
	out->account_hosts = memory_account_hosts(m, user, now);
	out->others = 0;
	out->guesses = 0;
	if (o != NULL)
		out->others = offender_others(o, &name,
					      since > window ? since : window,
					      &out->guesses);
}

unsigned memory_others(const struct memory *m, const struct address *a,
		       const char *user, int64_t now)
{
	const struct offender *o = memory_offender(m, a);
	struct name name = name_read(&m->key, user);
	int64_t guesses;

	if (o == NULL)
		return 0;
	return offender_others(o, &name, now - m->policy->findtime, &guesses);
}
