/*
 * projection: a kernel set is kept as the store wants it, whatever others do
 * to it, and one set's trouble is nobody else's.
 */
#include "enginekit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "saslban/offense.h"
#include "saslban/store.h"

/* ---- one set's trouble ---- */

struct trouble_row {
	const char *title;
	const char *refuse; /* what set of IPv6 says to all */
	size_t capacity;    /* or how many entries it takes */
};

static const struct trouble_row troubles[] = {
	{"IPv6 of the wrong type: IPv4 is banned at once",
	 "set 'saslban6' is hash:ip", 0},
	{"IPv6 full: IPv4 is banned at once", NULL, 1},
};

static void trouble_test(void **state)
{
	const struct trouble_row *row = *state;
	struct world *w;

	setup((void **)&w);
	w->kernel.set[ENFORCER_V6].refuse = row->refuse;
	w->kernel.set[ENFORCER_V6].capacity = row->capacity;
	fail_times(w, "2001:db8:1::1", 3);
	fail_times(w, "2001:db8:2::1", 3);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	/* Not only the first one. */
	wait_s(w, 1);
	fail_times(w, "198.51.100.2", 3);
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
	/* And what waits is made up for. */
	w->kernel.set[ENFORCER_V6].refuse = NULL;
	w->kernel.set[ENFORCER_V6].capacity = 0;
	wait_s(w, 5);
	turn(w);
	assert_int_equal(left(w, "2001:db8:1::/64"), 48 * HOUR - 6);
	assert_int_equal(left(w, "2001:db8:2::/64"), 48 * HOUR - 6);
	teardown((void **)&w);
}

/* ---- a full set ---- */

/* Of the same strike the newest are in, and the others wait. */
static void newest_test(void **state)
{
	struct world *w = *state;
	char address[32];

	w->kernel.set[ENFORCER_V4].capacity = 50;
	ban_many(w, 0, 50);
	wait_s(w, 10);
	ban_many(w, 100, 20);
	assert_int_equal(holds(w), 50);
	for (unsigned i = 0; i < 20; i++)
		assert_true(left(w, address_of(100 + i, address)) > 0);
	assert_non_null(strstr(w->said, "some bans are recorded but not "
					"enforced"));
	/* Those that yielded are in as soon as there is room. */
	w->kernel.set[ENFORCER_V4].capacity = 0;
	wait_s(w, 1);
	turn(w);
	assert_int_equal(holds(w), 70);
}

/* A first strike yields to a third one, and never the other way. */
static void worst_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 1); /* the jail is there */
	record_ban(w, 1, "203.0.113.3", 3, 32 * DAY);
	record_ban(w, 1, "203.0.113.1", 1, 2 * DAY);
	w->kernel.set[ENFORCER_V4].capacity = 2;
	wait_s(w, 2);
	turn(w);
	assert_int_equal(holds(w), 2);
	wait_s(w, 10);
	record_ban(w, 1, "203.0.113.2", 2, 8 * DAY);
	wait_s(w, 2);
	turn(w);
	assert_true(left(w, "203.0.113.3") > 0);
	assert_true(left(w, "203.0.113.2") > 0);
	assert_int_equal(left(w, "203.0.113.1"), 0);
	/* Newer, but only a first strike. */
	fail_times(w, "198.51.100.1", 2);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_true(left(w, "203.0.113.2") > 0);
}

/* Who had to yield and comes back is at large: his ban is put in again. */
static void at_large_test(void **state)
{
	struct world *w = *state;

	w->kernel.set[ENFORCER_V4].capacity = 2;
	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 10);
	fail_times(w, "198.51.100.2", 3);
	wait_s(w, 10);
	fail_times(w, "198.51.100.3", 3);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	wait_s(w, 10);
	fail_times(w, "198.51.100.1", 1);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR - 31);
	assert_int_equal(left(w, "198.51.100.2"), 0);
	assert_null(strstr(w->said, "strike 2")); /* the same ban */
}

