/* suspects: see suspects.h. */
#include "suspects.h"

#include <string.h>
#include <strings.h>

void suspects_forget(struct suspects *s)
{
	s->n = 0;
}

bool suspects_full(const struct suspects *s)
{
	return s->n == SUSPECTS_MOST;
}

void suspects_add(struct suspects *s, const struct failure *f)
{
	struct suspect *row = &s->row[(s->first + s->n) % SUSPECTS_MOST];

	if (suspects_full(s))
		return;
	row->address = f->address;
	memcpy(row->user, f->user, sizeof(row->user));
	memcpy(row->service, f->service, sizeof(row->service));
	memcpy(row->rule, f->rule, sizeof(row->rule));
	row->at = f->at;
	row->row = f->id;
	row->cleared = false;
	s->n++;
}

const struct suspect *suspects_clear(struct suspects *s,
				     const struct address *a, const char *user)
{
	for (size_t i = 0; i < s->n; i++) {
		struct suspect *row = &s->row[(s->first + i) % SUSPECTS_MOST];

		if (row->cleared || strcasecmp(row->user, user) != 0 ||
		    !address_equal(&row->address, a))
			continue;
		row->cleared = true;
		return row;
	}
	return NULL;
}

int64_t suspects_due(const struct suspects *s, int64_t grace)
{
	return s->n == 0 ? INT64_MAX : s->row[s->first].at + grace;
}

const struct suspect *suspects_next(struct suspects *s, int64_t grace,
				    int64_t now)
{
	const struct suspect *row = &s->row[s->first];

	if (now < suspects_due(s, grace))
		return NULL;
	s->first = (s->first + 1) % SUSPECTS_MOST;
	s->n--;
	return row;
}
