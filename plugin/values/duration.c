/* duration: see saslban/duration.h. */
#include "saslban/duration.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/decimal.h"

struct unit {
	char letter;
	int64_t seconds;
};

/* Largest first; the last one is what a bare number means. */
static const struct unit units[] = {
	{'w', 7 * 86400}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1},
};
enum { UNITS = sizeof(units) / sizeof(units[0]) };

static const struct unit *unit_of(char letter)
{
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].letter == letter)
			return &units[i];
	return NULL;
}

int duration_parse(const char *text, size_t len, int64_t *seconds)
{
	const struct unit *unit = &units[UNITS - 1];
	int64_t number = 0;
	size_t i;

	if (len == strlen("forever") && memcmp(text, "forever", len) == 0) {
		*seconds = DURATION_FOREVER;
		return 0;
	}
	for (i = 0; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
		number = number * 10 + (text[i] - '0');
		if (number > DURATION_MAX)
			return -1;
	}
	if (i == 0 || i + 1 < len)
		return -1;
	if (i < len && (unit = unit_of(text[i])) == NULL)
		return -1;
	if (number > DURATION_MAX / unit->seconds)
		return -1;
	*seconds = number * unit->seconds;
	return 0;
}

char *duration_print(int64_t seconds, char buf[DURATION_TEXT])
{
	size_t i = 0;

	if (seconds == DURATION_FOREVER) {
		snprintf(buf, DURATION_TEXT, "forever");
		return buf;
	}
	/* Hours stay hours up to two days and days stay days up to nine
	 * weeks, because that is how people say it: 48h, 8d, 32d. */
	if (seconds % units[0].seconds != 0 || seconds < 10 * units[0].seconds)
		i = 1;
	if (seconds < 3 * units[1].seconds && i == 1)
		i = 2;
	while (i < UNITS - 1 &&
	       (seconds == 0 || seconds % units[i].seconds != 0))
		i++;
	snprintf(buf, DURATION_TEXT, "%" PRId64 "%c",
		 seconds / units[i].seconds, units[i].letter);
	return buf;
}

/* So many whole units[i], and the place behind them. */
static char *put_units(char *to, int64_t seconds, size_t i)
{
	char text[DECIMAL_TEXT];
	size_t len = decimal_print(seconds / units[i].seconds, text);

	memcpy(to, text, len);
	to[len] = units[i].letter;
	return to + len + 1;
}

char *duration_human(int64_t seconds, char buf[DURATION_TEXT])
{
	size_t i = 1; /* people count bans in days, not in weeks */
	int64_t rest;
	char *end;

	if (seconds == DURATION_FOREVER) {
		snprintf(buf, DURATION_TEXT, "forever");
		return buf;
	}
	while (i < UNITS - 1 && seconds < units[i].seconds)
		i++;
	rest = seconds % units[i].seconds;
	end = put_units(buf, seconds, i);
	if (i + 1 < UNITS && rest >= units[i + 1].seconds) {
		*end++ = ' ';
		end = put_units(end, rest, i + 1);
	}
	*end = '\0';
	return buf;
}

enum { GLANCE = 5 }; /* characters */

char *duration_length(int64_t seconds, char buf[DURATION_TEXT])
{
	if (seconds != DURATION_FOREVER &&
	    strlen(duration_print(seconds, buf)) <= GLANCE)
		return buf;
	return duration_human(seconds, buf);
}

int64_t duration_left(int64_t later, int64_t earlier)
{
	if (later == DURATION_FOREVER)
		return DURATION_FOREVER;
	return later > earlier ? later - earlier : 0;
}

int64_t duration_after(int64_t at, int64_t duration)
{
	if (at == DURATION_FOREVER || duration == DURATION_FOREVER)
		return DURATION_FOREVER;
	return at + duration;
}
