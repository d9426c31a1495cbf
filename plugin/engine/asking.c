/* asking: see asking.h. */
#include "asking.h"

#include "pasts.h"

/* As in failing.c: the widest network that has earned it. */
static int ask_networks(struct docket *d, const struct trace *t, int64_t now,
			struct prospect *out, struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(p, &t->address, network);

	for (size_t i = n; i-- > 0 && !out->by_network;) {
		struct history h;

		if (pasts_get(d, &network[i], now, &h, why) < 0)
			return -1;
		memory_foresee_network(d->memory, t, &network[i], now, &h);
		out->wide = policy_network(p, &h, now);
		out->network = network[i];
		out->hosts = h.hosts;
		out->by_network = out->wide.kind == VERDICT_BAN &&
				  (d->exempt == NULL ||
				   !exempt_find(d->exempt, &network[i], NULL));
	}
	return 0;
}

int asking_prospect(struct docket *d, const struct address *offender,
		    const char *user, int64_t now, struct prospect *out,
		    struct fault *why)
{
	const struct trace t = {
		.address = *offender,
		.user = user,
		.service = "",
		.session = "",
		.count = 1,
		.trap = settings_is_trap(d->settings, user),
		.at = now,
	};
	struct history *h = &out->history;

	*out = (struct prospect){0};
	if (pasts_with_networks(d, offender, now, h, why) < 0)
		return -1;
	memory_recall(d->memory, &t, now, h);
	out->verdict = policy_decide(&d->settings->policy, h, 1, now, now);
	out->failures = h->failures;
	if (out->verdict.kind != VERDICT_COUNT &&
	    out->verdict.kind != VERDICT_GRACE &&
	    out->verdict.kind != VERDICT_BAN)
		return 0;
	out->failures += 1 - h->echoed;
	return ask_networks(d, &t, now, out, why);
}
