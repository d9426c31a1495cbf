/*
 * refill: sets that were lost are filled again in steps, and what happens
 * between two steps is right afterwards.
 */
#include "enginekit.h"

#include <string.h>

#include "saslban/entry.h"
#include "saslban/store.h"

enum { MANY = 3000 }; /* more than a round puts back */

/* All are banned, and the machine was started anew a minute later. */
static void reboot(struct world *w)
{
	for (unsigned i = 0; i < MANY; i += 500) {
		ban_many(w, i, 500);
		wait_s(w, 1);
	}
	turn(w);
	assert_int_equal(holds(w), MANY);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	wait_s(w, 60);
	w->said[0] = '\0';
	w->started[0] = '\0';
	open_engine(w);
	turn(w);
	assert_in_range(holds(w), 100, MANY - 500);
}

static int64_t held(const struct world *w, const char *address)
{
	struct store *store;
	struct address a;
	struct entry e;
	struct fault why;
	bool found;

	assert_int_equal(store_open(&store, w->path, STORE_READ, &why), 0);
	assert_int_equal(address_parse(address, strlen(address), &a), 0);
	assert_int_equal(entry_get(store, "saslban4", &a, &e, &found, &why), 0);
	store_close(store);
	return found ? e.held : 0;
}

/* One of those that are in already, and one of the others. */
static const char *pick(const struct world *w, bool in, char address[32])
{
	for (unsigned i = 0; i < MANY; i++)
		if ((left(w, address_of(i, address)) > 0) == in)
			return address;
	fail_msg("there is none");
	return NULL;
}

static void all_test(void **state)
{
	struct world *w = *state;
	char address[32];

	reboot(w);
	assert_string_equal(w->started, "");
	finish(w);
	assert_int_equal(holds(w), MANY);
	/* Of the first five hundred and of the last: their own time. */
	assert_int_equal(left(w, address_of(0, address)), 48 * HOUR - 66);
	assert_int_equal(left(w, address_of(2999, address)), 48 * HOUR - 61);
	assert_non_null(strstr(w->started, "3000 bans restored"));
	assert_int_equal(added(w), 2 * MANY);
}

/* Nobody waits for the others. */
static void fresh_test(void **state)
{
	struct world *w = *state;

	reboot(w);
	fail_times(w, "203.0.113.1", 3);
	assert_int_equal(left(w, "203.0.113.1"), 48 * HOUR);
	assert_in_range(holds(w), 100, MANY - 1);
	finish(w);
	assert_int_equal(holds(w), MANY + 1);
}

struct pardon_row {
	const char *title;
	bool in; /* it was put back when it was pardoned */
};

static const struct pardon_row pardons[] = {
	{"a pardon of what is not back yet", false},
	{"a pardon of what is back", true},
};

static void pardon_test(void **state)
{
	const struct pardon_row *row = *state;
	char address[32];
	struct world *w;

	setup((void **)&w);
	reboot(w);
	lift(w, pick(w, row->in, address));
	wait_s(w, 2);
	finish(w);
	assert_int_equal(left(w, address), 0);
	assert_int_equal(held(w, address), 0);
	assert_int_equal(holds(w), MANY - 1);
	/* And it can be banned again. */
	fail_times(w, address, 3);
	finish(w);
	assert_true(left(w, address) > 0);
	teardown((void **)&w);
}

/* Pardoned and banned for less before its turn came. */
static void anew_test(void **state)
{
	struct world *w = *state;
	char address[32];

	reboot(w);
	lift(w, pick(w, false, address));
	record_ban(w, 1, address, 1, HOUR);
	wait_s(w, 2);
	finish(w);
	assert_int_equal(left(w, address), HOUR - 2);
	assert_int_equal(holds(w), MANY);
}

/* Ended in the middle, it begins again: what was put back is found there. */
static void interrupted_test(void **state)
{
	struct world *w = *state;
	unsigned before;
	size_t n;

	reboot(w);
	n = holds(w);
	before = added(w);
	engine_close(w->engine);
	open_engine(w);
	finish(w);
	assert_int_equal(holds(w), MANY);
	assert_int_equal(added(w) - before, MANY - n);
}

/* The kernel stops taking entries, and takes them again. */
static void refused_test(void **state)
{
	struct world *w = *state;

	reboot(w);
	w->kernel.set[ENFORCER_V4].refuse = "no";
	for (int i = 0; i < 20; i++)
		turn(w);
	assert_non_null(strstr(w->said, "jail sasl: bans are recorded but "
					"not enforced: no"));
	assert_true(engine_due(w->engine) > w->now.boot);
	w->kernel.set[ENFORCER_V4].refuse = NULL;
	wait_s(w, 5);
	finish(w);
	assert_int_equal(holds(w), MANY);
	assert_non_null(strstr(w->said, "bans are enforced again"));
}

/* Flushed once more meanwhile: noticed when the rest is back. */
static void flushed_test(void **state)
{
	struct world *w = *state;

	reboot(w);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	finish(w);
	wait_s(w, 60);
	finish(w);
	assert_int_equal(holds(w), MANY);
}

