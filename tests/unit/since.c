/* since: what --since takes, and which moment it is, where clocks are set. */
#include "row.h"

#include <stdlib.h>
#include <time.h>

#include "since.h"

/* 2026-11-30 12:00:00 UTC */
#define NOW 1796040000

/* As Berlin has them, whatever zones this machine knows. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
/* Midnight is left out in spring. */
#define PAULO "<-03>3<-02>,M11.1.0/0,M2.3.0/0"

struct since_row {
	const char *title;
	const char *zone;
	const char *text;
	int64_t at; /* -1: refused */
};

static const struct since_row rows[] = {
	{"a duration", "UTC0", "7d", NOW - 604800},
	{"seconds need no unit", "UTC0", "90", NOW - 90},
	{"a duration does not know of clocks", BERLIN, "48h", NOW - 172800},
	{"longer than there is time: from the first second on", "UTC0", "4000w",
	 0},
	{"a day is its midnight", "UTC0", "2026-11-20", 1795132800},
	{"of this place", BERLIN, "2026-11-20", 1795129200},
	{"a time of day", BERLIN, "2026-11-20 14:30", 1795181400},
	{"with a T", BERLIN, "2026-11-20T14:30", 1795181400},
	{"with seconds", BERLIN, "2026-11-20 14:30:05", 1795181405},
	{"with both", BERLIN, "2026-11-20T14:30:05", 1795181405},
	{"now is allowed", "UTC0", "2026-11-30 12:00", NOW},
	{"a leap day", BERLIN, "2024-02-29", 1709161200},
	{"the day on which the clock is set forward", BERLIN, "2026-03-29",
	 1774738800},
	{"a time that is left out then: as if it had run on", BERLIN,
	 "2026-03-29 02:30", 1774747800},
	{"the first one after it", BERLIN, "2026-03-29 03:00", 1774746000},
	{"a midnight that is left out", PAULO, "2018-11-04", 1541300400},
	{"a time that comes twice: the first one", BERLIN, "2026-10-25 02:30",
	 1792888200},
	{"the first that comes once again", BERLIN, "2026-10-25 03:00",
	 1792893600},
	{"nothing", "UTC0", "", -1},
	{"a word", "UTC0", "yesterday", -1},
	{"for ever", "UTC0", "forever", -1},
	{"no time at all", "UTC0", "0", -1},
	{"a second from now", "UTC0", "2026-11-30 12:00:01", -1},
	{"a future day", "UTC0", "2027-01-01", -1},
	{"less than nothing", "UTC0", "-7d", -1},
	{"two durations", "UTC0", "1d12h", -1},
	{"a day that no month has", "UTC0", "2026-02-30", -1},
	{"a leap day in another year", "UTC0", "2026-02-29", -1},
	{"a month that no year has", "UTC0", "2026-13-01", -1},
	{"day 0", "UTC0", "2026-11-00", -1},
	{"hour 24", "UTC0", "2026-11-20 24:00", -1},
	{"minute 60", "UTC0", "2026-11-20 14:60", -1},
	{"second 60", "UTC0", "2026-11-20 14:30:60", -1},
	{"one digit", "UTC0", "2026-11-2", -1},
	{"another order", "UTC0", "20.11.2026", -1},
	{"a blank behind it", "UTC0", "2026-11-20 ", -1},
	{"two blanks", "UTC0", "2026-11-20  14:30", -1},
	{"a zone", "UTC0", "2026-11-20T14:30Z", -1},
	{"letters", "UTC0", "2026-11-20 aa:bb", -1},
};

static void since_test(void **state)
{
	const struct since_row *r = *state;
	int64_t at = -1;

	assert_int_equal(setenv("TZ", r->zone, 1), 0);
	tzset();
	assert_int_equal(since_parse(r->text, NOW, &at), r->at < 0 ? -1 : 0);
	if (r->at >= 0)
		assert_int_equal(at, r->at);
}

int main(void)
{
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;

	ROWS(tests, n, rows, since_test);
	return _cmocka_run_group_tests("since", tests, n, NULL, NULL);
}
