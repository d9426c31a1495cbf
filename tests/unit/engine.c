/*
 * engine: the order of the line, with a real store and a recorded kernel.
 *
 * Time is what the test says it is: a year passes in a loop.
 */
#include "enginekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/login.h"
#include "saslban/offense.h"
#include "saslban/store.h"

/* ---- the straight line ---- */

static void ladder_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 2);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	fail_times(w, "198.51.100.1", 1);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	assert_non_null(strstr(w->said, "jail sasl: banned 198.51.100.1 for "
					"48h (strike 1): 3 failures within "
					"1h"));
	wait_s(w, 48 * HOUR + 1);
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 8 * DAY);
	wait_s(w, 8 * DAY + 1);
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), ENFORCER_LONGEST);
	assert_non_null(strstr(w->said, "for 32d (strike 3)"));
}

static void prefix_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "2001:db8:1::1", 1);
	fail_times(w, "2001:db8:1::2", 2);
	assert_int_equal(left(w, "2001:db8:1::/64"), 48 * HOUR);
	/* A neighbour of somebody who is ignored: the host alone. */
	fail_times(w, "2001:db8:9::8", 3);
	assert_int_equal(left(w, "2001:db8:9::/64"), 0);
	assert_int_equal(left(w, "2001:db8:9::8"), 48 * HOUR);
}

static void ignored_test(void **state)
{
	static const char *const never[] = {
		"192.0.2.7", "127.0.0.1", "::1",          "0.0.0.0",
		"fe80::1",   "224.0.0.1", "2001:db8:9::7"};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		fail_times(w, never[i], 9);
	assert_int_equal(added(w), 0);
	assert_string_equal(w->said, "");
}

static void late_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 9); /* six of them come too late */
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	wait_s(w, HOUR);
	fail_times(w, "198.51.100.1", 5);
	assert_int_equal(added(w), 1);
	assert_int_equal(left(w, "198.51.100.1"), 47 * HOUR);
	wait_s(w, 47 * HOUR);
	turn(w);
	/* What came late does not count when the ban is over. */
	fail_times(w, "198.51.100.1", 2);
	assert_int_equal(added(w), 1);
}

static void counted_test(void **state)
{
	struct world *w = *state;
	struct sighting s = failure(w, "198.51.100.1");
	struct fault why;
	size_t n = 1;

	s.count = 3;
	assert_int_equal(engine_round(w->engine, &s, &n, w->now, &why), 0);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
}

static void old_test(void **state)
{
	struct world *w = *state;
	struct sighting s[3];
	struct fault why;
	size_t n = 3;

	for (size_t i = 0; i < 3; i++) {
		s[i] = failure(w, "198.51.100.1");
		s[i].reported -= 2 * HOUR;
	}
	assert_int_equal(engine_round(w->engine, s, &n, w->now, &why), 0);
	assert_int_equal(added(w), 0);
	/* Half of findtime old is not old. */
	for (size_t i = 0; i < 3; i++)
		s[i].reported = w->now.wall - HOUR / 2;
	n = 3;
	assert_int_equal(engine_round(w->engine, s, &n, w->now, &why), 0);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
}

static void successes_test(void **state)
{
	struct world *w = *state;
	struct sighting s[6];
	struct fault why;
	size_t n = 6;

	for (size_t i = 0; i < 6; i++) {
		s[i] = failure(w, "198.51.100.1");
		s[i].kind = i % 2 ? SIGHTING_SUCCESS : SIGHTING_TROUBLE;
	}
	assert_int_equal(engine_round(w->engine, s, &n, w->now, &why), 0);
	assert_int_equal(added(w), 0);
}

/* ---- time ---- */

/* Re-armed before the kernel lets go, all through its 32 days. */
static void rearm_test(void **state)
{
	struct world *w = *state;
	int64_t end;

	set(w, "bantime", "32d");
	fail_times(w, "198.51.100.1", 3);
	end = w->now.wall + 32 * DAY;
	assert_int_equal(left(w, "198.51.100.1"), ENFORCER_LONGEST);
	while (w->now.wall < end - HOUR) {
		wait_s(w, HOUR);
		turn(w);
		if (left(w, "198.51.100.1") == 0)
			fail_msg("free after %lld s",
				 (long long)(w->now.wall - START));
	}
	assert_int_equal(left(w, "198.51.100.1"), HOUR);
	assert_int_equal(added(w), 2);
	assert_false(w->kernel.set[0]
			     .entries[0]
			     .fresh); /* a renewal keeps counters */
	wait_s(w, HOUR);
	assert_int_equal(left(w, "198.51.100.1"), 0);
}

