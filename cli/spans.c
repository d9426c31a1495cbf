/* spans: see spans.h. */
#include "spans.h"

#include <stdlib.h>

enum { HOUR = 3600, DAYS = 36525 /* at most */ };

struct survey_span *spans_day(struct survey *s, int64_t day)
{
	int64_t i = day - s->first_day;

	if (i < 0)
		i = 0;
	if (s->days == 0)
		return NULL;
	return &s->day[(size_t)i < s->days ? (size_t)i : s->days - 1];
}

struct survey_span *spans_hour(struct survey *s, int64_t from)
{
	int64_t i = (from - s->first_hour) / HOUR;

	if (s->hours == 0)
		return NULL;
	if (from < s->first_hour)
		i = 0;
	return &s->hour[(size_t)i < s->hours ? (size_t)i : s->hours - 1];
}

int spans_make(struct survey *s, struct calendar *c)
{
	const struct calendar_cell *cell = calendar_of(c, s->now);
	int64_t last = cell->day, last_hour = cell->from;

	cell = calendar_of(c, s->begin);
	s->first_day = cell->day;
	if (last - s->first_day >= DAYS)
		s->first_day = last - DAYS + 1;
	s->days = (size_t)(last - s->first_day + 1);
	s->day = calloc(s->days, sizeof(*s->day));
	if (s->day == NULL)
		return -1;
	if (s->now - s->begin > SURVEY_HOURS * (int64_t)HOUR)
		return 0;
	s->first_hour = cell->from;
	s->hours = (size_t)((last_hour - s->first_hour) / HOUR + 1);
	s->hour = calloc(s->hours, sizeof(*s->hour));
	return s->hour == NULL ? -1 : 0;
}
