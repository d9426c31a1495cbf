/* source: see saslban/source.h. */
#include "saslban/source.h"

int64_t source_quiet(const struct source *s)
{
	int64_t since = s->matched != 0 ? s->matched : s->first;

	return since != 0 && since < s->last ? s->last - since : 0;
}

bool source_is_deaf(const struct source *s)
{
	return s->missed >= SOURCE_LEAST && source_quiet(s) >= SOURCE_QUIET;
}
