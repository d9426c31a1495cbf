/* places: the networks in which an address is; see saslban/memory.h. */
#include "parts.h"

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

/* As whom an address attacks an account: who has an IPv6 network of the wider
 * kind has as many addresses as he likes. */
uint64_t memory_region_key(const struct memory *m, const struct address *a)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);

	return memory_key(m, n > 1 ? &network[n - 1] : a);
}

/* The widest of its networks: the place where somebody is. */
struct address memory_region(const struct memory *m, const struct address *a)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(m->policy, a, network);

	return n == 0 ? *a : network[n - 1];
}

struct offender *memory_offender(const struct memory *m,
				 const struct address *a)
{
	return (struct offender *)cache_find(&m->offenders, memory_key(m, a));
}