static void forever_test(void **state)
{
	struct world *w = *state;

	set(w, "bantime", "forever");
	fail_times(w, "198.51.100.1", 3);
	for (int day = 0; day < 400; day++) {
		wait_s(w, DAY);
		turn(w);
		assert_true(left(w, "198.51.100.1") > 0);
	}
}

static void forget_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 48 * HOUR + 1);
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 8 * DAY);
	wait_s(w, 8 * DAY + 32 * DAY + 2);
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	/* It is the first one again, and not the third of all. */
	wait_s(w, 48 * HOUR + 1);
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 8 * DAY);
}

static int count_offense(void *context, const struct offense *o)
{
	(void)o;
	++*(int *)context;
	return 0;
}

/* An old offense is forgotten, but not before its strike has faded. */
static void retain_test(void **state)
{
	static const struct {
		const char *forget;
		int left;
	} rows[] = {{"32d", 0}, {"100d", 1}, {"0", 1}};
	struct offense_query all = {.jail = 0};
	struct world *w = *state;

	set(w, "retain", "40d");
	for (size_t i = 0; i < 3; i++) {
		struct store *store;
		struct fault why;
		int n = 0;

		set(w, "forget", rows[i].forget);
		fail_times(w, "198.51.100.1", 3);
		for (int day = 0; day < 44; day++) {
			wait_s(w, DAY);
			turn(w);
		}
		assert_int_equal(store_open(&store, w->path, STORE_READ, &why),
				 0);
		assert_int_equal(
			offense_each(store, &all, count_offense, &n, &why), 0);
		store_close(store);
		assert_int_equal(n, rows[i].left);
		wait_s(w, 100 * DAY);
		turn(w);
	}
}

/* Customers are not kept for ever, even where failures are. */
static void retain_logins_test(void **state)
{
	static const struct {
		const char *known;
		int days, left;
	} rows[] = {{"30d", 390, 1}, {"30d", 402, 0}, {"500d", 450, 1}};
	struct world *w = *state;

	set(w, "retain", "forever");
	turn(w);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sighting login = failure(w, "198.51.100.1");
		struct store *store;
		struct fault why;
		int64_t logins;
		size_t n = 1;

		set(w, "known.window", rows[i].known);
		sql(w, "DELETE FROM login");
		login.kind = SIGHTING_SUCCESS;
		assert_int_equal(
			engine_round(w->engine, &login, &n, w->now, &why), 0);
		wait_s(w, 10);
		turn(w);
		wait_s(w, rows[i].days * DAY);
		turn(w);
		assert_int_equal(store_open(&store, w->path, STORE_READ, &why),
				 0);
		assert_int_equal(login_count(store, &logins, &why), 0);
		store_close(store);
		assert_int_equal(logins, rows[i].left);
	}
}

/* The clock goes back by a day: what is left stays what it was, also for a
 * set that has to be filled again. */
static void clock_back_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 2);
	wait_s(w, HOUR);
	w->now.wall -= DAY;
	turn(w);
	assert_non_null(strstr(w->said, "the clock was set back by 1d"));
	assert_int_equal(left(w, "198.51.100.1"), 47 * HOUR);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	engine_close(w->engine);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 47 * HOUR);
	/* Two failures of an hour ago and one of now are no three in an hour
	 * only because the clock says that they lie in the future. */
	wait_s(w, 2);
	fail_times(w, "198.51.100.2", 1);
	assert_int_equal(left(w, "198.51.100.2"), 0);
}

/* It goes back behind the end of a ban that is over. */
static void clock_revive_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 48 * HOUR + 5);
	turn(w);
	w->now.wall -= DAY;
	turn(w);
	engine_close(w->engine);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_int_equal(added(w), 1);
}

