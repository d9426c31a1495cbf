/*
 * renewal: which files are damaged databases of ours, what becomes of them, and
 * of a process that is killed meanwhile.
 */
#include "storekit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "saslban/alive.h"
#include "saslban/backup.h"
#include "saslban/failure.h"
#include "saslban/renewal.h"

#define PATH (KIT_DIR + 64)

/* ---- the C library as the store finds it ---- */

static int renames_left = -1; /* dies instead of the next one after so many */
static bool broken;           /* a disk that cannot be read, all but its */
static off_t readable = 4096; /* first bytes */

#define FOUND __attribute__((visibility("default")))

FOUND int rename(const char *from, const char *to)
{
	if (renames_left == 0)
		_exit(9);
	if (renames_left > 0)
		renames_left--;
	return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

FOUND ssize_t pread64(int fd, void *buffer, size_t n, off64_t at)
{
	if (broken && at >= readable) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_pread64, fd, buffer, n, at);
}

FOUND ssize_t pread(int fd, void *buffer, size_t n, off_t at)
{
	return pread64(fd, buffer, n, at);
}

/* ---- a place ---- */

struct place {
	char dir[KIT_DIR];
	char path[PATH];
};

/* A database with two jails, a few hundred failures and a ban; an engine has
 * worked with it. */
static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	struct alive *a;
	struct store *s;

	kit_dir(p->dir);
	snprintf(p->path, sizeof(p->path), "%s/a.db", p->dir);
	s = kit_open(p->path, STORE_CREATE);
	kit_jail(s, "sasl", "saslban");
	kit_jail(s, "other", "others");
	kit_ban(s, 1, "198.51.100.1", NOW, NOW + 100);
	assert_int_equal(store_begin(s, NULL), 0);
	for (int i = 0; i < 2000; i++) {
		struct failure f = {.jail = 1, .at = NOW - i, .count = 1};
		char host[32];

		snprintf(host, sizeof(host), "203.0.%d.%d", i / 250, i % 250);
		f.host = f.address = kit_address(host);
		assert_int_equal(failure_add(s, &f, NULL), 0);
	}
	assert_int_equal(store_commit(s, NULL), 0);
	store_close(s);
	assert_int_equal(alive_claim(&a, p->path, 1, NULL), 0);
	alive_release(a);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;
	char path[PATH];

	snprintf(path, sizeof(path), "%s/backup", p->dir);
	if (access(path, F_OK) == 0)
		kit_remove(path);
	kit_remove(p->dir);
	free(p);
	broken = false;
	return 0;
}

static void make_backup(const struct place *p, int64_t now)
{
	char directory[BACKUP_PATH], path[BACKUP_PATH];
	struct store *s = kit_open(p->path, STORE_READ);
	struct fault why;

	backup_directory(p->path, directory);
	(void)mkdir(directory, 0700);
	if (backup_write(s, backup_name(directory, p->path, now, path), NULL,
			 &why) < 0)
		fail_msg("%s", why.text);
	store_close(s);
}

static void overwrite(const char *path, off_t from, off_t to, int byte)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	for (off_t at = from; at < to; at++) {
		char c = (char)(byte < 0 ? at * 7 + at / 256 : byte);

		assert_int_equal(pwrite(fd, &c, 1, at), 1);
	}
	close(fd);
}