/* The set is smaller than it was: the newest are in. */
static void smaller_test(void **state)
{
	struct world *w = *state;
	char address[32];

	reboot(w);
	w->kernel.set[ENFORCER_V4].capacity = 1000;
	for (int i = 0; i < 30; i++) {
		finish(w);
		wait_s(w, 1);
	}
	assert_int_equal(holds(w), 1000);
	assert_true(left(w, address_of(2999, address)) > 0);
	assert_true(left(w, address_of(2001, address)) > 0);
	assert_int_equal(left(w, address_of(0, address)), 0);
	assert_int_equal(held(w, address_of(0, address)), 0);
}

/* What the kernel cannot hold for so long is put back without a word, and
 * renewed in time. */
static void long_test(void **state)
{
	struct world *w = *state;
	int64_t noted;

	set(w, "bantime", "32d");
	fail_times(w, "198.51.100.1", 3);
	noted = held(w, "198.51.100.1");
	assert_int_equal(noted, w->now.wall + ENFORCER_LONGEST);
	engine_close(w->engine);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	wait_s(w, DAY);
	open_engine(w);
	finish(w);
	assert_int_equal(left(w, "198.51.100.1"), ENFORCER_LONGEST);
	assert_int_equal(held(w, "198.51.100.1"), noted);
	/* The comparisons find nothing wrong with it. */
	for (int i = 0; i < 700; i++) {
		wait_s(w, 1);
		turn(w);
	}
	assert_int_equal(held(w, "198.51.100.1"), noted);
	wait_s(w, 20 * DAY);
	finish(w);
	assert_int_equal(left(w, "198.51.100.1"), 32 * DAY - 21 * DAY - 700);
}

/* What somebody wrote by hand is passed over, and what comes behind it is not
 * forgotten. */
static void edited_test(void **state)
{
	struct world *w = *state;
	char address[32];

	reboot(w);
	sql(w, "UPDATE entry SET address = '198.18.11.2 and more'"
	       " WHERE address = '198.18.11.2'");
	finish(w);
	assert_int_equal(left(w, "198.18.11.2"), 0);
	assert_true(left(w, address_of(MANY - 1, address)) > 0);
	assert_int_equal(holds(w), MANY - 1);
}

/* It reads as an address, and is not as we write it. */
static void written_otherwise_test(void **state)
{
	struct world *w = *state;

	reboot(w);
	sql(w, "UPDATE entry SET address = '198.18.11.250/32'"
	       " WHERE address = '198.18.11.250';"
	       "UPDATE offense SET address = '::ffff:198.18.11.249'"
	       " WHERE address = '198.18.11.249';"
	       "UPDATE entry SET address = '2001:db8::/64'"
	       " WHERE address = '198.18.11.248'");
	finish(w);
	assert_int_equal(holds(w), MANY - 2);
	wait_s(w, 300);
	turn(w);
	finish(w);
}

/* The kernel takes everything but new entries: it is asked again every few
 * seconds, and no more often. */
static void refused_for_good_test(void **state)
{
	struct world *w = *state;
	unsigned adds, reads;

	turn(w);
	finish(w);
	w->kernel.set[ENFORCER_V4].refuse_add = "out of memory";
	fail_times(w, "198.51.100.1", 3);
	adds = w->kernel.set[ENFORCER_V4].adds;
	reads = w->kernel.set[ENFORCER_V4].reads;
	for (int i = 0; i < 60; i++) {
		finish(w);
		wait_s(w, 1);
		turn(w);
	}
	assert_in_range(w->kernel.set[ENFORCER_V4].adds - adds, 6, 15);
	assert_in_range(w->kernel.set[ENFORCER_V4].reads - reads, 0, 15);
	assert_non_null(strstr(w->said, "not enforced: out of memory"));
	w->kernel.set[ENFORCER_V4].refuse_add = NULL;
	wait_s(w, 6);
	turn(w);
	finish(w);
	assert_true(left(w, "198.51.100.1") > 0);
}

/* A start where everything is there is compared in steps, and adds nothing. */
static void restarted_test(void **state)
{
	struct world *w = *state;
	unsigned before;

	reboot(w);
	finish(w);
	before = added(w);
	engine_close(w->engine);
	recorder_delete(&w->kernel, "198.18.3.1");
	recorder_put(&w->kernel, "203.0.113.9", DAY);
	open_engine(w);
	turn(w);
	finish(w);
	assert_int_equal(added(w) - before, 1);
	assert_true(left(w, "198.18.3.1") > 0);
	assert_int_equal(holds(w), MANY + 1);
}

static const struct CMUnitTest singles[] = {
	ENGINE_TEST("all are put back, each for its own time", all_test),
	ENGINE_TEST("a fresh ban does not wait", fresh_test),
	ENGINE_TEST("pardoned and banned anew", anew_test),
	ENGINE_TEST("interrupted", interrupted_test),
	ENGINE_TEST("refused in the middle", refused_test),
	ENGINE_TEST("flushed in the middle", flushed_test),
	ENGINE_TEST("into a set that is smaller", smaller_test),
	ENGINE_TEST("a ban beyond the kernel's limit", long_test),
	ENGINE_TEST("a row that is no entry", edited_test),
	ENGINE_TEST("addresses that are written otherwise",
		    written_otherwise_test),
	ENGINE_TEST("refused for good", refused_for_good_test),
	ENGINE_TEST("nothing was lost", restarted_test),
};

int main(void)
{
	struct CMUnitTest tests[16];
	size_t n = 0;

	ROWS(tests, n, pardons, pardon_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("refill", tests, n, NULL, NULL);
}