/* It goes forward by a year, and comes back. */
static void clock_forward_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	wait_s(w, HOUR);
	w->now.wall += 365 * DAY;
	turn(w);
	assert_non_null(strstr(w->said, "the clock was set forward by 365d"));
	/* Nor is it ended in the store: a lost set has it again. */
	recorder_flush(&w->kernel, ENFORCER_SETS);
	engine_close(w->engine);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 47 * HOUR);
	w->now.wall -= 365 * DAY;
	turn(w);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	engine_close(w->engine);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 47 * HOUR);
	/* It is the same ban, and ends. */
	wait_s(w, 47 * HOUR);
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_non_null(strstr(w->said, "(strike 2)"));
}

/* It goes back while nobody is looking. */
static void clock_back_stopped_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	w->now.wall -= DAY;
	w->now.boot = 5; /* another boot */
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
}

/* ---- losing things ---- */

static void restart_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "2001:db8:1::1", 3);
	engine_close(w->engine);
	wait_s(w, HOUR);
	open_engine(w);
	turn(w);
	/* Both were there: nothing had to be put in, no counter was reset. */
	assert_int_equal(added(w), 2);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	wait_s(w, HOUR);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 46 * HOUR);
	assert_int_equal(left(w, "2001:db8:1::/64"), 46 * HOUR);
	assert_int_equal(added(w), 4);
}

/* A set of which the kernel has not counted all. */
static void uncounted_test(void **state)
{
	struct world *w = *state;
	struct recorder_set *s = &w->kernel.set[ENFORCER_V4];

	s->counted = 1;
	s->capacity = 4;
	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 3);
	fail_times(w, "198.51.100.3", 3);
	wait_s(w, 61);
	turn(w);
	assert_null(strstr(w->said, "flushed or replaced"));
	assert_null(strstr(w->said, "holds 3 of 4"));
	fail_times(w, "198.51.100.4", 3);
	wait_s(w, 61);
	turn(w);
	assert_null(strstr(w->said, "flushed or replaced"));
	assert_non_null(strstr(w->said, "set 'saslban4' holds 4 of 4 entries"));
	recorder_flush(&w->kernel, ENFORCER_SETS);
	wait_s(w, 61);
	turn(w);
	assert_non_null(strstr(w->said, "flushed or replaced"));
}

static void flushed_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	wait_s(w, 61);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR - 61);
	assert_non_null(strstr(w->said, "flushed or replaced"));
}

static void swapped_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 61);
	turn(w);
	recorder_swap(&w->kernel, ENFORCER_V4);
	recorder_put(&w->kernel, "203.0.113.1", HOUR);
	wait_s(w, 61);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR - 122);
	assert_int_equal(left(w, "203.0.113.1"), HOUR - 61); /* not ours */
}

static void refused_test(void **state)
{
	struct world *w = *state;

	recorder_refuse(&w->kernel, "no CAP_NET_ADMIN");
	fail_times(w, "198.51.100.1", 3);
	for (int i = 0; i < 60; i++) {
		wait_s(w, 1);
		turn(w);
	}
	/* Said once, with the ban itself. */
	assert_string_equal(
		w->said,
		"jail sasl: bans are recorded but not enforced: no "
		"CAP_NET_ADMIN\n"
		"jail sasl: banned 198.51.100.1 for 48h (strike 1): 3 "
		"failures within 1h, last by postfix/smtpd (postfix:1); waits "
		"for the kernel\n");
	recorder_refuse(&w->kernel, NULL);
	wait_s(w, 5);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR - 65);
	assert_non_null(strstr(w->said, "enforced again"));
}

static void unruled_test(void **state)
{
	struct world *w = *state;

	w->kernel.set[0].references = 0;
	w->kernel.set[1].references = 0;
	turn(w);
	for (int i = 0; i < 5; i++) {
		wait_s(w, 61);
		turn(w);
	}
	assert_string_equal(w->said, "jail sasl: no firewall rule refers to "
				     "set 'saslban': bans block nothing; see "
				     "saslban-firewall\n");
}

static int see_jail(void *context, const struct jail *jail)
{
	*(int64_t *)context = jail->seen;
	return 0;
}

static void alive_test(void **state)
{
	struct world *w = *state;
	struct store *store;
	struct fault why;
	int64_t seen = 0;

	w->settings.enforce = false;
	for (int i = 0; i < 600; i++) {
		turn(w);
		wait_s(w, 1);
	}
	assert_int_equal(store_open(&store, w->path, STORE_READ, &why), 0);
	assert_int_equal(jail_each(store, see_jail, &seen, &why), 0);
	store_close(store);
	assert_in_range(w->now.wall - seen, 0, 61);
}

