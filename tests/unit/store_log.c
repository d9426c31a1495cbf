/* store: somebody removes or replaces the log of an open database. Nothing
 * that was committed is lost, and the database stays whole. */
#include "placekit.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "saslban/offense.h"

/* The tables are in the file, the jail and its ban in the log alone. */
static int setup(void **state)
{
	struct place *p = place_make();

	store_close(kit_open(p->path, STORE_CREATE));
	place_fill(p);
	*state = p;
	return 0;
}

static char *beside(const struct place *p, const char *suffix,
		    char out[PLACE_PATH + 8])
{
	snprintf(out, PLACE_PATH + 8, "%s%s", p->path, suffix);
	return out;
}

static void remove_beside(const struct place *p, const char *suffix)
{
	char name[PLACE_PATH + 8];

	assert_int_equal(unlink(beside(p, suffix, name)), 0);
}

/* The bans are these, as place_bans() has it, and SQLite finds no fault with
 * the file. */
static void assert_bans(const struct place *p, const char *expected)
{
	sqlite3_stmt *q;
	sqlite3 *db;

	place_bans(p->path, STORE_WRITE, expected);
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &q, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(q, 0), "ok");
	sqlite3_finalize(q);
	sqlite3_close(db);
}

static void rescue(struct store *s)
{
	struct fault why = {FAULT_NONE, ""};

	assert_true(store_moved(s));
	if (store_rescue(s, &why) < 0)
		fail_msg("%s", why.text);
}

