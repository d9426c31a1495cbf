/* remember: a login is remembered, and what it makes of failures; see
 * saslban/memory.h. */
#include "parts.h"

static int note_places(struct memory *m, const struct address *a,
		       const struct name *user, int64_t at,
		       struct login_news *out)
{
	int64_t since = at - m->policy->known_window;
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);
	struct address place = memory_region(m, a);
	bool moved = customers_move(&m->customers, user, a, &place, since);
	struct acquaintance here, near;

	if (m->since == 0 || at < m->since)
		m->since = at;
	if (customers_note(&m->customers, a, user, at, since, false, &here) <
		    0 ||
	    customers_note_user(&m->customers, user, a, &place, at) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (customers_note(&m->customers, &network[i], user, at, since,
				   moved, &near) < 0)
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
	struct offender *o = memory_offender(m, a);

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

static struct attempt *find_row(const struct memory *m, const struct address *a,
				int64_t row)
{
	struct offender *o = memory_offender(m, a);

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