/* ---- people ---- */

static void pardon_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 2);
	turn(w);
	lift(w, "198.51.100.1");
	wait_s(w, 2);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	/* The failures are paid for, the strike is taken back. */
	fail_times(w, "198.51.100.1", 2);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	fail_times(w, "198.51.100.1", 1);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
}

static void observe_test(void **state)
{
	struct world *w = *state;

	w->settings.enforce = false;
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(added(w), 0);
	assert_non_null(strstr(w->said, "would ban 198.51.100.1 for 48h"));
	/* Enforcing from now on does not carry out what was only observed. */
	engine_close(w->engine);
	w->settings.enforce = true;
	open_engine(w);
	turn(w);
	assert_int_equal(added(w), 0);
	/* Nor does it shield the address. */
	wait_s(w, 1);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	assert_non_null(strstr(w->said, "banned 198.51.100.1 for 48h (strike "
					"1)"));
}

static void spare_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 3);
	engine_close(w->engine);
	set(w, "ignoreip", "198.51.100.1");
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_true(left(w, "198.51.100.2") > 0);
	assert_non_null(strstr(w->said, "lifted the ban of 198.51.100.1: "
					"ignoreip has '198.51.100.1'"));
}

/* ---- a database that refuses ---- */

static void unwritable_test(void **state)
{
	struct world *w = *state;
	struct sighting s[3];
	struct fault why;
	size_t n = 3;

	snprintf(w->settings.database, sizeof(w->settings.database),
		 "/nonexistent/saslban.db");
	for (size_t i = 0; i < 3; i++)
		s[i] = failure(w, "198.51.100.1");
	assert_int_equal(engine_round(w->engine, s, &n, w->now, &why), -1);
	assert_int_equal(n, 3);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "/nonexistent/saslban.db"));
	snprintf(w->settings.database, sizeof(w->settings.database), "%s",
		 w->path);
	assert_int_equal(engine_round(w->engine, s, &n, w->now, &why), 0);
	assert_int_equal(n, 0);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
}

static const struct CMUnitTest tests[] = {
	ENGINE_TEST("three failures ban, the ladder is climbed", ladder_test),
	ENGINE_TEST("a /64 is one offender, but not over the ignored",
		    prefix_test),
	ENGINE_TEST("who is never banned is never counted", ignored_test),
	ENGINE_TEST("late lines never escalate", late_test),
	ENGINE_TEST("three attempts on one line are three", counted_test),
	ENGINE_TEST("a line older than findtime is history", old_test),
	ENGINE_TEST("successes and trouble are no failures", successes_test),
	ENGINE_TEST("a ban of 32 days is re-armed in time", rearm_test),
	ENGINE_TEST("a ban for ever is re-armed for ever", forever_test),
	ENGINE_TEST("strikes are forgotten after forget", forget_test),
	ENGINE_TEST("offenses are forgotten when they are nothing any more",
		    retain_test),
	ENGINE_TEST("logins are forgotten though failures are not",
		    retain_logins_test),
	ENGINE_TEST("a clock set back lengthens no ban", clock_back_test),
	ENGINE_TEST("a clock set back revives no ban", clock_revive_test),
	ENGINE_TEST("a clock set forward ends no ban", clock_forward_test),
	ENGINE_TEST("a clock set back while stopped", clock_back_stopped_test),
	ENGINE_TEST("a restart finds the set, or fills it", restart_test),
	ENGINE_TEST("a flushed set is filled again", flushed_test),
	ENGINE_TEST("one that nobody counts is filling by what the store has",
		    uncounted_test),
	ENGINE_TEST("a swapped set is filled, strangers stay", swapped_test),
	ENGINE_TEST("a refusing kernel is told of once", refused_test),
	ENGINE_TEST("a set without a rule is told of once", unruled_test),
	ENGINE_TEST("a quiet engine is seen to live", alive_test),
	ENGINE_TEST("a pardon frees, and is no strike", pardon_test),
	ENGINE_TEST("observe touches nothing, then or later", observe_test),
	ENGINE_TEST("a longer ignoreip lifts running bans", spare_test),
	ENGINE_TEST("what a refusing database left is kept", unwritable_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
