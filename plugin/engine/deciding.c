/* deciding: see deciding.h. */
#include "deciding.h"

#include "pasts.h"

/* The widest network that has earned it is banned instead of the address. */
static int decide_networks(struct docket *d, const struct trace *t, int64_t now,
			   struct prospect *out, struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(p, &t->address, network);

	for (size_t i = n; i-- > 0 && !out->by_network;) {
		struct history *h = &out->network_history;

		if (pasts_get(d, &network[i], now, h, why) < 0)
			return -1;
		memory_foresee_network(d->memory, t, &network[i], now, h);
		out->wide = policy_network(p, h, now);
		out->network = network[i];
		out->by_network = out->wide.kind == VERDICT_BAN &&
				  (d->exempt == NULL ||
				   !exempt_find(d->exempt, &network[i], NULL));
	}
	return 0;
}

int deciding_decide(struct docket *d, struct trace *t, int64_t now,
		    struct prospect *out, struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct history *h = &out->history;

	*out = (struct prospect){.failures = 0};
	if (pasts_with_networks(d, &t->address, now, h, why) < 0)
		return -1;
	memory_recall(d->memory, t, now, h);
	out->verdict = policy_decide(p, h, t->count, t->at, now);
	out->failures = h->failures;
	if (verdict_counts(out->verdict.kind))
		out->failures = (h->outage ? h->excused : h->failures) +
				t->count - h->echoed;
	t->wide = memory_is_wide(t, h, out->verdict.kind);
	return t->wide ? decide_networks(d, t, now, out, why) : 0;
}

int deciding_foresee(struct docket *d, const struct address *offender,
		     const char *user, int64_t now, struct prospect *out,
		     struct fault *why)
{
	struct trace t = {
		.address = *offender,
		.user = user,
		.service = "",
		.session = "",
		.count = 1,
		.trap = settings_is_trap(d->settings, user),
		.at = now,
	};

	return deciding_decide(d, &t, now, out, why);
}
