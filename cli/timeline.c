/* timeline: see timeline.h. */
#include "timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"
#include "output.h"

enum { POINTS = 120 /* at most */, WEEK = 7 };

void timeline_close(struct timeline *t)
{
	free(t->attempts);
	free(t->bans);
	free(t->label);
	free(t->whole);
}

static int make_room(struct timeline *t, size_t points)
{
	t->points = points;
	t->attempts = calloc(points, sizeof(*t->attempts));
	t->bans = calloc(points * CHART_SERIES, sizeof(*t->bans));
	t->label = calloc(points, sizeof(*t->label));
	t->whole = calloc(points, sizeof(*t->whole));
	return t->attempts == NULL || t->bans == NULL || t->label == NULL ||
			       t->whole == NULL
		       ? -1
		       : 0;
}

static void add_span(struct timeline *t, size_t i,
		     const struct survey_span *span)
{
	t->attempts[i] += span->attempts;
	for (size_t k = 0; k < SURVEY_STRIKES; k++)
		t->bans[i * CHART_SERIES + k] += span->strike[k];
}

static int take_hours(struct timeline *t, const struct survey *s)
{
	char text[OUTPUT_TIME];

	t->unit = "hour by hour";
	if (make_room(t, s->hours) < 0)
		return -1;
	for (size_t i = 0; i < s->hours; i++) {
		output_time(s->first_hour + (int64_t)i * 3600, text);
		snprintf(t->whole[i], CHART_LABEL, "%.16s", text);
		snprintf(t->label[i], CHART_LABEL, "%.5s", text + 11);
		add_span(t, i, &s->hour[i]);
	}
	return 0;
}

/* Days, or weeks of which the first one may be shorter. */
static int take_days(struct timeline *t, const struct survey *s)
{
	size_t length = s->days > POINTS ? WEEK : 1;
	size_t lead = length == 1 ? 0 : (size_t)calendar_weekday(s->first_day);
	char text[CALENDAR_TEXT];

	t->unit = length == 1 ? "day by day" : "week by week";
	if (make_room(t, (s->days + lead + length - 1) / length) < 0)
		return -1;
	for (size_t i = 0; i < s->days; i++)
		add_span(t, (i + lead) / length, &s->day[i]);
	for (size_t i = 0; i < t->points; i++) {
		int64_t day = s->first_day + (int64_t)(i * length) -
			      (int64_t)(i == 0 ? 0 : lead);

		snprintf(t->label[i], CHART_LABEL, "%s",
			 calendar_short(day, text));
		snprintf(t->whole[i], CHART_LABEL, "%s%s",
			 length == 1 ? "" : "from ", calendar_date(day, text));
	}
	return 0;
}

int timeline_take(struct timeline *t, const struct survey *s)
{
	memset(t, 0, sizeof(*t));
	return s->hours > 0 ? take_hours(t, s) : take_days(t, s);
}
