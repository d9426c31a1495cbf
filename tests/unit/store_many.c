/* store: several processes, and threads, at one file. */
#include "storekit.h"

#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "saslban/jail.h"

#define PATH (KIT_DIR + 32)
#define NOBODY 65534

/* The lock may take longer than STORE_BUSY when many want it and the disk is
 * slow; that is no failure here. */
static bool begin_patiently(struct store *s, struct fault *why)
{
	for (int i = 0; i < 20; i++)
		if (store_begin(s, why) == 0)
			return true;
	return false;
}

static bool put_jail(struct store *s, const char *name)
{
	struct settings settings;
	struct fault why = {FAULT_NONE, ""};
	int64_t id;

	settings_init(&settings);
	if (settings_set(&settings, "name", name, &why) == 0 &&
	    settings_check(&settings, &why) == 0 && begin_patiently(s, &why) &&
	    jail_put(s, &settings, NOW, &id, &why) == 0 &&
	    store_commit(s, &why) == 0)
		return true;
	fprintf(stderr, "# %s\n", why.text);
	return false;
}

static int count_jail(void *context, const struct jail *jail)
{
	(void)jail;
	++*(size_t *)context;
	return 0;
}

/* ---- many make the same file at once ---- */

enum { CREATORS = 4, ROUNDS = 10 };

static void create_and_put(const char *path, int gate, int i)
{
	struct store *s = NULL;
	struct fault why;
	char name[16], c;
	bool fine;

	snprintf(name, sizeof(name), "jail%d", i);
	(void)!read(gate, &c, 1); /* until it closes */
	fine = store_open(&s, path, STORE_CREATE, &why) == 0;
	if (!fine)
		fprintf(stderr, "# %s\n", why.text);
	fine = fine && put_jail(s, name);
	store_close(s);
	kit_child_exit(fine);
}

static void creators_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	pid_t pid[CREATORS];

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t jails = 0;
		struct store *s;
		int gate[2];

		snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
		assert_int_equal(pipe(gate), 0);
		for (int i = 0; i < CREATORS; i++) {
			pid[i] = fork();
			if (pid[i] != 0)
				continue;
			close(gate[1]);
			create_and_put(path, gate[0], i);
		}
		close(gate[0]);
		close(gate[1]);
		for (int i = 0; i < CREATORS; i++)
			assert_true(kit_child_fine(pid[i]));
		s = kit_open(path, STORE_WRITE);
		assert_int_equal(jail_each(s, count_jail, &jails, NULL), 0);
		assert_int_equal(jails, CREATORS);
		store_close(s);
		kit_remove(dir);
	}
}

/* Two jails of one rsyslogd begin at the same instant too; what the one does
 * to its descriptors must not touch the locks of the other. */
struct beginner {
	pthread_barrier_t *gate;
	const char *path;
	char name[16];
	bool fine;
};

static void *begin(void *context)
{
	struct beginner *b = context;
	struct store *s = NULL;
	struct fault why;

	pthread_barrier_wait(b->gate);
	b->fine = store_open(&s, b->path, STORE_CREATE, &why) == 0;
	if (!b->fine)
		fprintf(stderr, "# %s\n", why.text);
	b->fine = b->fine && put_jail(s, b->name);
	store_close(s);
	return NULL;
}

static void threads_test(void **state)
{
	struct beginner b[CREATORS];
	pthread_t thread[CREATORS];
	char dir[KIT_DIR], path[PATH];

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_t gate;

		snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
		pthread_barrier_init(&gate, NULL, CREATORS);
		for (int i = 0; i < CREATORS; i++) {
			b[i] = (struct beginner){.gate = &gate, .path = path};
			snprintf(b[i].name, sizeof(b[i].name), "jail%d", i);
			assert_int_equal(
				pthread_create(&thread[i], NULL, begin, &b[i]),
				0);
		}
		for (int i = 0; i < CREATORS; i++)
			pthread_join(thread[i], NULL);
		for (int i = 0; i < CREATORS; i++)
			assert_true(b[i].fine);
		pthread_barrier_destroy(&gate);
		kit_remove(dir);
	}
}

/* ---- somebody else writes ---- */

