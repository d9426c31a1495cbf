/* pasts: see pasts.h. */
#include "pasts.h"

static int get(struct docket *d, const struct address *a, bool network,
	       int64_t now, struct history *out, struct fault *why)
{
	*out = (struct history){0};
	if (memory_ban_get(d->memory, a, now, out))
		return 0;
	if (offense_history(d->store, d->jail, a, !d->settings->enforce, now,
			    out, why) < 0)
		return -1;
	memory_ban_put(d->memory, a, network, out);
	return 0;
}

int pasts_get(struct docket *d, const struct address *network, int64_t now,
	      struct history *out, struct fault *why)
{
	return get(d, network, true, now, out, why);
}

int pasts_with_networks(struct docket *d, const struct address *a, int64_t now,
			struct history *out, struct fault *why)
{
	struct address network[MEMORY_LEVELS];
	size_t n = memory_networks(&d->settings->policy, a, network);
	struct history wide;

	if (get(d, a, false, now, out, why) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (pasts_get(d, &network[i], now, &wide, why) < 0)
			return -1;
		out->banned = out->banned || wide.banned;
		out->forever = out->forever || wide.forever;
		if (wide.last_end > out->last_end)
			out->last_end = wide.last_end;
	}
	return 0;
}
