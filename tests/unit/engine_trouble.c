/*
 * engine_trouble: what the engine makes of a store or a kernel that refuses,
 * of files that vanish and of sets that are full.
 */
#include "enginekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine.h"
#include "saslban/alive.h"
#include "saslban/exempt.h"
#include "saslban/offense.h"
#include "saslban/store.h"

/* ---- a database that refuses ---- */

/* Another writer, who has it for himself. */
static struct store *lock(struct world *w)
{
	struct store *store;
	struct fault why;

	assert_int_equal(store_open(&store, w->path, STORE_WRITE, &why), 0);
	assert_int_equal(store_begin(store, &why), 0);
	return store;
}

static void unlock(struct store *store)
{
	store_rollback(store);
	store_close(store);
}

/* A round that must fail. */
static void refuse(struct world *w)
{
	struct fault why;
	size_t n = 0;

	assert_int_equal(engine_round(w->engine, NULL, &n, w->now, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
}

/* The machine gets an address that is banned, while the store is locked. */
static void grown_test(void **state)
{
	struct world *w = *state;
	struct store *other;

	set(w, "ignoreip", "self");
	engine_close(w->engine);
	open_engine(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	assert_int_equal(system("ip addr add 198.51.100.1/32 dev lo"), 0);
	wait_s(w, EXEMPT_SELF_AGAIN);
	other = lock(w);
	refuse(w);
	unlock(other);
	assert_true(left(w, "198.51.100.1") > 0);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_non_null(strstr(w->said, "lifted the ban of 198.51.100.1: "
					"it is this machine's own address"));
}

/* ---- a database that goes away ---- */

static void removed_test(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	struct world *w = *state;
	char path[80];

	fail_times(w, "198.51.100.1", 3);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", w->path, tails[i]);
		assert_int_equal(unlink(path), 0);
	}
	w->said[0] = '\0';
	for (int i = 0; i < 10; i++) {
		wait_s(w, 1);
		turn(w);
	}
	snprintf(path, sizeof(path), "jail sasl: the database '%s', ", w->path);
	assert_memory_equal(w->said, path, strlen(path));
	assert_string_equal(w->said + strlen(path),
			    "or its log, was removed or replaced; going on "
			    "with what is there now\n");
	/* The kernel keeps what it has, the new one has what comes. */
	assert_true(left(w, "198.51.100.1") > 0);
	fail_times(w, "198.51.100.2", 3);
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
}

/* With one in which somebody else is banned. */
static void replaced_test(void **state)
{
	struct world *w = *state;
	char kept[80];

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	snprintf(kept, sizeof(kept), "%s.kept", w->path);
	assert_int_equal(rename(w->path, kept), 0);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	open_engine(w);
	fail_times(w, "198.51.100.2", 3);
	assert_int_equal(rename(kept, w->path), 0);
	wait_s(w, 2);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR - 2);
	/* What was banned by the other one alone stays, as a stranger. */
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR - 2);
}

/* What stands in the store of our settings, or of another jail's, is for
 * saslbanctl. */
static void settings_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	sql(w, "UPDATE setting SET value = 'nonsense' WHERE name = 'maxretry';"
	       "INSERT INTO jail (name, configured) VALUES ('another', 1);"
	       "INSERT INTO setting VALUES (2, 'findtime', 0, 'nonsense'),"
	       " (2, 'set', 0, 'saslban')");
	recorder_flush(&w->kernel, ENFORCER_SETS);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
}

/* The jail's row is deleted: nothing can be recorded for it. */
static void deleted_test(void **state)
{
	struct world *w = *state;
	struct sighting s;
	struct fault why;
	size_t n;

	fail_times(w, "198.51.100.1", 1);
	sql(w, "PRAGMA foreign_keys = ON; DELETE FROM jail");
	for (int i = 0; i < 60; i++) {
		s = failure(w, "198.51.100.2");
		s.count = 3;
		n = 1;
		if (engine_round(w->engine, &s, &n, w->now, &why) == 0)
			break;
		assert_int_equal(n, 1);
		wait_s(w, 1);
	}
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
}

/* ---- the file by which others see the engine ---- */

static void unseen_test(void **state)
{
	struct world *w = *state;
	char engines[sizeof(w->path) + 16];

	turn(w);
	assert_int_equal(alive_check(w->path, 1), ALIVE_RUNS);
	snprintf(engines, sizeof(engines), "%s-engines", w->path);
	assert_int_equal(unlink(engines), 0);
	assert_int_equal(alive_check(w->path, 1), ALIVE_NOT);
	wait_s(w, 2);
	turn(w);
	assert_int_equal(alive_check(w->path, 1), ALIVE_RUNS);
	assert_string_equal(w->said, "");
}

