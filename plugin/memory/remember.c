/* remember: logins, and what they make of failures; see saslban/memory.h. */
#include "parts.h"

/* ---- who is known ---- */

unsigned memory_customers(const struct memory *m, const struct address *a,
			  int64_t now)
{
	return customers_at(&m->customers, a, now - m->policy->known_window);
}

bool memory_is_customer(const struct memory *m, const struct address *a,
			const char *user, int64_t now)
{
	struct name name = name_read(&m->key, user);

	return customers_has(&m->customers, a, &name,
			     now - m->policy->known_window);
}

unsigned memory_neighbours_of(const struct memory *m, const struct address *a,
			      int64_t now)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);
	unsigned most = 0, users;

	for (size_t i = 0; i < n; i++) {
		users = customers_at(&m->customers, &network[i],
				     now - m->policy->known_window);
		most = users > most ? users : most;
	}
	return most;
}

unsigned memory_movers(const struct memory *m, const struct address *a,
		       int64_t now)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);
	unsigned most = 0, users;

	for (size_t i = 0; i < n; i++) {
		users = customers_moving(&m->customers, &network[i],
					 now - m->policy->known_window);
		most = users > most ? users : most;
	}
	return most;
}

bool memory_is_near(const struct memory *m, const struct address *a,
		    const struct name *user, int64_t since)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);

	if (customers_has(&m->customers, a, user, since))
		return true;
	for (size_t i = 0; i < n; i++)
		if (customers_has(&m->customers, &network[i], user, since))
			return true;
	return false;
}

/* The widest of its networks: the place where somebody is. */
static struct address region(const struct memory *m, const struct address *a)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);

	return n == 0 ? *a : network[n - 1];
}

void memory_recall_login(const struct memory *m, const struct address *a,
			 const char *user, int64_t since, int64_t now,
			 struct entrance *out)
{
	const struct policy *p = m->policy;
	int64_t known = now - p->known_window;
	int64_t window = now - p->findtime;
	struct name name = name_read(&m->key, user);
	const struct offender *o = (const struct offender *)cache_find(
		&m->offenders, memory_key(m, a));
	struct address place = region(m, a);

	out->known = memory_is_near(m, a, &name, known);
	out->customers = memory_customers(m, a, now);
	out->neighbours = memory_neighbours_of(m, a, now);
	out->movers = memory_movers(m, a, now);
	out->elsewhere =
		customers_elsewhere(&m->customers, &name, &place, known);
	out->settled = customers_settled(&m->customers, &name, known);
	out->account_hosts = memory_account_hosts(m, user, now);
	out->others = 0;
	out->guesses = 0;
	if (o != NULL)
		out->others = offender_others(o, &name,
					      since > window ? since : window,
					      &out->guesses);
}

/* ---- a login ---- */

/* Somebody who was seen in the network and is at another address now moves
 * about in it. */
static int note_places(struct memory *m, const struct address *a,
		       const struct name *user, int64_t at,
		       struct login_news *out)
{
	int64_t since = at - m->policy->known_window;
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);
	struct address place = region(m, a);
	bool was_near = memory_is_near(m, a, user, since);
	struct acquaintance here, near;

	if (customers_note(&m->customers, a, user, at, since, false, &here) <
		    0 ||
	    customers_note_user(&m->customers, user, a, &place, at) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (customers_note(&m->customers, &network[i], user, at, since,
				   here.fresh && was_near, &near) < 0)
			return -1;
	out->customer = here.fresh;
	out->write = here.again;
	return 0;
}

/* account: 0 where it is a network. */
static void correct(struct cache *t, uint64_t key, uint64_t address,
		    const struct offender *o, uint64_t account)
{
	struct hosts *h = (struct hosts *)cache_find(t, key);
	bool excused;
	int64_t at = offender_latest(o, account, &excused);

	if (h != NULL)
		hosts_correct(h, address, at, excused);
}

/* Whose failures at the account were his own: he is no attacker of it, and his
 * network is not attacked by him. */