static off_t size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void sql(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* ---- what is done to it ---- */

static void header(const char *path)
{
	overwrite(path, 0, 100, -1);
}

static void first_page(const char *path)
{
	overwrite(path, 0, 4096, 0);
}

static void all_but_header(const char *path)
{
	overwrite(path, 100, size_of(path), -1);
}

static void middle(const char *path)
{
	overwrite(path, 4096 * 8, size_of(path) - 4096, -1);
}

static void half(const char *path)
{
	assert_int_equal(truncate(path, size_of(path) / 2), 0);
}

static void stump(const char *path)
{
	assert_int_equal(truncate(path, 50), 0);
}

static void empty(const char *path)
{
	assert_int_equal(truncate(path, 0), 0);
}

static void text(const char *path)
{
	empty(path);
	overwrite(path, 0, 5000, 'x');
}

/* The entries of an index say something else than the rows. */
static void index_only(const char *path)
{
	sql(path, "PRAGMA writable_schema = ON;"
		  "UPDATE sqlite_schema SET sql = 'CREATE INDEX failure_age ON"
		  " failure(jail, count, at)' WHERE name = 'failure_age';");
}

static void none(const char *path)
{
	(void)path;
}

static void foreign(const char *path)
{
	unlink(path);
	sql(path, "CREATE TABLE precious(x)");
}

static void newer(const char *path)
{
	sql(path, "PRAGMA user_version = 999");
}

static void removed(const char *path)
{
	unlink(path);
}

static void disk(const char *path)
{
	(void)path;
	broken = true;
	readable = 4096;
}

static void whole_disk(const char *path)
{
	(void)path;
	broken = true;
	readable = 0;
}

static void deep(const char *path)
{
	(void)path;
	broken = true;
	readable = 4096 * 40;
}

static void text_of_others(const char *path)
{
	char engines[PATH + 16];

	text(path);
	snprintf(engines, sizeof(engines), "%s-engines", path);
	assert_int_equal(unlink(engines), 0);
}

static void middle_and_no_engine(const char *path)
{
	text_of_others(path);
	unlink(path);
	store_close(kit_open(path, STORE_CREATE));
	all_but_header(path);
}

struct row {
	const char *title;
	void (*change)(const char *path);
	bool doubt;
	bool aside;          /* it is set aside */
	enum fault_kind why; /* if it is not opened */
};

static const struct row rows[] = {
	{"whole", none, false, false, FAULT_NONE},
	{"whole, in doubt", none, true, false, FAULT_NONE},
	{"its header is damaged", header, false, true, FAULT_NONE},
	{"its first page is empty", first_page, false, true, FAULT_NONE},
	{"all but its header", all_but_header, false, true, FAULT_NONE},
	{"in the middle, in doubt", middle, true, true, FAULT_NONE},
	{"an index, in doubt", index_only, true, true, FAULT_NONE},
	{"cut in half", half, true, true, FAULT_NONE},
	{"cut to less than a header", stump, false, true, FAULT_NONE},
	{"empty", empty, false, true, FAULT_NONE},
	{"a text", text, false, true, FAULT_NONE},
	{"damaged, and no engine was seen here", middle_and_no_engine, false,
	 true, FAULT_NONE},
	{"a text, and no engine was ever here", text_of_others, false, false,
	 FAULT_FOREIGN},
	{"another program's", foreign, false, false, FAULT_FOREIGN},
	{"another program's, in doubt", foreign, true, false, FAULT_FOREIGN},
	{"of a newer version", newer, true, false, FAULT_FOREIGN},
	{"removed: a new one, and nothing was damaged", removed, false, false,
	 FAULT_NONE},
	{"the disk fails", disk, false, false, FAULT_STORE},
	{"the disk fails, in doubt", disk, true, false, FAULT_STORE},
	{"the disk fails in the middle, in doubt", deep, true, false,
	 FAULT_STORE},
	{"nothing of the disk can be read", whole_disk, false, false,
	 FAULT_STORE},
};

static char *read_all(const char *path, size_t *n)
{
	char *all = malloc(1 << 20);
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	*n = fread(all, 1, 1 << 20, f);
	fclose(f);
	return all;
}

static void row_test(void **state)
{
	const struct row *row = *state;
	struct renewal r;
	struct fault why = {.kind = FAULT_NONE};
	struct store *s = NULL;
	void *place = NULL;
	struct place *p;
	char *before = NULL, *after = NULL;
	size_t nbefore = 0, nafter = 0;
	bool due;
	int result;

	setup(&place);
	p = place;
	row->change(p->path);
	if (access(p->path, F_OK) == 0)
		before = read_all(p->path, &nbefore);
	result = renewal_open(&s, p->path, row->doubt, NOW, &r, &why);
	broken = false;
	if (why.kind != row->why)
		fail_msg("%s", why.text);
	assert_int_equal(result, row->why == FAULT_NONE ? 0 : -1);
	assert_int_equal(r.damaged, row->aside);
	assert_int_equal(r.aside[0] != '\0', row->aside);
	if (row->aside) {
		char expected[PATH + 32];

		snprintf(expected, sizeof(expected),
			 "%s.corrupt-20231114T221320Z", p->path);
		assert_string_equal(r.aside, expected);
		after = read_all(r.aside, &nafter);
	} else if (before != NULL && row->why != FAULT_NONE) {
		after = read_all(p->path, &nafter);
	}
	if (after != NULL) {
		assert_int_equal(nbefore, nafter);
		assert_memory_equal(before, after, nbefore);
	}
	if (result == 0) {
		int64_t jail = kit_jail(s, "sasl", "saslban");

		assert_int_equal(renewal_due(s, jail, &due, NULL), 0);
		assert_int_equal(due, row->aside);
		WRITE(s, renewal_done(s, jail, NULL));
		assert_int_equal(renewal_due(s, jail, &due, NULL), 0);
		assert_false(due);
	}
	store_close(s);
	free(before);
	free(after);
	teardown(&place);
}

/* ---- backups ---- */

static void assert_bans(struct store *s, const char *expected)
{
	struct offense_query all = {.jail = 0};
	struct kit_seen seen = {"", 0, 0};

	assert_int_equal(offense_each(s, &all, kit_see_offense, &seen, NULL),
			 0);
	assert_string_equal(seen.text, expected);
}

static void ban(const struct place *p, const char *address)
{
	struct store *s = kit_open(p->path, STORE_WRITE);

	kit_ban(s, 1, address, NOW, NOW + 100);
	store_close(s);
}

/* Of three the last is damaged, and the one before it is the newest. */
static void backup_test(void **state)
{
	struct place *p = *state;
	struct renewal r;
	struct fault why;
	struct store *s;
	bool due;

	make_backup(p, NOW);
	ban(p, "198.51.100.2");
	make_backup(p, NOW + 86400);
	ban(p, "198.51.100.3");
	make_backup(p, NOW + 2 * 86400);
	header(p->path);
	assert_int_equal(
		renewal_open(&s, p->path, false, NOW + 3 * 86400, &r, &why), 0);
	assert_true(r.backup);
	assert_bans(s, "198.51.100.3 198.51.100.2 198.51.100.1");
	assert_int_equal(renewal_due(s, 1, &due, NULL), 0);
	assert_true(due);
	store_close(s);
	header(p->path);
	middle(r.from);
	assert_int_equal(
		renewal_open(&s, p->path, false, NOW + 4 * 86400, &r, &why), 0);
	assert_true(r.backup);
	assert_bans(s, "198.51.100.2 198.51.100.1");
	store_close(s);
}

/* A second time within a second: neither file is lost. */
static void twice_test(void **state)
{
	struct place *p = *state;
	struct renewal first, second;
	struct store *s;

	header(p->path);
	assert_int_equal(renewal_open(&s, p->path, false, NOW, &first, NULL),
			 0);
	store_close(s);
	header(p->path);
	assert_int_equal(renewal_open(&s, p->path, false, NOW, &second, NULL),
			 0);
	store_close(s);
	assert_string_not_equal(first.aside, second.aside);
	assert_int_equal(access(first.aside, F_OK), 0);
	assert_int_equal(access(second.aside, F_OK), 0);
}

/* A connection that has found damage is closed, and leaves its log with the
 * file. */
static void log_test(void **state)
{
	struct place *p = *state;
	struct store *s = kit_open(p->path, STORE_CREATE);
	struct store *second = kit_open(p->path, STORE_CREATE);
	char log[PATH + 64];
	struct renewal r;

	kit_ban(s, 1, "198.51.100.9", NOW, NOW + 100);
	all_but_header(p->path);
	store_close(s);
	assert_int_equal(store_verify(second, NULL), -1);
	assert_true(store_damaged(second));
	store_close(second);
	assert_int_equal(renewal_open(&s, p->path, true, NOW, &r, NULL), 0);
	store_close(s);
	snprintf(log, sizeof(log), "%s-wal", r.aside);
	assert_int_equal(access(log, F_OK), 0);
}

/* ---- killed ---- */

enum { POINTS = 12 };

/* At each point at which files change their names; then it is opened. */
static void killed_test(void **state)
{
	struct place *p = *state;
	int died = 0;

	for (int at = 0; at < POINTS; at++) {
		struct renewal r;
		struct fault why;
		struct store *s;
		void *place = NULL;
		struct place *q;
		char log[PATH + 8];
		int status;
		pid_t pid;

		setup(&place);
		q = place;
		make_backup(q, NOW - 60);
		middle(q->path);
		snprintf(log, sizeof(log), "%s-wal", q->path);
		pid = fork();
		if (pid == 0) {
			renames_left = at;
			_exit(renewal_open(&s, q->path, true, NOW, &r, NULL) ==
					      0
				      ? 0
				      : 1);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
		died += WEXITSTATUS(status) == 9;
		if (renewal_open(&s, q->path, true, NOW + 1, &r, &why) < 0)
			fail_msg("killed at %d: %s", at, why.text);
		assert_bans(s, "198.51.100.1");
		store_close(s);
		snprintf(log, sizeof(log), "%s.renewed", q->path);
		assert_int_equal(access(log, F_OK), -1);
		teardown(&place);
	}
	/* .renewed, aside, its log, its index, in place */
	assert_int_equal(died, 5);
	(void)p;
}

/* What was killed between the old file's end and the new one's begin has left
 * the old one's log, which belongs to neither. */
static void leftover_test(void **state)
{
	struct place *p = *state;
	char from[PATH + 64], to[PATH + 64];
	struct renewal r;
	struct store *s;

	snprintf(to, sizeof(to), "%s.renewed", p->path);
	s = kit_open(to, STORE_CREATE);
	kit_ban(s, kit_jail(s, "sasl", "saslban"), "198.51.100.7", NOW,
		NOW + 9);
	store_close(s);
	snprintf(to, sizeof(to), "%s.corrupt-20231114T221320Z", p->path);
	assert_int_equal(rename(p->path, to), 0);
	snprintf(from, sizeof(from), "%s-wal", p->path);
	fclose(fopen(from, "w"));
	overwrite(from, 0, 5000, 'x');
	assert_int_equal(renewal_open(&s, p->path, false, NOW, &r, NULL), 0);
	assert_bans(s, "198.51.100.7");
	store_close(s);
	strcat(to, "-wal");
	assert_int_equal(size_of(to), 5000);
}

/* One that nobody needs any more. */
static void stale_test(void **state)
{
	struct place *p = *state;
	char path[PATH + 16];
	struct renewal r;
	struct store *s;

	snprintf(path, sizeof(path), "%s.renewed", p->path);
	store_close(kit_open(path, STORE_CREATE));
	assert_int_equal(renewal_open(&s, p->path, false, NOW, &r, NULL), 0);
	assert_bans(s, "198.51.100.1");
	store_close(s);
	assert_int_equal(access(path, F_OK), -1);
}

/* Somebody else is about to: he is waited for, and not for long. */
static void busy_test(void **state)
{
	struct place *p = *state;
	struct alive *lock;
	struct renewal r;
	struct fault why;
	struct store *s;

	header(p->path);
	assert_int_equal(alive_lock(&lock, p->path, true, NULL), 1);
	assert_int_equal(renewal_open(&s, p->path, false, NOW, &r, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_false(r.damaged);
	alive_release(lock);
	assert_int_equal(renewal_open(&s, p->path, false, NOW, &r, &why), 0);
	assert_true(r.damaged);
	store_close(s);
}

#define PLACE_TEST(title, function)                    \
	{                                              \
		title, function, setup, teardown, NULL \
	}

static const struct CMUnitTest singles[] = {
	PLACE_TEST("the newest backup that is whole", backup_test),
	PLACE_TEST("twice within a second", twice_test),
	PLACE_TEST("the log goes with the file", log_test),
	PLACE_TEST("killed at any point", killed_test),
	PLACE_TEST("a log that was left", leftover_test),
	PLACE_TEST("a new one that nobody needs", stale_test),
	PLACE_TEST("one at a time", busy_test),
};

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	ROWS(tests, n, rows, row_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("renewal", tests, n, NULL, NULL);
}
