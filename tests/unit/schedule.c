/*
 * schedule: times of the day and of the week, and when they come; above all on
 * the days on which clocks are set. The zone is made here: by a table, so that
 * it is known what it says, and by the C library, with the rules of Berlin.
 */
#include "row.h"

#include <stdlib.h>
#include <time.h>

#include "saslban/schedule.h"
#include "saslban/zone.h"

/* ---- text ---- */

struct text_row {
	const char *title;
	const char *text;
	int result, weekday, minute;
};

static const struct text_row text_rows[] = {
	{"a time", "07:30", 0, SCHEDULE_DAILY, 450},
	{"midnight", "00:00", 0, SCHEDULE_DAILY, 0},
	{"the last minute", "23:59", 0, SCHEDULE_DAILY, 1439},
	{"monday", "monday 07:30", 0, 1, 450},
	{"sunday", "sunday 00:00", 0, 0, 0},
	{"saturday", "saturday 23:59", 0, 6, 1439},
	{"24:00", "24:00", -1, 0, 0},
	{"60 minutes", "07:60", -1, 0, 0},
	{"one digit", "7:30", -1, 0, 0},
	{"seconds", "07:30:00", -1, 0, 0},
	{"nothing", "", -1, 0, 0},
	{"a day alone", "monday", -1, 0, 0},
	{"a day and a blank", "monday ", -1, 0, 0},
	{"two blanks", "monday  07:30", -1, 0, 0},
	{"a day that there is not", "someday 07:30", -1, 0, 0},
	{"a short day", "mon 07:30", -1, 0, 0},
	{"a capital", "Monday 07:30", -1, 0, 0},
	{"a minus", "-1:30", -1, 0, 0},
	{"a dot", "07.30", -1, 0, 0},
};

static void text_test(void **state)
{
	const struct text_row *r = *state;
	struct schedule s = {5, 5};
	char buf[SCHEDULE_TEXT];

	assert_int_equal(schedule_parse(r->text, &s), r->result);
	if (r->result < 0) {
		assert_int_equal(s.minute, 5); /* as it was */
		return;
	}
	assert_int_equal(s.weekday, r->weekday);
	assert_int_equal(s.minute, r->minute);
	assert_string_equal(schedule_print(&s, buf), r->text);
}

/* ---- a zone whose clock is set once, or never ---- */

struct change {
	int64_t at;
	int before, behind;
};

static int changed(const void *context, int64_t at)
{
	const struct change *c = context;

	return at < c->at ? c->before : c->behind;
}

enum { H = 3600, D = 86400 };

/* 2027-01-15 00:00 UTC, a Friday. */
#define JAN 1799971200LL

/* Berlin 2027: forward on Sunday, March 28, at 01:00 UTC, from +1 to +2; back
 * on Sunday, October 31, at 01:00 UTC. */
#define MARCH 1806195600LL
#define OCTOBER 1824944400LL
#define MARCH_0 (MARCH - 2 * H)     /* that Sunday, 00:00 in Berlin */
#define OCTOBER_0 (OCTOBER - 3 * H) /* the same */

static const struct change utc = {0, 0, 0};
static const struct change east = {0, 20700, 20700};   /* Kathmandu, +5:45 */
static const struct change west = {0, -34200, -34200}; /* Marquesas, -9:30 */
static const struct change forward = {MARCH, H, 2 * H};
static const struct change back = {OCTOBER, 2 * H, H};
/* Lord Howe Island: half an hour. */
static const struct change half = {JAN - 37800 + 2 * H, 37800, 39600};
/* A clock that is set at midnight: there is no 00:00. */
static const struct change midnight = {JAN + 3 * H, -3 * H, -2 * H};
/* Samoa left out a day: from 10 hours behind to 14 ahead, at midnight. */
static const struct change samoa = {JAN + 10 * H, -10 * H, 14 * H};

struct time_row {
	const char *title;
	const struct change *zone;
	const char *schedule;
	int64_t now;
	int64_t next; /* after now */
	int64_t last; /* at or before now */
};