/* ---- what others do to a set ---- */

/* As many are deleted as are added: neither number nor identity tells. */
static void exchanged_test(void **state)
{
	struct world *w = *state;
	char address[32], stranger[32];

	ban_many(w, 0, 400);
	for (unsigned i = 0; i < 20; i++) {
		recorder_delete(&w->kernel, address_of(i, address));
		snprintf(stranger, sizeof(stranger), "203.0.113.%u", i + 1);
		recorder_put(&w->kernel, stranger, DAY);
	}
	w->said[0] = '\0';
	for (int i = 0; i < 620; i++) {
		wait_s(w, 1);
		turn(w);
	}
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(left(w, address_of(i, address)),
				 48 * HOUR - 620);
	assert_int_equal(holds(w), 420); /* and nobody else's is touched */
	assert_non_null(strstr(w->said, "20 entries had been removed from set "
					"'saslban4'; putting them back"));
	assert_non_null(strstr(w->said, "set 'saslban4' holds 20 entries of "
					"which no ban is known, as 203.0.113"));
}

/* Said once, not with each comparison. */
static void foreign_test(void **state)
{
	struct world *w = *state;
	const char *first;

	fail_times(w, "198.51.100.1", 3);
	recorder_put(&w->kernel, "203.0.113.1", 30 * DAY);
	for (int i = 0; i < 2000; i++) {
		wait_s(w, 1);
		turn(w);
	}
	first = strstr(w->said, "1 entry of which no ban is known");
	assert_non_null(first);
	assert_null(strstr(first + 40, "no ban is known"));
	assert_int_equal(holds(w), 2);
}

/* Bans come and go while a large set is being compared: none is doubted. */
static void busy_test(void **state)
{
	struct world *w = *state;
	unsigned before;

	ban_many(w, 0, 1000);
	wait_s(w, 305);
	w->said[0] = '\0';
	for (unsigned i = 0; i < 30; i++) {
		ban_many(w, 1000 + 20 * i, 20);
		if (i == 5)
			lift(w, "198.18.0.1");
		if (i == 10)
			wait_s(w, 2);
	}
	before = added(w);
	for (int i = 0; i < 30; i++) {
		wait_s(w, 1);
		turn(w);
	}
	assert_int_equal(holds(w), 1000 + 30 * 20 - 1);
	assert_int_equal(added(w), before);
	assert_null(strstr(w->said, "removed from set"));
	assert_null(strstr(w->said, "no ban is known"));
}

/* Banned, lost and started anew, all in one second. */
static void same_second_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 3);
	engine_close(w->engine);
	recorder_delete(&w->kernel, "198.51.100.1");
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
}

/* ---- a store that can be read and not written ---- */

static void unwritable_test(void **state)
{
	struct world *w = *state;
	struct sighting s[3];
	struct store *locker;
	struct fault why;
	size_t n = 3;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "2001:db8:1::1", 3);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	assert_int_equal(store_open(&locker, w->path, STORE_WRITE, &why), 0);
	assert_int_equal(store_begin(locker, &why), 0);
	open_engine(w);
	for (size_t i = 0; i < 3; i++)
		s[i] = failure(w, "198.51.100.2");
	for (int i = 0; i < 4; i++) {
		assert_int_equal(engine_round(w->engine, s, &n, w->now, &why),
				 -1);
		wait_s(w, 1);
	}
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR - 4);
	assert_int_equal(left(w, "2001:db8:1::/64"), 48 * HOUR - 4);
	assert_int_equal(n, 3);
	/* Flushed meanwhile, it is filled again. */
	recorder_flush(&w->kernel, ENFORCER_SETS);
	for (int i = 0; i < 11; i++) {
		assert_int_equal(engine_round(w->engine, s, &n, w->now, &why),
				 -1);
		wait_s(w, 1);
	}
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR - 15);
	assert_non_null(strstr(w->said, "1 known ban is enforced in set "
					"'saslban4', new ones wait"));
	store_rollback(locker);
	store_close(locker);
	wait_s(w, 1);
	assert_int_equal(engine_round(w->engine, s, &n, w->now, &why), 0);
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
	assert_int_equal(holds(w), 3);
}

