/*
 * engine_renewal: the database of an engine is damaged. What the kernel holds
 * it goes on to hold, the bans are known again, and what comes is banned.
 */
#include "enginekit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "saslban/backup.h"
#include "saslban/jail.h"
#include "saslban/offense.h"
#include "saslban/outbox.h"
#include "saslban/store.h"

#define DIR_PATH 40

/* The world's database gets a directory of its own. */
static void move_in(struct world *w)
{
	engine_close(w->engine);
	snprintf(w->path, sizeof(w->path), "/tmp/renewal-test.XXXXXX");
	assert_non_null(mkdtemp(w->path));
	strcat(w->path, "/a.db");
	set(w, "database", w->path);
	open_engine(w);
	turn(w);
}

static void remove_all(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		char name[512];

		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (e->d_type == DT_DIR)
			remove_all(name);
		unlink(name);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

static int move_out(void **state)
{
	struct world *w = *state;
	char directory[80];

	snprintf(directory, sizeof(directory), "%.*s",
		 (int)(strrchr(w->path, '/') - w->path), w->path);
	engine_close(w->engine);
	w->engine = NULL;
	remove_all(directory);
	return teardown(state);
}

static int move_in_setup(void **state)
{
	if (setup(state) != 0)
		return -1;
	move_in(*state);
	return 0;
}

/* All but its first page, in which it says whose it is; and nobody has it in
 * memory. */
static void damage(struct world *w)
{
	int fd = open(w->path, O_RDWR);
	struct stat st;

	sql(w, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	for (off_t at = 4096; at < st.st_size; at += 8)
		assert_int_equal(pwrite(fd, "damaged!", 8, at), 8);
	close(fd);
}

/* Only of these tables and their indexes. */
static void damage_some(struct world *w)
{
	int fd = open(w->path, O_RDWR);
	sqlite3_stmt *q;
	sqlite3 *db;

	sql(w, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_true(fd >= 0);
	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db,
				   "SELECT rootpage FROM sqlite_schema WHERE"
				   " tbl_name IN ('failure', 'offense')"
				   " AND rootpage > 0",
				   -1, &q, NULL),
		SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		assert_int_equal(
			pwrite(fd, "damaged!", 8,
			       4096 * (sqlite3_column_int64(q, 0) - 1)),
			8);
	sqlite3_finalize(q);
	sqlite3_close(db);
	close(fd);
}

static void restart(struct world *w)
{
	engine_close(w->engine);
	open_engine(w);
	turn(w);
	finish(w);
}

/* The bans that run, and their strikes: `198.51.100.1:2`, by address. */
static const char *bans(const struct world *w)
{
	static char text[1024];
	sqlite3_stmt *q;
	sqlite3 *db;

	text[0] = '\0';
	assert_int_equal(
		sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db,
				   "SELECT address || ':' || strike || ' '"
				   " FROM offense WHERE ended IS NULL"
				   " AND lifted IS NULL ORDER BY address",
				   -1, &q, NULL),
		SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		strcat(text, (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	sqlite3_close(db);
	return text;
}

/* ---- without a backup ---- */

static void stopped_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "2001:db8::1", 3);
	wait_s(w, HOUR);
	engine_close(w->engine);
	damage(w);
	open_engine(w);
	w->said[0] = '\0';
	turn(w);
	finish(w);
	assert_non_null(strstr(w->said, "WAS DAMAGED and is kept as '"));
	assert_non_null(strstr(w->said, "a.db.corrupt-"));
	assert_non_null(strstr(w->said, "from set 'saslban4', for the time "
					"that is left to them: 1\n"));
	assert_non_null(strstr(w->said, "from set 'saslban6', for the time "
					"that is left to them: 1\n"));
	assert_int_equal(left(w, "198.51.100.1"), 47 * HOUR);
	assert_string_equal(bans(w), "198.51.100.1:1 2001:db8::/64:1 ");
	fail_times(w, "198.51.100.2", 3);
	assert_int_equal(left(w, "198.51.100.2"), 48 * HOUR);
	/* It is over when it would have been. */
	wait_s(w, 47 * HOUR + 1);
	turn(w);
	assert_string_equal(bans(w), "198.51.100.2:1 ");
}

/* Nothing is removed or set anew: the kernel has what it had. */
static void untouched_test(void **state)
{
	struct world *w = *state;
	unsigned before, removed;

	ban_many(w, 1, 50);
	engine_close(w->engine);
	damage(w);
	before = added(w);
	removed = recorder_removed(&w->kernel);
	open_engine(w);
	turn(w);
	finish(w);
	assert_int_equal(holds(w), 50);
	assert_int_equal(added(w), before);
	assert_int_equal(recorder_removed(&w->kernel), removed);
	/* And it is known as it was: the next comparison finds nothing. */
	w->said[0] = '\0';
	wait_s(w, 301);
	turn(w);
	finish(w);
	assert_string_equal(w->said, "");
	assert_int_equal(added(w), before);
}

/* While it runs. What it has in memory of the file is thrown away when another
 * one has written; that one must not have to read what is damaged. */
static void running_test(void **state)
{
	struct world *w = *state;
	struct sighting s;
	struct fault why;
	bool renewed = false;
	size_t n;

	fail_times(w, "198.51.100.1", 3);
	damage_some(w);
	w->said[0] = '\0';
	sql(w, "INSERT INTO learning VALUES (1, 1)");
	s = failure(w, "198.51.100.2");
	s.count = 3;
	for (int i = 0; i < 5 && !renewed; i++) {
		n = 1;
		renewed = engine_round(w->engine, &s, &n, w->now, &why) == 0;
		wait_s(w, 1);
	}
	assert_true(renewed);
	finish(w);
	assert_non_null(strstr(w->said, "DAMAGED"));
	assert_true(left(w, "198.51.100.1") > 47 * HOUR);
	assert_true(left(w, "198.51.100.2") > 47 * HOUR);
	assert_string_equal(bans(w), "198.51.100.1:1 198.51.100.2:1 ");
}

/* ---- with one ---- */

static void back_up(struct world *w)
{
	char directory[BACKUP_PATH], path[BACKUP_PATH];
	struct store *s;
	struct fault why;

	backup_directory(w->path, directory);
	(void)mkdir(directory, 0700);
	assert_int_equal(store_open(&s, w->path, STORE_READ, &why), 0);
	if (backup_write(s, backup_name(directory, w->path, w->now.wall, path),
			 NULL, &why) < 0)
		fail_msg("%s", why.text);
	store_close(s);
}

static void backup_test(void **state)
{
	struct world *w = *state;

	record_ban(w, 1, "198.51.100.1", 2, 8 * DAY);  /* in both, the same */
	record_ban(w, 1, "198.51.100.2", 2, 3 * HOUR); /* longer by now */
	record_ban(w, 1, "198.51.100.3", 1, HOUR);     /* over, and anew */
	fail_times(w, "198.51.100.4", 3);              /* of the kernel lost */
	wait_s(w, 2);
	turn(w);
	finish(w);
	back_up(w);
	wait_s(w, 1800);
	record_ban(w, 1, "198.51.100.2", 2, 8 * DAY);
	record_ban(w, 1, "198.51.100.5", 1, DAY); /* not in the backup */
	turn(w);
	wait_s(w, 2 * HOUR);
	turn(w);
	finish(w);
	record_ban(w, 1, "198.51.100.3", 2, DAY);
	wait_s(w, 2);
	turn(w);
	finish(w);
	recorder_delete(&w->kernel, "198.51.100.4");
	engine_close(w->engine);
	damage(w);
	open_engine(w);
	w->said[0] = '\0';
	turn(w);
	finish(w);
	assert_non_null(strstr(w->said, "with the backup '"));
	assert_non_null(strstr(w->said, "left to them: 3\n"));
	assert_int_equal(left(w, "198.51.100.1"), 8 * DAY - 2 * HOUR - 1804);
	assert_int_equal(left(w, "198.51.100.2"), 8 * DAY - 2 * HOUR - 2);
	assert_int_equal(left(w, "198.51.100.3"), DAY - 2);
	assert_int_equal(left(w, "198.51.100.5"), DAY - 2 * HOUR - 2);
	assert_true(left(w, "198.51.100.4") > DAY);
	assert_string_equal(bans(w), "198.51.100.1:2 198.51.100.2:2 "
				     "198.51.100.3:2 198.51.100.4:1 "
				     "198.51.100.5:1 ");
}

/* One that does not say that it is a copy is one all the same. */
static void copied_test(void **state)
{
	struct world *w = *state;
	char directory[BACKUP_PATH], path[BACKUP_PATH];
	struct store *s;
	bool copied;

	engine_close(w->engine);
	backup_directory(w->path, directory);
	(void)mkdir(directory, 0700);
	assert_int_equal(store_open(&s, w->path, STORE_CREATE, NULL), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(outbox_add(s,
				    &(struct outbox_row){.jail = 1,
							 .kind = NOTICE_BAN,
							 .due = w->now.wall},
				    NULL),
			 0);
	assert_int_equal(store_commit(s, NULL), 0);
	assert_int_equal(
		backup_write(s,
			     backup_name(directory, w->path, w->now.wall, path),
			     NULL, NULL),
		0);
	store_close(s);
	assert_int_equal(store_open(&s, path, STORE_CREATE, NULL), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(jail_seen_copied(s, 1, NULL), 0);
	assert_int_equal(store_commit(s, NULL), 0);
	store_close(s);
	damage(w);
	set(w, "notify", "immediate");
	set(w, "notify.ruleset", "mails");
	open_engine(w);
	w->said[0] = '\0';
	turn(w);
	assert_non_null(strstr(w->said, "with the backup '"));
	assert_non_null(strstr(w->said, "notices of bans (1) and digests (0) "
					"are not sent"));
	assert_int_equal(store_open(&s, w->path, STORE_READ, NULL), 0);
	assert_int_equal(jail_copied(s, 1, &copied, NULL), 0);
	assert_false(copied);
	store_close(s);
}

/* What others have put into the set without an end is not ours. */
static void foreign_test(void **state)
{
	struct world *w = *state;

	recorder_put(&w->kernel, "203.0.113.9", 0);
	recorder_put(&w->kernel, "203.0.113.8", 500);
	engine_close(w->engine);
	damage(w);
	open_engine(w);
	turn(w);
	finish(w);
	assert_string_equal(bans(w), "203.0.113.8:1 ");
	assert_true(left(w, "203.0.113.8") > 0);
	/* Only then: a ban that nobody knows of is foreign as ever. */
	recorder_put(&w->kernel, "203.0.113.7", 500);
	wait_s(w, 301);
	turn(w);
	finish(w);
	assert_string_equal(bans(w), "203.0.113.8:1 ");
}

/* The engine ends before it has taken over everything. */
static void interrupted_test(void **state)
{
	struct world *w = *state;
	struct fault why;
	size_t n = 0;

	ban_many(w, 1, 200);
	engine_close(w->engine);
	damage(w);
	open_engine(w);
	(void)engine_round(w->engine, NULL, &n, w->now, &why);
	restart(w);
	assert_int_equal(holds(w), 200);
	sql(w, "CREATE TABLE IF NOT EXISTS counted(n);"
	       "INSERT INTO counted SELECT 1 FROM offense"
	       " WHERE ended IS NULL GROUP BY address");
	restart(w);
	assert_int_equal(holds(w), 200);
}

/* ---- two jails ---- */

static void two_test(void **state)
{
	struct world *w = *state;
	struct world *other = calloc(1, sizeof(*other));

	*other = *w;
	other->engine = NULL;
	set(other, "name", "other");
	set(other, "set", "others");
	other->reporter.context = other;
	recorder_init(&other->kernel, START);
	snprintf(other->kernel.name[0], ENFORCER_NAME, "others4");
	snprintf(other->kernel.name[1], ENFORCER_NAME, "others6");
	open_engine(other);
	turn(other);
	fail_times(w, "198.51.100.1", 3);
	fail_times(other, "198.51.100.2", 3);
	engine_close(w->engine);
	damage(w);
	open_engine(w);
	w->said[0] = other->said[0] = '\0';
	turn(w);
	finish(w);
	assert_non_null(strstr(w->said, "DAMAGED"));
	wait_s(other, 3);
	turn(other);
	finish(other);
	assert_null(strstr(other->said, "DAMAGED"));
	assert_non_null(strstr(other->said, "going on with what is there"));
	assert_true(left(w, "198.51.100.1") > 0);
	assert_true(left(other, "198.51.100.2") > 0);
	assert_string_equal(bans(w), "198.51.100.1:1 198.51.100.2:1 ");
	engine_close(other->engine);
	free(other);
}

/* ---- it cannot be replaced ---- */

static void refused_test(void **state)
{
	struct world *w = *state;
	char renewing[80];
	struct fault why;
	size_t n = 0;

	fail_times(w, "198.51.100.1", 3);
	engine_close(w->engine);
	damage(w);
	open_engine(w);
	snprintf(renewing, sizeof(renewing), "%s.renewing", w->path);
	assert_int_equal(mkdir(renewing, 0700), 0);
	assert_int_equal(engine_round(w->engine, NULL, &n, w->now, &why), -1);
	assert_non_null(strstr(why.text, "damaged"));
	assert_non_null(strstr(why.text, "a.db.renewing"));
	assert_int_equal(access(w->path, F_OK), 0);
	assert_int_equal(rmdir(renewing), 0);
	wait_s(w, 1);
	assert_int_equal(engine_round(w->engine, NULL, &n, w->now, &why), -1);
	wait_s(w, 30);
	turn(w);
	finish(w);
	assert_true(left(w, "198.51.100.1") > 0);
	assert_string_equal(bans(w), "198.51.100.1:1 ");
}

#define RENEWAL_TEST(title, function)                          \
	{                                                      \
		title, function, move_in_setup, move_out, NULL \
	}

static const struct CMUnitTest tests[] = {
	RENEWAL_TEST("damaged while it was stopped", stopped_test),
	RENEWAL_TEST("the sets are not touched", untouched_test),
	RENEWAL_TEST("damaged while it runs", running_test),
	RENEWAL_TEST("with a backup", backup_test),
	RENEWAL_TEST("with a backup, and mails", copied_test),
	RENEWAL_TEST("entries of others", foreign_test),
	RENEWAL_TEST("interrupted", interrupted_test),
	RENEWAL_TEST("two jails, of which one does it", two_test),
	RENEWAL_TEST("it cannot be replaced yet", refused_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("engine_renewal", tests, NULL, NULL);
}
