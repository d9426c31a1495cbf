/* notice: what is due when, when many become one, and digests when clocks are
 * set. */
#include "row.h"

#include "saslban/notice.h"

enum { NOW = 1800000000, WAIT = 300 };

/* ---- when ---- */

struct due_row {
	const char *title;
	enum notify_mode mode;
	enum notice_kind kind;
	unsigned strike;
	int64_t due;
};

static const struct due_row due_rows[] = {
	{"none: a ban", NOTIFY_NONE, NOTICE_BAN, 9, NOTICE_NEVER},
	{"none: a breach", NOTIFY_NONE, NOTICE_BREACH, 0, NOTICE_NEVER},
	{"smart: the first strike waits", NOTIFY_SMART, NOTICE_BAN, 1,
	 NOW + 300},
	{"smart: the second, too", NOTIFY_SMART, NOTICE_BAN, 2, NOW + 300},
	{"smart: the third does not", NOTIFY_SMART, NOTICE_BAN, 3, NOW},
	{"smart: nor does the tenth", NOTIFY_SMART, NOTICE_BAN, 10, NOW},
	{"smart: a breach", NOTIFY_SMART, NOTICE_BREACH, 0, NOW},
	{"immediate: the first strike", NOTIFY_IMMEDIATE, NOTICE_BAN, 1, NOW},
	{"immediate: a breach", NOTIFY_IMMEDIATE, NOTICE_BREACH, 0, NOW},
	{"daily: a third strike is in the digest", NOTIFY_DAILY, NOTICE_BAN, 3,
	 NOTICE_NEVER},
	{"daily: a breach does not wait for it", NOTIFY_DAILY, NOTICE_BREACH, 0,
	 NOW},
	{"weekly: a ban", NOTIFY_WEEKLY, NOTICE_BAN, 1, NOTICE_NEVER},
	{"weekly: a breach", NOTIFY_WEEKLY, NOTICE_BREACH, 0, NOW},
};

static void due_test(void **state)
{
	const struct due_row *r = *state;

	assert_int_equal(notice_due(r->mode, WAIT, r->kind, r->strike, NOW),
			 r->due);
}

/* ---- how many ---- */

struct way_row {
	const char *title;
	struct notice_load load;
	size_t max;
	enum notice_way way;
	int64_t later;
};

static const struct way_row way_rows[] = {
	{"one", {1, 0, 0}, 10, NOTICE_EACH, 0},
	{"as many as are allowed", {10, 0, 0}, 10, NOTICE_EACH, 0},
	{"one more", {11, 0, 0}, 10, NOTICE_TOGETHER, 0},
	{"the last one that is left", {1, 9, 0}, 10, NOTICE_EACH, 0},
	{"two, and one is left", {2, 9, 0}, 10, NOTICE_TOGETHER, 0},
	{"none is left", {1, 10, 0}, 10, NOTICE_TOGETHER, 0},
	{"more went than are allowed by now",
	 {1, 25, 0},
	 10,
	 NOTICE_TOGETHER,
	 0},
	{"many went together just now",
	 {1, 11, NOW},
	 10,
	 NOTICE_LATER,
	 NOW + 300},
	{"they did 299 seconds ago",
	 {5, 10, NOW - 299},
	 10,
	 NOTICE_LATER,
	 NOW + 1},
	{"they did 300 seconds ago",
	 {5, 10, NOW - 300},
	 10,
	 NOTICE_TOGETHER,
	 0},
	{"they did, and there is room", {5, 1, NOW - 100}, 10, NOTICE_EACH, 0},
	{"always together", {1, 0, 0}, 0, NOTICE_TOGETHER, 0},
};

static void way_test(void **state)
{
	const struct way_row *r = *state;
	int64_t later = 0;

	assert_int_equal(notice_way(&r->load, r->max, WAIT, NOW, &later),
			 r->way);
	assert_int_equal(later, r->later);
}

/* ---- digests: the clock is UTC's, the time 07:30 ---- */

enum { H = 3600, DAY = 86400 };

/* 2027-01-15, a Friday, 00:00. */
#define JAN 1799971200LL
#define HALF_PAST_7 (JAN + 27000)

struct digest_row {
	const char *title;
	int64_t since, now, due;
};

static const struct digest_row digest_rows[] = {
	{"it began just now", HALF_PAST_7 - H, HALF_PAST_7 - H, HALF_PAST_7},
	{"the last one was yesterday", HALF_PAST_7 - DAY, HALF_PAST_7 - H,
	 HALF_PAST_7},
	{"three days without anybody to send it", HALF_PAST_7 - 3 * DAY,
	 HALF_PAST_7 - H, HALF_PAST_7 - 2 * DAY},
	{"it is sent at eight, and the clock is set back to seven", HALF_PAST_7,
	 HALF_PAST_7 - H / 2, HALF_PAST_7 + DAY},
	{"... to yesterday's eight", HALF_PAST_7, HALF_PAST_7 - DAY + H / 2,
	 HALF_PAST_7 + DAY},
	{"... two days back", HALF_PAST_7, HALF_PAST_7 - 2 * DAY + H / 2,
	 HALF_PAST_7 - DAY},
	{"the clock was in 2037", 2120000000, HALF_PAST_7 + H,
	 HALF_PAST_7 + DAY},
};

static int utc(const void *context, int64_t at)
{
	(void)context;
	(void)at;
	return 0;
}

static void digest_test(void **state)
{
	static const struct schedule at = {SCHEDULE_DAILY, 450};
	static const struct schedule_zone zone = {utc, NULL};
	const struct digest_row *r = *state;

	assert_int_equal(notice_digest(&at, &zone, r->since, r->now), r->due);
}

int main(void)
{
	struct CMUnitTest tests[48] = {{0}};
	size_t n = 0;

	ROWS(tests, n, due_rows, due_test);
	ROWS(tests, n, way_rows, way_test);
	ROWS(tests, n, digest_rows, digest_test);
	return _cmocka_run_group_tests("notice", tests, n, NULL, NULL);
}
