/* schedule: see saslban/schedule.h. */
#include "saslban/schedule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { DAY = 86400, WEEK = 7 };

static const char *const weekdays[WEEK] = {"sunday",    "monday",   "tuesday",
					   "wednesday", "thursday", "friday",
					   "saturday"};

/* ---- text ---- */

static int two_digits(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	return (text[0] - '0') * 10 + (text[1] - '0');
}

static int parse_minute(const char *text)
{
	int hour, minute;

	if (strlen(text) != strlen("00:00") || text[2] != ':')
		return -1;
	hour = two_digits(text);
	minute = two_digits(text + 3);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return -1;
	return hour * 60 + minute;
}

int schedule_parse(const char *text, struct schedule *out)
{
	struct schedule s = {SCHEDULE_DAILY, 0};

	for (int i = 0; i < WEEK; i++) {
		size_t n = strlen(weekdays[i]);

		if (strncmp(text, weekdays[i], n) != 0 || text[n] != ' ')
			continue;
		s.weekday = i;
		text += n + 1;
		break;
	}
	s.minute = parse_minute(text);
	if (s.minute < 0)
		return -1;
	*out = s;
	return 0;
}

char *schedule_print(const struct schedule *s, char buf[SCHEDULE_TEXT])
{
	bool daily = s->weekday == SCHEDULE_DAILY;

	snprintf(buf, SCHEDULE_TEXT, "%s%s%02d:%02d",
		 daily ? "" : weekdays[s->weekday % WEEK], daily ? "" : " ",
		 s->minute / 60 % 24, s->minute % 60);
	return buf;
}

/* ---- time ---- */

static int64_t floor_divide(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

static int offset_at(const struct schedule_zone *zone, int64_t at)
{
	return zone->offset(zone->context, at);
}

/* Days since 1970-01-01, as the local clock counts them. */
static int64_t day_of(const struct schedule_zone *zone, int64_t at)
{
	return floor_divide(at + offset_at(zone, at), DAY);
}

/* 1970-01-01 was a Thursday. */
static int weekday_of(int64_t day)
{
	return (int)(((day + 4) % WEEK + WEEK) % WEEK);
}

/* When the local clock shows that minute of that day. The offsets of half a
 * day before and behind are those of before and behind a change of the clock;
 * by the one of before, a time that is skipped comes later, and of one that
 * comes twice it is the first. */
static int64_t moment_of(const struct schedule_zone *zone, int64_t day,
			 int minute)
{
	int64_t local = day * DAY + (int64_t)minute * 60;
	int before = offset_at(zone, local - DAY);
	int behind = offset_at(zone, local + DAY);

	if (offset_at(zone, local - before) == before)
		return local - before;
	if (offset_at(zone, local - behind) == behind)
		return local - behind;
	return local - before;
}

static bool has_day(const struct schedule *s, int64_t day)
{
	return s->weekday == SCHEDULE_DAILY || s->weekday == weekday_of(day);
}

int64_t schedule_next(const struct schedule *s,
		      const struct schedule_zone *zone, int64_t after)
{
	int64_t day = day_of(zone, after) - 1;

	for (;; day++) {
		int64_t at;

		if (!has_day(s, day))
			continue;
		at = moment_of(zone, day, s->minute);
		if (at > after)
			return at;
	}
}

int64_t schedule_last(const struct schedule *s,
		      const struct schedule_zone *zone, int64_t at)
{
	int64_t day = day_of(zone, at) + 1;

	for (;; day--) {
		int64_t then;

		if (!has_day(s, day))
			continue;
		then = moment_of(zone, day, s->minute);
		if (then <= at)
			return then;
	}
}
