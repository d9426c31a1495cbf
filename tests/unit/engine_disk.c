/*
 * engine_disk: when is the disk waited for? What was enforced or reported is
 * on it; nothing else is worth the wait.
 *
 * SQLite and the store call fsync or fdatasync of the C library, and find ours.
 */
#include "enginekit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static unsigned syncs;
static bool broken;

/* The build hides names from libraries. */
#define FOUND __attribute__((visibility("default")))

static int sync_file(void)
{
	syncs++;
	errno = EIO;
	return broken ? -1 : 0;
}

FOUND int fsync(int file)
{
	(void)file;
	return sync_file();
}

FOUND int fdatasync(int file)
{
	(void)file;
	return sync_file();
}

/* How often since. */
static unsigned count(unsigned before)
{
	return syncs - before;
}

static void failure_test(void **state)
{
	struct world *w = *state;
	unsigned before;

	turn(w);
	fail_times(w, "198.51.100.1", 1);
	before = syncs;
	fail_times(w, "198.51.100.1", 1);
	assert_int_equal(count(before), 0);
	/* The ban is recorded, then enforced: that is one wait. */
	fail_times(w, "198.51.100.1", 1);
	assert_true(left(w, "198.51.100.1") > 0);
	assert_int_equal(count(before), 1);
	/* Late ones change nothing. */
	fail_times(w, "198.51.100.1", 2);
	assert_int_equal(count(before), 1);
}

/* Of the kernel, all can be asked again. */
static void refill_test(void **state)
{
	struct world *w = *state;
	unsigned before;

	turn(w);
	fail_times(w, "198.51.100.1", 3);
	recorder_flush(&w->kernel, ENFORCER_SETS);
	wait_s(w, 300);
	before = syncs;
	turn(w);
	finish(w);
	assert_true(left(w, "198.51.100.1") > 0);
	assert_int_equal(count(before), 0);
}

/* It is reported. */
static void expiry_test(void **state)
{
	struct world *w = *state;
	unsigned before;

	turn(w);
	fail_times(w, "198.51.100.1", 3);
	before = syncs;
	wait_s(w, 48 * HOUR + 1);
	turn(w);
	assert_non_null(strstr(w->said, "ban of 198.51.100.1"));
	assert_true(count(before) > 0);
}

/* A ban that the disk does not take waits for it, and is recorded once. */
static void broken_test(void **state)
{
	struct world *w = *state;
	struct sighting s = failure(w, "203.0.113.1");
	struct fault why;
	size_t n = 1;

	turn(w);
	broken = true;
	s.count = 3;
	assert_int_equal(engine_round(w->engine, &s, &n, w->now, &why), -1);
	assert_non_null(strstr(why.text, "the disk does not take"));
	assert_int_equal(n, 0);
	n = 1;
	assert_int_equal(engine_round(w->engine, &s, &n, w->now, &why), -1);
	assert_int_equal(n, 1);
	assert_int_equal(added(w), 0);
	assert_string_equal(w->said, "");
	broken = false;
	turn(w);
	finish(w);
	assert_int_equal(added(w), 1);
	assert_int_equal(left(w, "203.0.113.1"), 48 * HOUR);
}

static const struct CMUnitTest tests[] = {
	ENGINE_TEST("failures, and the ban they lead to", failure_test),
	ENGINE_TEST("what was lost of the set", refill_test),
	ENGINE_TEST("the end of a ban", expiry_test),
	ENGINE_TEST("a disk that takes nothing", broken_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("engine_disk", tests, NULL, NULL);
}
