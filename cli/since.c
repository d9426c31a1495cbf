/* since: see since.h. */
#include "since.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "saslban/duration.h"

/* The shapes of a date: d is a digit, the field ends where another one
 * begins. */
static const char *const shapes[] = {
	"YYYY-MM-DD",          "YYYY-MM-DD hh:mm",    "YYYY-MM-DDThh:mm",
	"YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss",
};

/* The field of struct tm that a letter of a shape stands for. */
static int *field_of(struct tm *tm, char letter)
{
	switch (letter) {
	case 'Y':
		return &tm->tm_year;
	case 'M':
		return &tm->tm_mon;
	case 'D':
		return &tm->tm_mday;
	case 'h':
		return &tm->tm_hour;
	case 'm':
		return &tm->tm_min;
	case 's':
		return &tm->tm_sec;
	default:
		return NULL;
	}
}

static bool fits(const char *text, const char *shape, struct tm *out)
{
	memset(out, 0, sizeof(*out));
	if (strlen(text) != strlen(shape))
		return false;
	for (size_t i = 0; shape[i] != '\0'; i++) {
		int *field = field_of(out, shape[i]);

		if (field == NULL && text[i] != shape[i])
			return false;
		if (field == NULL)
			continue;
		if (text[i] < '0' || text[i] > '9')
			return false;
		*field = *field * 10 + (text[i] - '0');
	}
	out->tm_year -= 1900;
	out->tm_mon -= 1;
	return true;
}

/* The same moment of the same day: nothing was carried over. */
static bool same(const struct tm *a, const struct tm *b)
{
	return a->tm_year == b->tm_year && a->tm_mon == b->tm_mon &&
	       a->tm_mday == b->tm_mday && a->tm_hour == b->tm_hour &&
	       a->tm_min == b->tm_min && a->tm_sec == b->tm_sec;
}

/* A day of the calendar and a time of the clock, by arithmetic alone. */
static bool exists(const struct tm *tm)
{
	struct tm copy = *tm;

	return timegm(&copy) != -1 && same(&copy, tm);
}

/* What mktime makes of it as summer time, and as winter time. */
static bool to_moment(const struct tm *tm, int64_t *at)
{
	int64_t first = INT64_MAX, last = INT64_MIN;

	if (!exists(tm))
		return false;
	for (int summer = -1; summer <= 1; summer++) {
		struct tm copy = *tm, back;
		time_t t;

		copy.tm_isdst = summer;
		t = mktime(&copy);
		if (t == -1 || localtime_r(&t, &back) == NULL)
			continue;
		if (same(&back, tm) && t < first)
			first = t;
		if (t > last)
			last = t;
	}
	*at = first != INT64_MAX ? first : last;
	return *at != INT64_MIN;
}

static bool past_date(const char *text, int64_t now, int64_t *at)
{
	struct tm tm;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (fits(text, shapes[i], &tm))
			return to_moment(&tm, at) && *at <= now;
	return false;
}

int since_parse(const char *text, int64_t now, int64_t *at)
{
	int64_t back;

	if (past_date(text, now, at))
		return 0;
	if (duration_parse(text, strlen(text), &back) < 0 || back == 0 ||
	    back == DURATION_FOREVER)
		return -1;
	*at = back < now ? now - back : 0;
	return 0;
}