/* As when one rsyslogd is started before the other has ended. */
static void rival_test(void **state)
{
	struct world *w = *state;
	struct alive *rival;
	struct fault why;

	engine_close(w->engine);
	assert_int_equal(alive_claim(&rival, w->path, 1, &why), 0);
	open_engine(w);
	for (int i = 0; i < 10; i++) {
		turn(w);
		wait_s(w, 2);
	}
	assert_non_null(strstr(w->said, "another engine runs this jail"));
	assert_null(strstr(strstr(w->said, "another engine") + 1,
			   "another engine"));
	alive_release(rival);
	assert_int_equal(alive_check(w->path, 1), ALIVE_NOT);
	turn(w);
	assert_int_equal(alive_check(w->path, 1), ALIVE_RUNS);
}

/* ---- a set that is full ---- */

/* More IPv4 bans wait than are tried at a time: what the kernel takes all the
 * same must not wait behind them. */
static void full_test(void **state)
{
	struct world *w = *state;

	set(w, "bantime", "32d");
	fail_times(w, "203.0.113.1", 3);
	wait_s(w, 32 * DAY);
	turn(w);
	fail_times(w, "203.0.113.1", 3); /* weighs more than the others */
	w->kernel.set[0].capacity = 101;
	wait_s(w, 1);
	ban_many(w, 0, 1000);
	wait_s(w, 1);
	ban_many(w, 1000, 1000);
	assert_int_equal(holds(w), 101);
	wait_s(w, 5);
	fail_times(w, "2001:db8:1::1", 3);
	assert_int_equal(left(w, "2001:db8:1::/64"), ENFORCER_LONGEST);
	assert_non_null(strstr(w->said, "some bans are recorded but not "
					"enforced: set 'saslban4' is full"));
	assert_null(strstr(strstr(w->said, "2001:db8:1::/64 "), "waits"));
	/* The long ban is renewed. */
	wait_s(w, 60);
	turn(w);
	w->said[0] = '\0';
	for (int day = 0; day < 20; day++) {
		wait_s(w, DAY);
		turn(w);
	}
	assert_int_equal(left(w, "203.0.113.1"), 32 * DAY - 20 * DAY - 67);
	assert_int_equal(left(w, "2001:db8:1::/64"), 12 * DAY - 60);
	assert_string_equal(w->said, "");
	w->kernel.set[0].capacity = 0;
	wait_s(w, 5);
	finish(w);
	assert_string_equal(w->said, "jail sasl: bans are enforced again\n");
	assert_int_equal(holds(w), 2002);
}

/* What is refused is neither tried nor compared all the time. */
static void storm_test(void **state)
{
	struct world *w = *state;
	unsigned bans, ensures;

	w->kernel.set[0].capacity = 10;
	ban_many(w, 0, 500);
	wait_s(w, 2);
	turn(w);
	bans = added(w);
	ensures = w->kernel.set[0].ensures;
	for (int i = 0; i < 60; i++) {
		wait_s(w, 1);
		turn(w);
	}
	assert_int_equal(w->kernel.set[0].ensures, ensures);
	/* One try a second. */
	assert_in_range(added(w) - bans, 490, 60 * 490);
}

/* ---- a set and a store that differ ---- */

/* A long ban is replaced by a short one while nobody is there. */
static void shortened_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	record_ban(w, 1, "198.51.100.1", 1, HOUR);
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), HOUR);
}

/* Somebody put it in for a minute: it is renewed, its counters stay. */
static void cut_down_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	w->kernel.set[0].entries[0].until = w->kernel.now + 60;
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	assert_false(w->kernel.set[0].entries[0].fresh);
}

/* The kernel had it, the store did not know yet, a person lifted it, and then
 * came a crash: nobody took it out. */
static void pardoned_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 3);
	recorder_put(&w->kernel, "203.0.113.1", HOUR);
	engine_close(w->engine);
	sql(w, "UPDATE entry SET held = 0 WHERE address = '198.51.100.1'");
	lift(w, "198.51.100.1");
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
	assert_int_equal(left(w, "203.0.113.1"), HOUR); /* not ours */
}

/* Two jails, one set. The first one to look puts back what both have banned,
 * and the other one finds all in order. */
static void shared_flush_test(void **state)
{
	struct world *w = *state;
	const struct engine_parts parts = {.settings = &w->settings,
					   .reporter = &w->reporter};
	struct settings sasl = w->settings;
	struct fault why = {.text = ""};
	struct engine *rbl;
	size_t n = 0;

	fail_times(w, "198.51.100.1", 3);
	set(w, "name", "rbl");
	set(w, "set", "saslban");
	assert_int_equal(engine_open(&rbl, &parts, &w->kernel.enforcer, &why),
			 0);
	assert_int_equal(engine_round(rbl, NULL, &n, w->now, &why), 0);
	record_ban(w, 2, "198.51.100.2", 1, DAY);
	wait_s(w, 2);
	assert_int_equal(engine_round(rbl, NULL, &n, w->now, &why), 0);
	assert_int_equal(holds(w), 2);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	wait_s(w, 61);
	assert_int_equal(engine_round(rbl, NULL, &n, w->now, &why), 0);
	assert_int_equal(holds(w), 2); /* for both jails */
	engine_close(rbl);
	w->settings = sasl;
	turn(w);
	assert_int_equal(holds(w), 2);
}