static const struct time_row time_rows[] = {
	{"later today", &utc, "07:30", JAN + H, JAN + 27000, JAN - D + 27000},
	{"a second before", &utc, "07:30", JAN + 26999, JAN + 27000,
	 JAN - D + 27000},
	{"right now is last, and next is tomorrow", &utc, "07:30", JAN + 27000,
	 JAN + D + 27000, JAN + 27000},
	{"midnight", &utc, "00:00", JAN, JAN + D, JAN},
	{"before midnight", &utc, "00:00", JAN - 1, JAN, JAN - D},
	{"before 1970", &utc, "00:00", -1, 0, -D},
	{"a quarter past, far in the east", &east, "07:30", JAN,
	 JAN + 27000 - 20700, JAN - D + 27000 - 20700},
	{"half past, far in the west", &west, "07:30", JAN, JAN + 27000 + 34200,
	 JAN + 27000 + 34200 - D},
	{"a week: it is Friday, and Friday comes", &utc, "friday 07:30", JAN,
	 JAN + 27000, JAN + 27000 - 7 * D},
	{"a week: Friday is just over", &utc, "friday 07:30", JAN + 27000,
	 JAN + 27000 + 7 * D, JAN + 27000},
	{"a week: Thursday is six days off", &utc, "thursday 07:30", JAN,
	 JAN + 6 * D + 27000, JAN - D + 27000},
	{"a week: Monday", &utc, "monday 00:00", JAN, JAN + 3 * D, JAN - 4 * D},

	{"forward: a time before the hour that is skipped", &forward, "01:30",
	 MARCH_0, MARCH_0 + 5400, MARCH_0 - D + 5400},
	{"forward: 02:30 is at 03:30", &forward, "02:30", MARCH_0, MARCH + 1800,
	 MARCH_0 - D + 9000},
	{"forward: it was, and comes the next day", &forward, "02:30",
	 MARCH + 1800, MARCH + 1800 + 23 * H, MARCH + 1800},
	{"forward: not before it", &forward, "02:30", MARCH + 1799,
	 MARCH + 1800, MARCH_0 - D + 9000},
	{"forward: 02:00 is when the clock is set", &forward, "02:00", MARCH_0,
	 MARCH, MARCH_0 - D + 2 * H},
	{"forward: 03:00 is the same second", &forward, "03:00", MARCH_0, MARCH,
	 MARCH_0 - D + 3 * H},
	{"forward: the rest of a short day", &forward, "07:30", MARCH_0,
	 MARCH_0 + 27000 - H, MARCH_0 - D + 27000},
	{"forward: the day behind", &forward, "07:30", MARCH_0 + 27000 - H,
	 MARCH_0 + 27000 - H + D, MARCH_0 + 27000 - H},
	{"forward: the week behind is an hour shorter", &forward,
	 "sunday 07:30", MARCH_0 - 7 * D + 27000, MARCH_0 + 27000 - H,
	 MARCH_0 - 7 * D + 27000},
	{"back: 02:30 comes twice, the first counts", &back, "02:30", OCTOBER_0,
	 OCTOBER_0 + 9000, OCTOBER_0 - D + 9000},
	{"back: and not the second", &back, "02:30", OCTOBER_0 + 9000,
	 OCTOBER_0 + 9000 + 25 * H, OCTOBER_0 + 9000},
	{"back: at the second, it was", &back, "02:30", OCTOBER + 1800,
	 OCTOBER + 1800 + 24 * H, OCTOBER - 1800},
	{"back: 03:00", &back, "03:00", OCTOBER_0, OCTOBER_0 + 4 * H,
	 OCTOBER_0 - D + 3 * H},
	{"back: 02:00, which is when it is set", &back, "02:00", OCTOBER_0,
	 OCTOBER_0 + 2 * H, OCTOBER_0 - D + 2 * H},
	{"back: the rest of a long day", &back, "07:30", OCTOBER_0,
	 OCTOBER_0 + 27000 + H, OCTOBER_0 - D + 27000},
	{"back: the week behind is an hour longer", &back, "sunday 07:30",
	 OCTOBER_0 - 7 * D + 27000, OCTOBER_0 + 27000 + H,
	 OCTOBER_0 - 7 * D + 27000},
	{"half an hour forward: in the middle of it", &half, "02:15",
	 JAN - 37800, JAN - 37800 + 8100, JAN - 37800 + 8100 - D},
	{"a day without 00:00", &midnight, "00:00", JAN, JAN + 3 * H,
	 JAN + 3 * H - D},
	{"a day without 00:00: the next one", &midnight, "00:00", JAN + 3 * H,
	 JAN + 2 * H + D, JAN + 3 * H},
	{"a day that there is not", &samoa, "07:30", JAN + 9 * H,
	 JAN + 10 * H + 27000, JAN + 10 * H + 27000 - D},
	{"a day that there is not, once", &samoa, "07:30", JAN + 10 * H + 27000,
	 JAN + 10 * H + 27000 + D, JAN + 10 * H + 27000},
};

