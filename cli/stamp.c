/* stamp: see stamp.h. */
#include "stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "saslban/duration.h"
#include "saslban/store.h"

enum { DIGITS = 12, DAY_TEXT = 10 /* `2026-11-20` */ };

char *stamp_print(int64_t at, char buf[STAMP_TEXT])
{
	time_t seconds = (time_t)at;
	struct tm utc;

	if (at == DURATION_FOREVER)
		snprintf(buf, STAMP_TEXT, "never");
	else if (at == 0)
		buf[0] = '\0';
	else if (gmtime_r(&seconds, &utc) == NULL ||
		 strftime(buf, STAMP_TEXT, "%FT%TZ", &utc) == 0)
		snprintf(buf, STAMP_TEXT, "%" PRId64, at);
	return buf;
}

/* So many digits, up to a most; -1: they are not, or are more. */
static int number(const char *text, size_t digits, int most)
{
	int n = 0;

	for (size_t i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (text[i] - '0');
	}
	return n <= most ? n : -1;
}

/* `hh:mm` or `hh:mm:ss`; *rest is what stands behind it. */
static int read_clock(const char *text, struct tm *t, const char **rest)
{
	if (strlen(text) < 5 || text[2] != ':')
		return -1;
	t->tm_hour = number(text, 2, 23);
	t->tm_min = number(text + 3, 2, 59);
	*rest = text + 5;
	if (text[5] == ':') {
		if (strlen(text) < 8)
			return -1;
		t->tm_sec = number(text + 6, 2, 60);
		*rest = text + 8;
	}
	return t->tm_hour < 0 || t->tm_min < 0 || t->tm_sec < 0 ? -1 : 0;
}

/* `Z` or `+01:00`: seconds before UTC. */
static int read_zone(const char *text, int64_t *ahead)
{
	int hours, minutes;

	*ahead = 0;
	if (strcmp(text, "Z") == 0)
		return 0;
	if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 ||
	    text[3] != ':')
		return -1;
	hours = number(text + 1, 2, 23);
	minutes = number(text + 4, 2, 59);
	if (hours < 0 || minutes < 0)
		return -1;
	*ahead = (hours * 60 + minutes) * 60;
	if (text[0] == '-')
		*ahead = -*ahead;
	return 0;
}

static enum stamp check(int64_t at, enum stamp kind)
{
	return at > 0 && at <= STORE_LAST ? kind : STAMP_BAD;
}

static enum stamp read_date(const char *text, int64_t *at)
{
	struct tm t = {.tm_isdst = -1};
	const char *rest;
	int64_t ahead;

	if (strlen(text) < DAY_TEXT || text[4] != '-' || text[7] != '-')
		return STAMP_BAD;
	t.tm_year = number(text, 4, 9999) - 1900;
	t.tm_mon = number(text + 5, 2, 12) - 1;
	t.tm_mday = number(text + 8, 2, 31);
	rest = text + DAY_TEXT;
	if (t.tm_year < 70 || t.tm_mon < 0 || t.tm_mday < 1)
		return STAMP_BAD;
	if ((*rest == 'T' || *rest == ' ') &&
	    read_clock(rest + 1, &t, &rest) < 0)
		return STAMP_BAD;
	if (*rest == '\0') {
		*at = mktime(&t);
		return check(*at, STAMP_ZONELESS);
	}
	if (read_zone(rest, &ahead) < 0)
		return STAMP_BAD;
	*at = timegm(&t) - ahead;
	return check(*at, STAMP_GOOD);
}

enum stamp stamp_parse(const char *text, int64_t *at)
{
	size_t len = strlen(text);

	if (strcmp(text, "never") == 0 || strcmp(text, "forever") == 0) {
		*at = DURATION_FOREVER;
		return STAMP_GOOD;
	}
	if (len > 0 && len <= DIGITS && strspn(text, "0123456789") == len) {
		*at = strtoll(text, NULL, 10);
		return check(*at, STAMP_GOOD);
	}
	return read_date(text, at);
}