static void withdraw(struct memory *m, const struct address *a,
		     const struct name *user, const struct offender *o)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);

	for (size_t i = 0; i < o->n; i++) {
		uint64_t account = o->attempt[i].user.whole;

		if (o->attempt[i].wide && name_same(&o->attempt[i].user, user))
			correct(&m->accounts, account, memory_region_key(m, a),
				o, account);
	}
	for (size_t i = 0; i < n; i++)
		correct(&m->networks, memory_key(m, &network[i]),
			memory_key(m, a), o, 0);
}

int memory_note_login(struct memory *m, const struct address *a,
		      const char *user, int64_t at, struct login_news *out,
		      struct fault *why)
{
	struct name name = name_read(&m->key, user);
	struct offender *o =
		(struct offender *)cache_find(&m->offenders, memory_key(m, a));

	out->write = out->customer = false;
	out->forgiven.n = 0;
	if (name.whole == 0)
		return 0;
	if (m->policy->known_window > 0 &&
	    note_places(m, a, &name, at, out) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (o == NULL)
		return 0;
	offender_forgive(o, &name, &out->forgiven);
	if (out->forgiven.n > 0)
		withdraw(m, a, &name, o);
	return 0;
}

int memory_learn(struct memory *m, const struct address *a, const char *user,
		 int64_t first, int64_t last, struct fault *why)
{
	struct name name = name_read(&m->key, user);
	struct login_news unused;

	if (name.whole == 0)
		return 0;
	if (note_places(m, a, &name, first, &unused) < 0 ||
	    note_places(m, a, &name, last, &unused) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

void memory_disown(struct memory *m, const struct address *a, const char *user)
{
	struct name name = name_read(&m->key, user);
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);

	customers_forget(&m->customers, a, &name);
	for (size_t i = 0; i < n; i++)
		customers_forget(&m->customers, &network[i], &name);
}

unsigned memory_others(const struct memory *m, const struct address *a,
		       const char *user, int64_t now)
{
	const struct offender *o = (const struct offender *)cache_find(
		&m->offenders, memory_key(m, a));
	struct name name = name_read(&m->key, user);
	int64_t guesses;

	if (o == NULL)
		return 0;
	return offender_others(o, &name, now - m->policy->findtime, &guesses);
}

static struct attempt *find_row(const struct memory *m, const struct address *a,
				int64_t row)
{
	struct offender *o =
		(struct offender *)cache_find(&m->offenders, memory_key(m, a));

	for (size_t i = 0; o != NULL && i < o->n; i++)
		if (o->attempt[i].row == row)
			return &o->attempt[i];
	return NULL;
}

bool memory_is_waiting(const struct memory *m, const struct address *a,
		       int64_t row)
{
	const struct attempt *attempt = find_row(m, a, row);

	return attempt != NULL && attempt->grace &&
	       attempt->standing == VERDICT_COUNT;
}

void memory_end_grace(struct memory *m, const struct address *a, int64_t row)
{
	struct attempt *attempt = find_row(m, a, row);

	if (attempt != NULL)
		attempt->grace = false;
}

/* ---- outage ---- */

bool memory_note_trouble(struct memory *m, const struct address *a, int64_t at)
{
	return a->family == ADDRESS_NONE &&
	       outage_note_trouble(&m->outage, 0, at);
}

bool memory_note_success(struct memory *m, const char *user, int64_t at)
{
	struct name name = name_read(&m->key, user);

	return outage_note_login(&m->outage, name.whole, at);
}

void memory_signs(const struct memory *m, int64_t now, struct signs *out)
{
	outage_signs(&m->outage, now, out);
}

void memory_forget_signs(struct memory *m, int64_t at)
{
	outage_forget(&m->outage, at);
}

void memory_set_outage(struct memory *m, bool open, int64_t now)
{
	outage_set(&m->outage, open, now);
}

int64_t memory_outage_since(const struct memory *m, int64_t now)
{
	return outage_since(&m->outage, now);
}

bool memory_is_outage(const struct memory *m)
{
	return m->outage.open;
}