static void assert_refused(struct store *s, const char *text)
{
	struct fault why = {FAULT_NONE, ""};

	assert_int_equal(store_begin(s, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	if (strstr(why.text, text) == NULL)
		fail_msg("not helpful: %s", why.text);
}

/* ---- one connection ---- */

static void untouched_test(void **state)
{
	struct place *p = *state;

	assert_false(store_moved(p->store));
	/* Nothing to do is done. */
	assert_int_equal(store_rescue(p->store, NULL), 0);
	kit_ban(p->store, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
	assert_false(store_moved(p->store));
	/* Others come and go. */
	assert_bans(p, "198.51.100.2 198.51.100.1");
	assert_false(store_moved(p->store));
	kit_ban(p->store, p->jail, "198.51.100.3", NOW + 2, NOW + 100);
}

struct lost_row {
	const char *title;
	bool wal, shm;
	bool replaced; /* by an empty file */
	bool rescue;   /* and not only close */
};

static const struct lost_row lost_rows[] = {
	{"the log is removed", true, false, false, true},
	{"the index of the log is removed", false, true, false, true},
	{"both are removed", true, true, false, true},
	{"the log is replaced by another file", true, false, true, true},
	{"the log is removed, and nobody calls store_rescue", true, false,
	 false, false},
	{"both are removed, and nobody calls store_rescue", true, true, false,
	 false},
};

static void lost_test(void **state)
{
	const struct lost_row *r = *state;
	char name[PLACE_PATH + 8];
	struct place *p;

	setup((void **)&p);
	if (r->wal)
		remove_beside(p, "-wal");
	if (r->shm)
		remove_beside(p, "-shm");
	if (r->replaced)
		fclose(fopen(beside(p, "-wal", name), "w"));
	assert_true(store_moved(p->store));
	/* From here on it would be lost. */
	assert_refused(p->store, "removed or replaced");
	if (r->rescue)
		rescue(p->store);
	store_close(p->store);
	p->store = NULL;
	assert_bans(p, "198.51.100.1");
	p->store = kit_open(p->path, STORE_CREATE);
	assert_false(store_moved(p->store));
	kit_ban(p->store, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
	assert_bans(p, "198.51.100.2 198.51.100.1");
	place_teardown((void **)&p);
}

/* The process is killed after it has rescued, before it has closed. */
static void killed_test(void **state)
{
	struct place *p = *state;
	int ready[2], status;
	pid_t pid;
	char c;

	store_close(p->store);
	p->store = NULL;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct store *s = kit_open(p->path, STORE_CREATE);

		kit_ban(s, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
		remove_beside(p, "-wal");
		rescue(s);
		if (write(ready[1], "r", 1) != 1)
			kit_child_exit(false);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ready[0]);
	assert_bans(p, "198.51.100.2 198.51.100.1");
}

/* ---- several connections ---- */

/* Two jails of one process: one has rescued, opened anew and gone on before
 * the other one notices. */
static void two_test(void **state)
{
	struct place *p = *state;
	struct store *other = kit_open(p->path, STORE_CREATE);
	int64_t jail = kit_jail(other, "rbl", "saslban");

	kit_ban(other, jail, "198.51.100.2", NOW + 1, NOW + 100);
	kit_ban(p->store, p->jail, "198.51.100.3", NOW + 2, NOW + 100);
	remove_beside(p, "-wal");
	rescue(p->store);
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	kit_ban(p->store, p->jail, "198.51.100.4", NOW + 3, NOW + 100);
	/* The log that the other one has is nobody's. */
	assert_refused(other, "removed or replaced");
	rescue(other);
	store_close(other);
	assert_bans(p, "198.51.100.4 198.51.100.3 198.51.100.2 198.51.100.1");
	other = kit_open(p->path, STORE_CREATE);
	kit_ban(other, jail, "198.51.100.5", NOW + 4, NOW + 100);
	kit_ban(p->store, p->jail, "198.51.100.6", NOW + 5, NOW + 100);
	store_close(other);
	store_close(p->store);
	p->store = NULL;
	assert_bans(p, "198.51.100.6 198.51.100.5 198.51.100.4 198.51.100.3 "
		       "198.51.100.2 198.51.100.1");
}

/* The other one is closed before it could notice, when much has been written
 * to the new log. */
static void late_close_test(void **state)
{
	struct place *p = *state;
	struct store *other = kit_open(p->path, STORE_CREATE);

	remove_beside(p, "-wal");
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	kit_ban(p->store, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
	store_close(p->store);
	p->store = NULL;
	store_close(other);
	assert_bans(p, "198.51.100.2 198.51.100.1");
}

/* A reader of what is newest: all of the log can be copied, but it cannot be
 * begun anew before he is done. */
static sqlite3_stmt *begin_reading(const struct place *p, sqlite3 **db)
{
	sqlite3_stmt *q = NULL;

	assert_int_equal(sqlite3_open(p->path, db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(*db,
					    "SELECT 1 FROM offense"
					    " UNION ALL SELECT 2 FROM jail",
					    -1, &q, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	return q;
}

static void reader_test(void **state)
{
	struct place *p = *state;
	sqlite3_stmt *q;
	sqlite3 *db;

	q = begin_reading(p, &db);
	remove_beside(p, "-wal");
	rescue(p->store);
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	assert_refused(p->store, "its log was removed");
	sqlite3_finalize(q);
	/* The reader's connection is still open, and has the old log. */
	kit_ban(p->store, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
	sqlite3_close(db);
	assert_bans(p, "198.51.100.2 198.51.100.1");
}

/* The same, and another jail still has the old log, whole and longer than the
 * new one, when it is closed: it must not take that for what the index speaks
 * of by now. */
static void close_late(struct place *p, bool last)
{
	struct store *other = kit_open(p->path, STORE_CREATE);
	sqlite3_stmt *q;
	sqlite3 *db;

	for (int i = 0; i < 5; i++)
		kit_ban(p->store, p->jail, "198.51.100.1", NOW + 1, NOW + 100);
	q = begin_reading(p, &db);
	remove_beside(p, "-wal");
	rescue(p->store);
	store_close(p->store);
	sqlite3_finalize(q);
	sqlite3_close(db);
	p->store = kit_open(p->path, STORE_CREATE);
	kit_ban(p->store, p->jail, "198.51.100.2", NOW + 2, NOW + 100);
	if (last) {
		store_close(p->store);
		p->store = NULL;
	}
	store_close(other);
	assert_bans(p, "198.51.100.2 198.51.100.1 198.51.100.1 198.51.100.1 "
		       "198.51.100.1 198.51.100.1 198.51.100.1");
}

static void reader_late_test(void **state)
{
	close_late(*state, false);
}

static void reader_last_test(void **state)
{
	close_late(*state, true);
}

/* Two processes. The child has the database open, and closes it when it is
 * told to. */
static void processes_test(void **state)
{
	struct place *p = *state;
	int ready[2], gate[2];
	struct store *s;
	pid_t pid;
	char c;

	store_close(p->store);
	p->store = NULL;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(gate), 0);
	pid = fork();
	if (pid == 0) {
		bool fine;

		close(gate[1]);
		s = kit_open(p->path, STORE_CREATE);
		kit_ban(s, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
		fine = write(ready[1], "r", 1) == 1;
		fine = fine && read(gate[0], &c, 1) == 0;
		fine = fine && store_moved(s) && store_begin(s, NULL) < 0 &&
		       store_rescue(s, NULL) == 0;
		store_close(s);
		kit_child_exit(fine);
	}
	close(gate[0]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	p->store = kit_open(p->path, STORE_CREATE);
	kit_ban(p->store, p->jail, "198.51.100.3", NOW + 2, NOW + 100);
	remove_beside(p, "-wal");
	rescue(p->store);
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	kit_ban(p->store, p->jail, "198.51.100.4", NOW + 3, NOW + 100);
	close(gate[1]);
	assert_true(kit_child_fine(pid));
	assert_bans(p, "198.51.100.4 198.51.100.3 198.51.100.2 198.51.100.1");
	kit_ban(p->store, p->jail, "198.51.100.5", NOW + 4, NOW + 100);
	assert_bans(p, "198.51.100.5 198.51.100.4 198.51.100.3 198.51.100.2 "
		       "198.51.100.1");
	close(ready[0]);
	close(ready[1]);
}

/* ---- who opens it in between ---- */

/* It gets another log, in which is nothing of what the index speaks of: it can
 * neither write nor read what was in the old one, and says so. When that was
 * rescued it goes on, with the log that it has. */
static void newcomer_test(void **state)
{
	struct place *p = *state;
	struct offense_query all = {.jail = 0};
	struct kit_seen seen = {"", 0, 0};
	struct fault why = {FAULT_NONE, ""};
	struct store *s;

	remove_beside(p, "-wal");
	s = kit_open(p->path, STORE_WRITE);
	assert_refused(s, "its log was removed");
	assert_int_equal(offense_each(s, &all, kit_see_offense, &seen, &why),
			 -1);
	assert_int_equal(why.kind, FAULT_STORE);
	rescue(p->store);
	store_close(p->store);
	p->store = NULL;
	assert_false(store_moved(s));
	kit_ban(s, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
	assert_bans(p, "198.51.100.2 198.51.100.1");
	p->store = kit_open(p->path, STORE_CREATE);
	kit_ban(p->store, p->jail, "198.51.100.3", NOW + 2, NOW + 100);
	store_close(s);
	assert_bans(p, "198.51.100.3 198.51.100.2 198.51.100.1");
}

/* A program that is not ours, with files of its own, as both were removed. It
 * waits for a line, writes to the database, says whether it could, and closes
 * it when nothing more comes. */
static void rival(const char *path, int in, int out)
{
	sqlite3 *db = NULL;
	bool fine;
	char c;

	fine = read(in, &c, 1) == 1 && sqlite3_open(path, &db) == SQLITE_OK &&
	       sqlite3_exec(db,
			    "INSERT INTO jail (name, configured)"
			    " VALUES ('rival', 1)",
			    NULL, NULL, NULL) == SQLITE_OK;
	fine = write(out, fine ? "y" : "n", 1) == 1 && fine;
	fine = read(in, &c, 1) == 0 && fine;
	sqlite3_close(db);
	kit_child_exit(fine);
}

/* What it has written is not to be mixed with what we have. */
static void rival_test(void **state)
{
	struct place *p = *state;
	struct fault why = {FAULT_NONE, ""};
	int in[2], out[2];
	pid_t pid;
	char c;

	/* A child is not to inherit what SQLite knows of the file. */
	store_close(p->store);
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		close(in[1]);
		rival(p->path, in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	p->store = kit_open(p->path, STORE_CREATE);
	kit_ban(p->store, p->jail, "198.51.100.2", NOW + 1, NOW + 100);
	remove_beside(p, "-wal");
	remove_beside(p, "-shm");
	assert_int_equal(write(in[1], "\n", 1), 1);
	assert_int_equal(read(out[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	assert_int_equal(store_rescue(p->store, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_non_null(strstr(why.text, "another program"));
	store_close(p->store);
	p->store = NULL;
	close(in[1]);
	assert_true(kit_child_fine(pid));
	assert_bans(p, "198.51.100.1");
	close(out[0]);
}

static int64_t size_of(const struct place *p)
{
	struct stat st;

	assert_int_equal(stat(p->path, &st), 0);
	return st.st_size;
}

/* No commit waits for the log to be copied, and it is copied when told to. */
static void deferred_test(void **state)
{
	struct place *p = *state;
	int64_t before = size_of(p);
	char address[32];

	for (int i = 0; i < 400; i++) {
		snprintf(address, sizeof(address), "198.51.%d.%d", i / 200,
			 i % 200);
		kit_ban(p->store, p->jail, address, NOW, NOW + 100);
	}
	assert_int_equal(size_of(p), before);
	store_checkpoint(p->store);
	assert_true(size_of(p) > before);
	before = size_of(p);
	kit_ban(p->store, p->jail, "203.0.113.1", NOW, NOW + 100);
	store_checkpoint(p->store);
	assert_int_equal(size_of(p), before);
}

#define LOG_TEST(title, function)                            \
	{                                                    \
		title, function, setup, place_teardown, NULL \
	}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		LOG_TEST("a log that stays where it is", untouched_test),
		LOG_TEST("rescued, and killed", killed_test),
		LOG_TEST("two jails, one after the other", two_test),
		LOG_TEST("a jail that is closed late", late_close_test),
		LOG_TEST("a reader that takes its time", reader_test),
		LOG_TEST("a jail that is closed late, after a reader",
			 reader_late_test),
		LOG_TEST("a jail that is closed last, after a reader",
			 reader_last_test),
		LOG_TEST("a log is copied when told to", deferred_test),
		LOG_TEST("two processes", processes_test),
		LOG_TEST("who opens it in between, waits", newcomer_test),
		LOG_TEST("another program's writes are not touched",
			 rival_test),
	};
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, lost_rows, lost_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("store_log", tests, n, NULL, NULL);
}
