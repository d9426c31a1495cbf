/* calendar: see calendar.h. */
#include "calendar.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { QUARTER = 900, HOUR = 3600, DAY = 86400 };

const char calendar_weekdays[7][4] = {"Mon", "Tue", "Wed", "Thu",
				      "Fri", "Sat", "Sun"};

static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* The first of January 1970 was a Thursday. */
int calendar_weekday(int64_t day)
{
	return (int)(((day + 3) % 7 + 7) % 7);
}

static void look(int64_t at, struct calendar_cell *out)
{
	time_t t = at;
	struct tm tm = {.tm_mday = 1};
	struct tm date = {.tm_mday = 1};

	localtime_r(&t, &tm);
	date.tm_year = tm.tm_year;
	date.tm_mon = tm.tm_mon;
	date.tm_mday = tm.tm_mday;
	out->day = timegm(&date) / DAY;
	out->hour = tm.tm_hour;
	out->weekday = calendar_weekday(out->day);
	out->from = at - tm.tm_min * 60 - tm.tm_sec;
	if (strftime(out->date, sizeof(out->date), "%F %H:", &tm) == 0)
		out->date[0] = '\0';
}

const struct calendar_cell *calendar_of(struct calendar *c, int64_t at)
{
	int64_t quarter = at / QUARTER;
	int i = (int)(quarter % CALENDAR_CELLS);

	if (c->quarter[i] != quarter + 1) {
		look(quarter * QUARTER, &c->cell[i]);
		c->quarter[i] = quarter + 1;
	}
	return &c->cell[i];
}

static char *put_two(char *to, int64_t n)
{
	*to++ = (char)('0' + n / 10);
	*to++ = (char)('0' + n % 10);
	return to;
}

bool calendar_time(struct calendar *c, int64_t at, char buf[CALENDAR_TIME])
{
	const struct calendar_cell *cell = calendar_of(c, at);
	int64_t seconds = at - cell->from;
	size_t len = strlen(cell->date);
	char *to = buf + len;

	if (len == 0 || seconds >= HOUR)
		return false;
	memcpy(buf, cell->date, len);
	to = put_two(to, seconds / 60);
	*to++ = ':';
	to = put_two(to, seconds % 60);
	*to = '\0';
	return true;
}

static struct tm date_of(int64_t day)
{
	time_t t = day * DAY;
	struct tm tm = {.tm_mday = 1};

	gmtime_r(&t, &tm);
	return tm;
}

char *calendar_date(int64_t day, char buf[CALENDAR_TEXT])
{
	struct tm tm = date_of(day);

	if (strftime(buf, CALENDAR_TEXT, "%Y-%m-%d", &tm) == 0)
		buf[0] = '\0';
	return buf;
}

char *calendar_short(int64_t day, char buf[CALENDAR_TEXT])
{
	struct tm tm = date_of(day);

	snprintf(buf, CALENDAR_TEXT, "%d %s", tm.tm_mday, months[tm.tm_mon]);
	return buf;
}
