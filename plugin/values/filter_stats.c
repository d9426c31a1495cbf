/* filter_stats: see saslban/filter_stats.h. */
#include "saslban/filter_stats.h"

int64_t filter_stats_quiet(const struct filter_stats *s)
{
	int64_t since = s->matched != 0 ? s->matched : s->first;

	return since != 0 && since < s->last ? s->last - since : 0;
}

bool filter_stats_blind(const struct filter_stats *s)
{
	return s->unmatched_since_match >= FILTER_BLIND_LINES &&
	       filter_stats_quiet(s) >= FILTER_BLIND_QUIET;
}
