/* store_look: what stands at a database's path, found out without a trace. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/store.h"

struct look_row {
	const char *title;
	const char *make; /* shell, in the directory of the test */
	const char *name; /* below it */
	const char *says; /* NULL: nothing is wrong */
};

static const struct look_row rows[] = {
	{"nothing yet", ":", "a.db", NULL},
	{"an empty file", ": >a.db", "a.db", NULL},
	{"a directory", "mkdir a.db", "a.db", "it is a directory"},
	{"no directory", ":", "none/a.db", "its directory is missing"},
	{"a file where the directory should be", ": >none", "none/a.db",
	 "its directory is missing"},
	{"a FIFO, which is not waited for", "mkfifo a.db", "a.db",
	 "it is not a regular file"},
	{"a text", "echo hello >a.db", "a.db", "is not a SQLite database"},
	{"a large text", "yes | head -n 1000 >a.db", "a.db",
	 "is not a SQLite database"},
	{"another program's database",
	 "sqlite3 a.db 'CREATE TABLE precious(x)'", "a.db",
	 "is another program's database"},
	{"an empty database", "sqlite3 a.db 'VACUUM'", "a.db", NULL},
	{"ours",
	 "sqlite3 a.db 'PRAGMA application_id = 0x5342414e;"
	 " CREATE TABLE jail(x)'",
	 "a.db", NULL},
};

static void look_test(void **state)
{
	const struct look_row *row = *state;
	char directory[] = "/tmp/look-test.XXXXXX";
	char command[512], path[512];
	struct fault why = {.text = ""};
	struct stat before, after;
	int result;

	assert_non_null(mkdtemp(directory));
	snprintf(command, sizeof(command), "cd %s && { %s; }", directory,
		 row->make);
	assert_int_equal(system(command), 0);
	snprintf(path, sizeof(path), "%s/%s", directory, row->name);
	assert_int_equal(stat(directory, &before), 0);
	result = store_look(path, &why);
	assert_int_equal(stat(directory, &after), 0);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	assert_int_equal(system(command), 0);
	assert_int_equal(result, row->says == NULL ? 0 : -1);
	if (row->says != NULL && strstr(why.text, row->says) == NULL)
		fail_msg("it says: %s", why.text);
	/* Nothing was created. */
	assert_int_equal(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

static void elsewhere_test(void **state)
{
	struct fault why;

	(void)state;
	assert_int_equal(store_look(":memory:", &why), 0);
}

static const struct CMUnitTest singles[] = {
	cmocka_unit_test(elsewhere_test),
};

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, rows, look_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("store_look", tests, n, NULL, NULL);
}