/* A set that we made anew ourselves was not replaced by anybody. */
static void known_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 61);
	turn(w);
	recorder_refuse(&w->kernel, "it is gone");
	fail_times(w, "198.51.100.2", 3);
	recorder_swap(&w->kernel, ENFORCER_V4);
	recorder_refuse(&w->kernel, NULL);
	wait_s(w, 5);
	turn(w);
	assert_int_equal(holds(w), 2);
	wait_s(w, 61);
	turn(w);
	assert_null(strstr(w->said, "flushed or replaced"));
}

/* ---- many at once ---- */

/* 300 addresses in a second, and some of the next one. */
static void spray_test(void **state)
{
	struct world *w = *state;
	struct sighting s[300];
	struct fault why;
	char address[32];
	size_t n = 300, lines = 0;

	for (size_t i = 0; i < n; i++) {
		snprintf(address, sizeof(address), "198.51.%zu.%zu",
			 100 + i / 200, 1 + i % 200);
		s[i] = failure(w, address);
		s[i].count = 3;
	}
	assert_int_equal(engine_round(w->engine, s, &n, w->now, &why), 0);
	wait_s(w, 1);
	fail_times(w, "203.0.113.1", 3);
	for (const char *at = w->said; *at != '\0'; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 22);
	assert_non_null(strstr(w->said, "banned 198.51.100.20 "));
	assert_null(strstr(w->said, "banned 198.51.100.21 "));
	assert_non_null(strstr(w->said, "jail sasl: and 280 more; saslbanctl "
					"list has them all\n"
					"jail sasl: banned 203.0.113.1 "));
	assert_int_equal(left(w, "198.51.101.100"), 48 * HOUR - 1);
}

/* And so is a pardon of many. */
static void spare_many_test(void **state)
{
	struct world *w = *state;
	size_t lines = 0;

	ban_many(w, 0, 1000);
	wait_s(w, 1);
	ban_many(w, 1000, 1000);
	engine_close(w->engine);
	w->said[0] = '\0';
	set(w, "ignoreip", "198.18.0.0/15");
	open_engine(w);
	finish(w);
	assert_int_equal(holds(w), 0);
	for (const char *at = w->said; *at != '\0'; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 20);
	wait_s(w, 1);
	turn(w);
	assert_non_null(strstr(w->said, "jail sasl: and 1980 more; saslbanctl "
					"list has them all\n"));
}

/* Told also when it is the last thing that happens. */
static void spray_end_test(void **state)
{
	struct world *w = *state;
	char address[32];

	for (int i = 0; i < 30; i++) {
		snprintf(address, sizeof(address), "198.51.100.%d", i + 1);
		fail_times(w, address, 3);
	}
	engine_close(w->engine);
	assert_non_null(strstr(w->said, "jail sasl: and 10 more;"));
	open_engine(w);
}

static const struct CMUnitTest tests[] = {
	ENGINE_TEST("a longer ignoreip is remembered while the store refuses",
		    grown_test),
	ENGINE_TEST("a removed database is begun anew, and said once",
		    removed_test),
	ENGINE_TEST("a replaced database counts from then on", replaced_test),
	ENGINE_TEST("settings in the store are not needed", settings_test),
	ENGINE_TEST("a deleted jail is written again", deleted_test),
	ENGINE_TEST("an engine that others cannot see any more comes back",
		    unseen_test),
	ENGINE_TEST("nor is it hidden by one that has ended", rival_test),
	ENGINE_TEST("a full set keeps nothing else from its work", full_test),
	ENGINE_TEST("a full set is no storm", storm_test),
	ENGINE_TEST("a ban that was shortened is short", shortened_test),
	ENGINE_TEST("an entry that is too short is renewed", cut_down_test),
	ENGINE_TEST("who was pardoned just before a crash is free",
		    pardoned_test),
	ENGINE_TEST("a shared set is filled for all its jails",
		    shared_flush_test),
	ENGINE_TEST("a set that we made is no stranger's", known_test),
	ENGINE_TEST("a spray is counted, not told", spray_test),
	ENGINE_TEST("a spray at the end is counted", spray_end_test),
	ENGINE_TEST("a pardon of many is counted", spare_many_test),
};

int main(void)
{
	int status;

	if (!machine_ready(&status))
		return status;
	return cmocka_run_group_tests_name("engine_trouble", tests, NULL, NULL);
}
