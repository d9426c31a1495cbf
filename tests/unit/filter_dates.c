/* filter_dates: the date of a file's line, by datepattern or without. */
#include "judging.h"

#include <stdlib.h>
#include <time.h>

/* 2026-11-20 12:00:00 UTC, and the hour that most lines have. */
enum { NOW = 1795176000, THEN = 1795151167, DAY = 86400 };

/* A line that 192.0.2.1 failed, and when; 0: it did not. */
struct date_row {
	const char *title;
	const char *datepattern;
	const char *failregex;
	const char *line;
	int64_t seconds;
};

#define GROUP_OFFICE "^\\[\\]LOGIN FAILED for user: \"\\S+\" from IP: <HOST>$"
#define DIRECTADMIN "^: '<HOST>' \\d{1,3} failed login attempt(s)?. \\s*"

static const struct date_row date_rows[] = {
	{"DirectAdmin's", "^%%Y:%%m:%%d-%%H:%%M:%%S", DIRECTADMIN,
	 "2026:11:20-05:06:07: '192.0.2.1' 2 failed login attempts. Account "
	 "'a'",
	 THEN},
	{"which is known anyway", "", DIRECTADMIN,
	 "2026:11:20-05:06:07: '192.0.2.1' 1 failed login attempt. Account 'a'",
	 THEN},
	{"brackets around it stay", "", GROUP_OFFICE,
	 "[2026-11-20 05:06:07]LOGIN FAILED for user: \"a\" from IP: 192.0.2.1",
	 THEN},
	{"but not when the pattern has them", "^\\[%%d/%%b/%%Y %%H:%%M:%%S\\]",
	 "^ x <ADDR>$", "[20/Nov/2026 05:06:07] x 192.0.2.1", THEN},
	{"around its group they stay", "^\\[(%%d/%%b/%%Y %%H:%%M:%%S)\\]",
	 "^\\[\\] x <ADDR>$", "[20/Nov/2026 05:06:07] x 192.0.2.1", THEN},
	{"two characters in front", "{^LN-BEG}%%Y-%%m-%%d %%H:%%M:%%S",
	 "^\\[\\] x <ADDR>$", "[2026-11-20 05:06:07] x 192.0.2.1", THEN},
	{"three are too many", "{^LN-BEG}%%Y-%%m-%%d %%H:%%M:%%S", "x <ADDR>$",
	 "--[2026-11-20 05:06:07] x 192.0.2.1", 0},
	{"any known date, in its place", "^[^\\[]*\\[({DATE})",
	 "^a b \\[\\] x <ADDR>$",
	 "a b [20/Nov/2026:05:06:07 +0000] x 192.0.2.1", THEN},
	{"any known date at the beginning", "{^LN-BEG}", "^ x <ADDR>$",
	 "Nov 20 05:06:07 x 192.0.2.1", THEN},
	{"the day first", "^%%d/%%m/%%Y %%H:%%M:%%S", "^ x <ADDR>$",
	 "05/11/2026 05:06:07 x 192.0.2.1", THEN - 15 * DAY},
	{"the month first", "^%%m/%%d/%%Y %%H:%%M:%%S", "^ x <ADDR>$",
	 "05/11/2026 05:06:07 x 192.0.2.1", THEN - 193 * DAY},
	{"two digits of the year", "^%%d.%%m.%%Exy %%H:%%M:%%S", "^ x <ADDR>$",
	 "20.11.26 05:06:07 x 192.0.2.1", THEN},
	{"no year", "^%%d.%%m. %%H:%%M:%%S", "^ x <ADDR>$",
	 "20.11. 05:06:07 x 192.0.2.1", THEN},
	{"twelve hours, in the afternoon", "^%%b %%d, %%ExY %%I:%%M:%%S %%p",
	 "^ x <ADDR>$", "Nov 19, 2026 05:06:07 PM x 192.0.2.1", THEN - DAY / 2},
	{"midnight is twelve", "^%%b %%d, %%ExY %%I:%%M:%%S %%p", "^ x <ADDR>$",
	 "NOV 20, 2026 12:06:07 am x 192.0.2.1", THEN - 5 * 3600},
	{"a zone", "^t=%%Y-%%m-%%dT%%H:%%M:%%S%%z", "^ x <ADDR>$",
	 "t=2026-11-20T06:06:07+0100 x 192.0.2.1", THEN},
	{"a part met again",
	 "^%%ExY(?P<_sep>[-/.])%%m(?P=_sep)%%d[T ]%%H:%%M:%%S(?:[.,]%%f)?",
	 "^ x <ADDR>$", "2026.11.20T05:06:07,123 x 192.0.2.1", THEN},
	{"seconds since 1970", "^@({EPOCH}):", "^@: x <ADDR>$",
	 "@1795151167: x 192.0.2.1", THEN},
	{"no day: when it came", "^%%H:%%M:%%S", "^ x <ADDR>$",
	 "05:06:07 x 192.0.2.1", NOW},
	{"no date at all: when it came", "{NONE}", "^x <ADDR>$", "x 192.0.2.1",
	 NOW},
	{"no word's edge", "%%H:%%M:%%S", "x <ADDR>$", "a05:06:07 x 192.0.2.1",
	 0},
	{"and none is asked for", "{UNB}%%H:%%M:%%S", "^a x <ADDR>$",
	 "a05:06:07 x 192.0.2.1", NOW},
	{"another date than the pattern's", "^%%Y:%%m:%%d-%%H:%%M:%%S",
	 "x <ADDR>$", "2026-11-20 05:06:07 x 192.0.2.1", 0},
	{"the second pattern fits",
	 "^%%Y:%%m:%%d-%%H:%%M:%%S\n ^<%%m/%%d/%%Exy@%%H:%%M:%%S>",
	 "^ x <ADDR>$", "<11/20/26@05:06:07> x 192.0.2.1", THEN},
	{"a day that there is not", "^%%Y:%%m:%%d-%%H:%%M:%%S", "x <ADDR>$",
	 "2026:13:20-05:06:07 x 192.0.2.1", 0},
	{"a pattern that is not understood: any known date",
	 "^%%Q%%Y:%%m:%%d-%%H:%%M:%%S", "^ x <ADDR>$",
	 "2026-11-20 05:06:07 x 192.0.2.1", THEN},
	{"an expression that is none: any known date", "^(%%H", "^ x <ADDR>$",
	 "2026-11-20 05:06:07 x 192.0.2.1", THEN},
	{"a line without a date", "", "x <ADDR>$", "x 192.0.2.1", 0},
};

