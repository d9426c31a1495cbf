/* scenario_time: times as scenarios have them, see scenario.h. */
#include "scenario.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static int64_t unit_of(char c)
{
	switch (c) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	default:
		return 0;
	}
}

bool time_read(const char *text, int64_t *out)
{
	bool negative = *text == '-';
	int64_t sum = 0;

	text += *text == '-' || *text == '+';
	if (*text == '\0')
		return false;
	while (*text != '\0') {
		char *end;
		long number = strtol(text, &end, 10);
		int64_t unit = unit_of(*end);

		if (end == text || unit == 0 || !isdigit((unsigned char)*text))
			return false;
		sum += number * unit;
		text = end + 1;
	}
	*out = negative ? -sum : sum;
	return true;
}

char *time_print(int64_t seconds, char out[64])
{
	static const struct {
		const char *name;
		int64_t length;
	} unit[] = {{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}};
	size_t n = 0;

	out[0] = '\0';
	if (seconds < 0) {
		out[n++] = '-';
		seconds = -seconds;
	}
	for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		int64_t whole = seconds / unit[i].length;

		if (whole > 0 || (i == 3 && out[0] == '\0'))
			n += (size_t)snprintf(out + n, 64 - n, "%lld%s",
					      (long long)whole, unit[i].name);
		seconds %= unit[i].length;
	}
	return out;
}