/* A child that holds the write lock until `gate` closes. */
static pid_t hold_lock(const char *path, int gate[2])
{
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(gate), 0);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct store *s = NULL;
		struct fault why;
		bool fine;

		close(gate[1]);
		fine = store_open(&s, path, STORE_WRITE, &why) == 0 &&
		       store_begin(s, &why) == 0 &&
		       write(ready[1], "r", 1) == 1;
		(void)!read(gate[0], &c, 1);
		store_close(s);
		kit_child_exit(fine);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(gate[0]);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void busy_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct fault why = {FAULT_NONE, ""};
	struct timespec start, end;
	size_t jails = 0;
	struct store *s;
	int gate[2];
	pid_t pid;

	(void)state;
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	kit_jail(s, "sasl", "saslban");
	pid = hold_lock(path, gate);
	clock_gettime(CLOCK_MONOTONIC, &start);
	assert_int_equal(store_begin(s, &why), -1);
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "another program is writing"));
	/* STORE_BUSY, and what a loaded machine may add. */
	assert_true(end.tv_sec - start.tv_sec < STORE_BUSY / 1000 + 5);
	/* Reading goes on, and so does opening. */
	assert_int_equal(jail_each(s, count_jail, &jails, NULL), 0);
	store_close(kit_open(path, STORE_WRITE));
	store_close(kit_open(path, STORE_READ));
	close(gate[1]);
	assert_true(kit_child_fine(pid));
	kit_jail(s, "rbl", "saslban-rbl");
	store_close(s);
	kit_remove(dir);
}

static void version_test(void **state)
{
	char dir[KIT_DIR], path[PATH];
	struct store *s, *other;
	int64_t before, same, after;

	(void)state;
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	other = kit_open(path, STORE_WRITE);
	assert_int_equal(store_version(s, &before, NULL), 0);
	kit_jail(s, "sasl", "saslban");
	assert_int_equal(store_version(s, &same, NULL), 0);
	assert_int_equal(same, before);
	kit_jail(other, "rbl", "saslban-rbl");
	assert_int_equal(store_version(s, &after, NULL), 0);
	assert_int_not_equal(after, before);
	store_close(other);
	store_close(s);
	kit_remove(dir);
}

/* ---- readers who may not write ---- */

struct reader_row {
	const char *title;
	bool writer; /* has it open, and something in the log */
	mode_t dir, file, log;
	const char *fault; /* NULL: it reads the jail */
};

static const struct reader_row reader_rows[] = {
	{"a closed database in a directory that is read-only", false, 0555,
	 0444, 0, NULL},
	{"a database that is being written, read-only", true, 0555, 0444, 0444,
	 NULL},
	{"a database whose log is closed to us", true, 0555, 0444, 0,
	 "run as root"},
	{"a database that is closed to us", false, 0555, 0, 0,
	 "ermission denied"},
};

static void set_log_mode(const char *path, mode_t mode)
{
	static const char *const suffix[] = {"-wal", "-shm"};
	char file[PATH + 8];

	for (size_t i = 0; i < 2; i++) {
		snprintf(file, sizeof(file), "%s%s", path, suffix[i]);
		assert_int_equal(chmod(file, mode), 0);
	}
}

static bool become_nobody(void)
{
	return geteuid() != 0 || (setgroups(0, NULL) == 0 &&
				  setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
				  setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

static void read_as_nobody(const char *path, const char *expected)
{
	struct fault why = {FAULT_NONE, ""};
	struct store *s = NULL;
	size_t jails = 0;
	bool fine = become_nobody();

	if (store_open(&s, path, STORE_READ, &why) == 0)
		fine = fine && expected == NULL &&
		       jail_each(s, count_jail, &jails, &why) == 0 &&
		       jails == 1;
	else
		fine = fine && expected != NULL && why.kind == FAULT_STORE &&
		       strstr(why.text, expected) != NULL;
	if (!fine)
		fprintf(stderr, "# %zu jails, %s\n", jails, why.text);
	store_close(s);
	/* It may not be written either. */
	s = NULL;
	fine = fine && store_open(&s, path, STORE_WRITE, &why) == -1 &&
	       why.kind == FAULT_STORE;
	kit_child_exit(fine);
}

static void reader_test(void **state)
{
	const struct reader_row *r = *state;
	char dir[KIT_DIR], path[PATH];
	struct store *s;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	kit_jail(s, "sasl", "saslban");
	if (r->writer) {
		set_log_mode(path, r->log);
	} else {
		store_close(s);
		s = NULL;
	}
	assert_int_equal(chmod(path, r->file), 0);
	assert_int_equal(chmod(dir, r->dir), 0);
	pid = fork();
	if (pid == 0)
		read_as_nobody(path, r->fault);
	assert_true(kit_child_fine(pid));
	store_close(s);
	kit_remove(dir);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, reader_rows, reader_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(creators_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(threads_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(busy_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(version_test);
	return _cmocka_run_group_tests("store_many", tests, n, NULL, NULL);
}
