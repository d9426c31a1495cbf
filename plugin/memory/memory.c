/* memory: see saslban/memory.h. What a line is asked of is in facts.c; what
 * is kept of it, in note.c and remember.c. */
#include "saslban/memory.h"

#include <stdlib.h>
#include <string.h>

#include "parts.h"

enum { LEAST = 2 * 3600 /* seconds that echoes and signs look back */ };

int memory_open(struct memory **out, const struct policy *policy,
		const struct siphash_key *key, struct fault *why)
{
	struct memory *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	m->policy = policy;
	m->key = *key;
	m->sure = 1;
	m->spare = MEMORY_LENT;
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
	m->since = 0;
	m->swept = 0;
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