static void date_test(void **state)
{
	const struct date_row *r = *state;
	char file[512], text[512];
	struct filter_scratch *scratch;
	struct fault why = {0};
	struct logline line;
	struct sighting s;
	struct filter *f;

	snprintf(file, sizeof(file),
		 FOREIGN "file = log\n%s%s\nfailregex = %s\n",
		 r->datepattern[0] == '\0' ? "" : "datepattern = ",
		 r->datepattern, r->failregex);
	snprintf(text, sizeof(text), "h|log: %s", r->line);
	f = open_one(file, &why);
	assert_string_equal(why.text, "");
	scratch = filter_scratch_open(f);
	cut(&line, text, NOW);
	assert_int_equal(filter_match(f, scratch, &line, &s),
			 r->seconds == 0 ? SIGHTING_NOTHING : SIGHTING_FAILURE);
	if (r->seconds != 0) {
		assert_int_equal(s.arrived, NOW);
		assert_int_equal(s.reported, r->seconds);
	}
	filter_scratch_close(scratch);
	filter_close(f);
}

/* What is honoured is no note; what is not understood is one. */
static void note_test(void **state)
{
	static const struct {
		const char *file;
		size_t notes;
	} rows[] = {
		{FOREIGN "file = l\ndatepattern = ^%%Y\nfailregex = <ADDR>\n",
		 0},
		{FOREIGN "file = l\ndatepattern = ^%%Q\nfailregex = <ADDR>\n",
		 1},
		{FOREIGN "datepattern = ^%%Y\nfailregex = <ADDR>\n", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault why = {0};
		struct filter *f = open_one(rows[i].file, &why);

		assert_string_equal(why.text, "");
		assert_int_equal(filter_notes(f), rows[i].notes);
		filter_close(f);
	}
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	setenv("TZ", "UTC0", 1);
	tzset();
	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, date_rows, date_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(note_test);
	return _cmocka_run_group_tests("filter_dates", tests, n, NULL, NULL);
}