static void time_test(void **state)
{
	const struct time_row *r = *state;
	const struct schedule_zone zone = {changed, r->zone};
	struct schedule s;

	assert_int_equal(schedule_parse(r->schedule, &s), 0);
	assert_int_equal(schedule_next(&s, &zone, r->now), r->next);
	assert_int_equal(schedule_last(&s, &zone, r->now), r->last);
}

/* ---- the C library's ---- */

static void set_zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static void library_test(void **state)
{
	struct schedule_zone zone = zone_local();
	char buf[ZONE_TEXT];

	(void)state;
	set_zone(BERLIN);
	assert_int_equal(zone.offset(zone.context, MARCH - 1), H);
	assert_int_equal(zone.offset(zone.context, MARCH), 2 * H);
	assert_int_equal(zone.offset(zone.context, OCTOBER - 1), 2 * H);
	assert_int_equal(zone.offset(zone.context, OCTOBER), H);
	assert_string_equal(zone_time(MARCH - 1, buf), "2027-03-28 01:59");
	assert_string_equal(zone_time(MARCH, buf), "2027-03-28 03:00");
	assert_string_equal(zone_time(OCTOBER, buf), "2027-10-31 02:00");
	assert_string_equal(zone_day(OCTOBER_0 - 1, buf), "2027-10-30");
	assert_string_equal(zone_day(OCTOBER_0, buf), "2027-10-31");
	set_zone("UTC0");
	assert_int_equal(zone.offset(zone.context, MARCH), 0);
}

/* Each day of two years in Berlin has its mail, and no day has two, whatever
 * the time: the rows above, without what the eye has missed. */
static void each_day_test(void **state)
{
	static const char *const times[] = {"00:00", "01:59", "02:00", "02:30",
					    "02:59", "03:00", "07:30", "23:59"};
	struct schedule_zone zone = zone_local();
	struct schedule s;

	(void)state;
	set_zone(BERLIN);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t at = JAN - H, day = 0;

		assert_int_equal(schedule_parse(times[i], &s), 0);
		for (size_t n = 0; n < 730; n++) {
			int64_t next = schedule_next(&s, &zone, at);

			assert_int_equal(schedule_last(&s, &zone, next), next);
			assert_int_equal(schedule_last(&s, &zone, next - 1),
					 n == 0 ? schedule_last(&s, &zone, at)
						: at);
			at = next;
			next = (at + zone.offset(zone.context, at)) / D;
			assert_true(n == 0 || next == day + 1);
			day = next;
		}
	}
	set_zone("UTC0");
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(library_test),
		cmocka_unit_test(each_day_test),
	};
	struct CMUnitTest tests[80] = {{0}};
	size_t n = 0;

	ROWS(tests, n, text_rows, text_test);
	ROWS(tests, n, time_rows, time_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("schedule", tests, n, NULL, NULL);
}
