/* overview: see overview.h. Its other two functions have files of their own. */
#include "overview.h"

#include <string.h>

#include "kernel.h"
#include "saslban/stats.h"

enum { DAY = 86400 };

static int add_filter(void *context, const struct filter_stats *s)
{
	struct overview *v = context;

	v->filter[v->filters++] = *s;
	return v->filters == SETTINGS_FILTERS;
}

int overview_take(struct overview *out, const struct session *s,
		  const struct jail *jail, int64_t now, struct fault *why)
{
	memset(out, 0, sizeof(*out));
	out->jail = jail;
	if (jail_totals(s->store, jail->id, now, now - DAY, &out->totals, why) <
		    0 ||
	    stats_filter_each(s->store, jail->id, add_filter, out, why) < 0)
		return -1;
	out->asked = jail->settings.enforce;
	out->answered =
		out->asked && kernel_state(jail, &out->sets, &out->why) == 0;
	return 0;
}
