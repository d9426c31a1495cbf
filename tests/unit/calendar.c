/* calendar: local days and hours, also where clocks are set. */
#include "row.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calendar.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEPAL "<+0545>-5:45"

struct cell_row {
	const char *title;
	const char *zone;
	int64_t at;
	const char *date;
	int hour;
	const char *weekday;
	int64_t from;
};

static const struct cell_row cell_rows[] = {
	{"the first second", "UTC0", 0, "1970-01-01", 0, "Thu", 0},
	{"a noon", "UTC0", 1796040000, "2026-11-30", 12, "Mon", 1796040000},
	{"the second before", "UTC0", 1796039999, "2026-11-30", 11, "Mon",
	 1796036400},
	{"an hour later", BERLIN, 1796040000, "2026-11-30", 13, "Mon",
	 1796040000},
	{"another day there", BERLIN, 1795132799, "2026-11-20", 0, "Fri",
	 1795129200},
	{"before the clock is set back", BERLIN, 1792888200, "2026-10-25", 2,
	 "Sun", 1792886400},
	{"the same hour again", BERLIN, 1792891800, "2026-10-25", 2, "Sun",
	 1792890000},
	{"after it is set forward", BERLIN, 1774746000, "2026-03-29", 3, "Sun",
	 1774746000},
	{"hours that begin at a quarter", NEPAL, 1796040000, "2026-11-30", 17,
	 "Mon", 1796037300},
	{"a year of four digits is the last", "UTC0", 253402300799,
	 "9999-12-31", 23, "Fri", 253402297200},
};

static void cell_test(void **state)
{
	const struct cell_row *r = *state;
	struct calendar c = {.quarter = {0}};
	char date[CALENDAR_TEXT];

	assert_int_equal(setenv("TZ", r->zone, 1), 0);
	tzset();
	/* Twice: the second time out of its memory. */
	for (int i = 0; i < 2; i++) {
		const struct calendar_cell *cell = calendar_of(&c, r->at);

		assert_string_equal(calendar_date(cell->day, date), r->date);
		assert_int_equal(cell->hour, r->hour);
		assert_string_equal(calendar_weekdays[cell->weekday],
				    r->weekday);
		assert_int_equal(cell->from, r->from);
	}
}

struct time_row {
	const char *title;
	const char *zone;
	int64_t at;
	const char *time; /* NULL: not told */
};

static const struct time_row time_rows[] = {
	{"the time of the first second", "UTC0", 0, "1970-01-01 00:00:00"},
	{"the second before a noon", "UTC0", 1796039999, "2026-11-30 11:59:59"},
	{"an hour that comes again", BERLIN, 1792891805, "2026-10-25 02:30:05"},
	{"within an hour of quarters", NEPAL, 1796040907,
	 "2026-11-30 18:00:07"},
	{"the last second", "UTC0", 253402300799, "9999-12-31 23:59:59"},
	{"a zone of odd minutes, up to the hour", "<-0044>0:44:30", 2669,
	 "1969-12-31 23:59:59"},
	{"and behind it", "<-0044>0:44:30", 2670, NULL},
};

static void time_test(void **state)
{
	const struct time_row *r = *state;
	struct calendar c = {.quarter = {0}};
	char text[CALENDAR_TIME];

	assert_int_equal(setenv("TZ", r->zone, 1), 0);
	tzset();
	/* The first second of its quarter is what is looked up. */
	(void)calendar_of(&c, r->at / 900 * 900);
	assert_int_equal(calendar_time(&c, r->at, text), r->time != NULL);
	if (r->time != NULL)
		assert_string_equal(text, r->time);
}

static void short_test(void **state)
{
	char text[CALENDAR_TEXT];

	(void)state;
	assert_string_equal(calendar_short(0, text), "1 Jan");
	assert_string_equal(calendar_short(20787, text), "30 Nov");
	assert_int_equal(calendar_weekday(20787), 0);
	assert_int_equal(calendar_weekday(-1), 2);
}

int main(void)
{
	struct CMUnitTest tests[24] = {{0}};
	size_t n = 0;

	ROWS(tests, n, cell_rows, cell_test);
	ROWS(tests, n, time_rows, time_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(short_test);
	return _cmocka_run_group_tests("calendar", tests, n, NULL, NULL);
}