/* ---- what is said ---- */

static void started_test(void **state)
{
	struct world *w = *state;

	turn(w);
	assert_string_equal(w->started,
			    "jail sasl: started: filters postfix, dovecot; 3 "
			    "failures in 1h; 48h, 8d, 32d; enforces with "
			    "recorder in set 'saslban', 0 bans restored");
	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	open_engine(w);
	turn(w);
	assert_non_null(strstr(w->started, "1 ban restored"));
	engine_close(w->engine);
	w->settings.enforce = false;
	open_engine(w);
	turn(w);
	assert_non_null(strstr(w->started, "; only observes"));
}

/* By whom and why, each once, also what was done while no engine ran. */
static void people_test(void **state)
{
	struct world *w = *state;

	turn(w);
	record_ban(w, 1, "203.0.113.1", 2, 8 * DAY);
	wait_s(w, 2);
	turn(w);
	assert_string_equal(w->said,
			    "jail sasl: banned 203.0.113.1 for 8d (strike 2) "
			    "by root: test\n");
	assert_int_equal(left(w, "203.0.113.1"), 8 * DAY - 2);
	w->said[0] = '\0';
	engine_close(w->engine);
	wait_s(w, HOUR - 2);
	lift(w, "203.0.113.1");
	open_engine(w);
	turn(w);
	assert_string_equal(w->said,
			    "jail sasl: lifted the ban of 203.0.113.1 (strike "
			    "2, 7d 23h left) by root: test\n");
	wait_s(w, 5);
	turn(w);
	assert_null(strstr(strchr(w->said, '\n') + 1, "lifted"));
}

static void ended_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 48 * HOUR);
	turn(w);
	assert_non_null(strstr(w->said, "jail sasl: the ban of 198.51.100.1 "
					"ended after 48h (strike 1)\n"));
	wait_s(w, 60);
	turn(w);
	assert_null(strstr(strstr(w->said, "ended") + 1, "ended"));
}

/* A ban by hand of an address that is exempt does not last, forced or not. */
static void exempt_test(void **state)
{
	struct world *w = *state;

	turn(w);
	record_ban(w, 1, "192.0.2.7", 1, DAY);
	recorder_put(&w->kernel, "192.0.2.7", DAY);
	wait_s(w, 2);
	turn(w);
	turn(w);
	assert_int_equal(left(w, "192.0.2.7"), 0);
	assert_non_null(strstr(w->said, "lifted the ban of 192.0.2.7: "
					"ignoreip has '192.0.2.7'"));
}

static const struct CMUnitTest singles[] = {
	ENGINE_TEST("a full set takes the newest", newest_test),
	ENGINE_TEST("a full set keeps the worst", worst_test),
	ENGINE_TEST("who had to yield and goes on is banned again",
		    at_large_test),
	ENGINE_TEST("entries that were exchanged are noticed", exchanged_test),
	ENGINE_TEST("foreign entries are reported once", foreign_test),
	ENGINE_TEST("a busy set is compared without a doubt", busy_test),
	ENGINE_TEST("what was lost in the second of its ban is back",
		    same_second_test),
	ENGINE_TEST("an unwritable store is enforced", unwritable_test),
	ENGINE_TEST("the start is reported", started_test),
	ENGINE_TEST("what people do is reported", people_test),
	ENGINE_TEST("the end of a ban is reported", ended_test),
	ENGINE_TEST("a ban by hand of an exempt address is lifted",
		    exempt_test),
};

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	ROWS(tests, n, troubles, trouble_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("projection", tests, n, NULL, NULL);
}
