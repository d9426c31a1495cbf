/* duration: what people write, and what we say back. */
#include "row.h"

#include <string.h>

#include "saslban/duration.h"

struct parse_row {
	const char *title;
	const char *text;
	int result;
	int64_t seconds;
};

static const struct parse_row parse_rows[] = {
	{"a bare number is seconds", "90", 0, 90},
	{"seconds", "90s", 0, 90},
	{"minutes", "15m", 0, 900},
	{"hours", "48h", 0, 172800},
	{"days", "32d", 0, 2764800},
	{"weeks", "4w", 0, 2419200},
	{"nought is a duration", "0", 0, 0},
	{"forever is a word", "forever", 0, INT64_MAX},
	{"a hundred years is the most", "36500d", 0, 3153600000},
	{"more than a hundred years is refused", "36501d", -1, 0},
	{"a number that would overflow is refused", "99999999999999999999w", -1,
	 0},
	{"nothing is refused", "", -1, 0},
	{"a unit alone is refused", "h", -1, 0},
	{"an unknown unit is refused", "3y", -1, 0},
	{"two units are refused", "1h30m", -1, 0},
	{"a sign is refused", "-1", -1, 0},
	{"a blank is refused", " 1h", -1, 0},
	{"a fraction is refused", "1.5h", -1, 0},
	{"capital letters are refused", "1H", -1, 0},
};

static void parse_test(void **state)
{
	const struct parse_row *r = *state;
	int64_t seconds = -7;

	assert_int_equal(duration_parse(r->text, strlen(r->text), &seconds),
			 r->result);
	assert_int_equal(seconds, r->result == 0 ? r->seconds : -7);
}

struct print_row {
	const char *title;
	int64_t seconds;
	const char *exact;
	const char *human;
	const char *length; /* of a ban */
};

static const struct print_row print_rows[] = {
	{"48 hours stay hours", 172800, "48h", "2d", "48h"},
	{"8 days stay days", 691200, "8d", "8d", "8d"},
	{"32 days stay days", 2764800, "32d", "32d", "32d"},
	{"90 seconds", 90, "90s", "1m 30s", "90s"},
	{"nothing", 0, "0s", "0s", "0s"},
	{"an hour", 3600, "1h", "1h", "1h"},
	{"just under 32 days", 2764799, "2764799s", "31d 23h", "31d 23h"},
	{"a kernel's longest timeout", 2147483, "2147483s", "24d 20h",
	 "24d 20h"},
	{"ten weeks", 6048000, "10w", "70d", "10w"},
	{"two hours and a second", 7201, "7201s", "2h", "7201s"},
	{"three hours less a second", 10799, "10799s", "2h 59m", "2h 59m"},
	{"60 hours", 216000, "60h", "2d 12h", "60h"},
	{"72 hours are days", 259200, "3d", "3d", "3d"},
	{"8 days and what a late second adds", 691201, "691201s", "8d", "8d"},
	{"forever", INT64_MAX, "forever", "forever", "forever"},
};

static void print_test(void **state)
{
	const struct print_row *r = *state;
	char buf[DURATION_TEXT];
	int64_t back;

	assert_string_equal(duration_print(r->seconds, buf), r->exact);
	assert_int_equal(duration_parse(buf, strlen(buf), &back), 0);
	assert_int_equal(back, r->seconds);
	assert_string_equal(duration_human(r->seconds, buf), r->human);
	assert_string_equal(duration_length(r->seconds, buf), r->length);
}

static void forever_test(void **state)
{
	(void)state;
	assert_int_equal(duration_after(DURATION_FOREVER, 5), INT64_MAX);
	assert_int_equal(duration_after(5, DURATION_FOREVER), INT64_MAX);
	assert_int_equal(duration_after(5, 7), 12);
	assert_int_equal(duration_left(DURATION_FOREVER, 5), INT64_MAX);
	assert_int_equal(duration_left(12, 5), 7);
	assert_int_equal(duration_left(5, 12), 0);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, parse_rows, parse_test);
	ROWS(tests, n, print_rows, print_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(forever_test);
	return _cmocka_run_group_tests("duration", tests, n, NULL, NULL);
}
