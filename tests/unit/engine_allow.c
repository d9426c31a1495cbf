/* engine: the allow list and files of those who are exempt, as they change. */
#include "enginekit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Somebody else's entry, with plain SQL. */
static void allow(struct world *w, const char *values)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "INSERT INTO allow (address, comment, \"by\", until)"
		 " VALUES (%s)",
		 values);
	sql(w, text);
}

static void assert_said(const struct world *w, const char *text)
{
	if (strstr(w->said, text) == NULL)
		fail_msg("not said: %s; but: %s", text, w->said);
}

/* ---- while it runs ---- */

static void added_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 3);
	wait_s(w, 2);
	turn(w);
	allow(w, "'198.51.100.1', 'office', 'alice', NULL");
	wait_s(w, 2);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_true(left(w, "198.51.100.2") > 0);
	assert_said(w, "lifted the ban of 198.51.100.1: the allow list has "
		       "'198.51.100.1' (office)");
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	sql(w, "DELETE FROM allow");
	wait_s(w, 2);
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_true(left(w, "198.51.100.1") > 0);
}

/* It is read before the next failures are judged, whenever that is. */
static void at_once_test(void **state)
{
	struct world *w = *state;

	turn(w);
	allow(w, "'198.51.100.1', '', '', NULL");
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(added(w), 0);
	sql(w, "DELETE FROM allow");
	fail_times(w, "198.51.100.1", 3);
	assert_true(left(w, "198.51.100.1") > 0);
	allow(w, "'198.51.100.1', '', '', NULL");
	fail_times(w, "198.51.100.1", 3);
	wait_s(w, 2);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
}

/* A ban that is wider than the entry goes as a whole. */
static void wider_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "2001:db8:1:2::3", 3);
	assert_true(left(w, "2001:db8:1:2::/64") > 0);
	wait_s(w, 2);
	turn(w);
	allow(w, "'2001:db8:1:2::4', '', '', NULL");
	wait_s(w, 2);
	turn(w);
	assert_int_equal(left(w, "2001:db8:1:2::/64"), 0);
	/* From now on the guesser is banned alone. */
	fail_times(w, "2001:db8:1:2::3", 3);
	assert_true(left(w, "2001:db8:1:2::3") > 0);
	assert_int_equal(left(w, "2001:db8:1:2::/64"), 0);
}

static void expired_test(void **state)
{
	struct world *w = *state;
	char values[128];

	turn(w);
	snprintf(values, sizeof(values), "'198.51.100.1', '', '', %d",
		 START + 100);
	allow(w, values);
	wait_s(w, 2);
	turn(w);
	wait_s(w, 97); /* 99 */
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	wait_s(w, 1);
	fail_times(w, "198.51.100.1", 3);
	assert_true(left(w, "198.51.100.1") > 0);
}

/* ---- while it does not ---- */

static void off_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	allow(w, "'198.51.100.0/24', '', '', NULL");
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_said(w, "the allow list has '198.51.100.0/24'");
}

/* The clock goes back, and what had ended has not. */
static void clock_test(void **state)
{
	struct world *w = *state;
	char values[128];

	turn(w);
	snprintf(values, sizeof(values), "'198.51.100.1', '', '', %d",
		 START + 100);
	allow(w, values);
	wait_s(w, 200);
	turn(w);
	w->now.wall -= 150;
	turn(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 0);
}

/* What has ended is forgotten in time. */
static void pruned_test(void **state)
{
	struct world *w = *state;
	char values[128];

	turn(w);
	snprintf(values, sizeof(values), "'198.51.100.1', '', '', %d",
		 START + 100);
	allow(w, values);
	allow(w, "'198.51.100.2', '', '', NULL");
	wait_s(w, 2 * HOUR);
	turn(w);
	/* The insertion fails if it is there. */
	allow(w, "'198.51.100.1', '', '', NULL");
	sql(w, "INSERT INTO allow SELECT '1', address, '', 0, 0 FROM allow"
	       " WHERE address = '198.51.100.2'");
}

/* ---- a file ---- */

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void file_test(void **state)
{
	struct world *w = *state;
	char path[80], entry[96], said[160];

	snprintf(path, sizeof(path), "%s-list", w->path);
	snprintf(entry, sizeof(entry), "file:%s", path);
	engine_close(w->engine);
	set(w, "ignoreip", entry);
	open_engine(w);
	fail_times(w, "198.51.100.1", 3);
	assert_said(w, "No such file or directory; nobody is exempt by it\n");
	write_file(path, "# the office\n198.51.100.1\n");
	wait_s(w, 2);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_said(w, "is read: 1 entry\n");
	snprintf(said, sizeof(said),
		 "lifted the ban of 198.51.100.1: %s has '198.51.100.1'", path);
	assert_said(w, said);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	write_file(path, "");
	wait_s(w, 2);
	fail_times(w, "198.51.100.1", 3);
	assert_true(left(w, "198.51.100.1") > 0);
	engine_close(w->engine);
	write_file(path, "198.51.100.1");
	open_engine(w);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	unlink(path);
}

static const struct CMUnitTest tests[] = {
	ENGINE_TEST("who is added is free, who is deleted is not", added_test),
	ENGINE_TEST("the next failures are judged by it", at_once_test),
	ENGINE_TEST("a ban that is wider is lifted as a whole", wider_test),
	ENGINE_TEST("an entry ends at its second", expired_test),
	ENGINE_TEST("an entry of while no engine ran", off_test),
	ENGINE_TEST("a clock set back revives an entry", clock_test),
	ENGINE_TEST("what has ended is forgotten", pruned_test),
	ENGINE_TEST("a file that changes, or has", file_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("engine_allow", tests, NULL, NULL);
}
