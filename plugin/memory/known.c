/* known: who is known to log in from where; see saslban/memory.h. */
#include "parts.h"

bool memory_is_early(const struct memory *m, int64_t now, int64_t length)
{
	return m->since != 0 && now - m->since < length &&
	       m->customers.users.n >= POLICY_EARLY_USERS;
}

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

/* The most that there are in one of the networks of an address. */
static unsigned
most_in(const struct memory *m, const struct address *a, int64_t now,
	unsigned (*count)(const struct customers *c,
			  const struct address *place, int64_t since))
{
	int64_t since = now - m->policy->known_window;
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);
	unsigned most = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned users = count(&m->customers, &network[i], since);

		most = users > most ? users : most;
	}
	return most;
}

unsigned memory_neighbours(const struct memory *m, const struct address *a,
			   int64_t now)
{
	return most_in(m, a, now, customers_at);
}

unsigned memory_movers(const struct memory *m, const struct address *a,
		       int64_t now)
{
	return most_in(m, a, now, customers_moving);
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
