/* store: whose file is it, who may touch it, and what is left alone. */
#include "storekit.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/jail.h"
#include "store/schema.h"

#define PATH (KIT_DIR + 32)

static void sql(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* All bytes of a file; *size 0 when there is none. */
static char *bytes_of(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	assert_non_null(bytes);
	*size = f == NULL ? 0 : fread(bytes, 1, 1 << 20, f);
	if (f != NULL)
		fclose(f);
	return bytes;
}

static void put_bytes(const char *path, const char *bytes, size_t size)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

/* path and, if it is there, path + suffix, as they are while the program that
 * wrote them has not closed them yet: what a power cut leaves. */
static void cut_off(const char *path, const char *suffix, const char *text)
{
	char live[PATH + 8], log[PATH + 16], to[PATH + 8];
	size_t size, log_size;
	char *bytes, *log_bytes;
	sqlite3 *db;

	snprintf(live, sizeof(live), "%s.live", path);
	snprintf(log, sizeof(log), "%s%s", live, suffix);
	snprintf(to, sizeof(to), "%s%s", path, suffix);
	assert_int_equal(sqlite3_open(live, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	bytes = bytes_of(live, &size);
	log_bytes = bytes_of(log, &log_size);
	assert_true(size > 0 && log_size > 0);
	sqlite3_close(db);
	assert_int_equal(unlink(live), 0);
	put_bytes(path, bytes, size);
	put_bytes(to, log_bytes, log_size);
	free(bytes);
	free(log_bytes);
}

/* ---- files that are not ours ---- */

static void make_text(const char *path)
{
	put_bytes(path, "Dear diary,\n", 12);
}

static void make_long_text(const char *path)
{
	char text[5000];

	memset(text, 'x', sizeof(text));
	put_bytes(path, text, sizeof(text));
}

static void make_other(const char *path)
{
	sql(path, "PRAGMA application_id = 252006674; CREATE TABLE t (x)");
}

static void make_unnamed(const char *path)
{
	sql(path, "CREATE TABLE bips (ip TEXT); INSERT INTO bips VALUES (1)");
}

static void make_only_version(const char *path)
{
	sql(path, "PRAGMA user_version = 7");
}

static void make_in_log(const char *path)
{
	cut_off(path, "-wal",
		"PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
		"CREATE TABLE t (x)");
}

static void make_hot(const char *path)
{
	cut_off(path, "-journal",
		"CREATE TABLE t (x); INSERT INTO t VALUES (1);"
		"PRAGMA cache_size = 1; BEGIN;"
		"WITH RECURSIVE n(i) AS"
		" (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
		" INSERT INTO t SELECT hex(randomblob(40)) FROM n");
}

static void make_newer(const char *path)
{
	sql(path, "PRAGMA application_id = 1396851022; CREATE TABLE jail (x);"
		  "PRAGMA user_version = 90");
}

static void make_newer_in_log(const char *path)
{
	cut_off(path, "-wal",
		"PRAGMA application_id = 1396851022; PRAGMA user_version = 1;"
		"PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
		"PRAGMA user_version = 99");
}

struct foreign_row {
	const char *title;
	void (*make)(const char *path);
	const char *text;
};

static const struct foreign_row foreign_rows[] = {
	{"a short text", make_text, "is not a SQLite database"},
	{"a long text", make_long_text, "is not a SQLite database"},
	{"another program's database", make_other,
	 "is another program's database"},
	{"a database that does not say whose it is", make_unnamed,
	 "is another program's database"},
	{"an empty database with a version", make_only_version,
	 "is another program's database"},
	{"a database that is still in its log", make_in_log,
	 "is another program's database"},
	{"a database with a journal to be rolled back", make_hot,
	 "is another program's database"},
	{"a newer version of ours", make_newer, "has version 90"},
	{"a newer version of ours that is still in the log", make_newer_in_log,
	 "has version 99"},
};

static void foreign_test(void **state)
{
	static const char *const suffix[] = {"", "-wal", "-journal"};
	const struct foreign_row *r = *state;
	char dir[KIT_DIR], path[PATH], file[3][PATH + 8];
	size_t size[3];
	char *bytes[3];

	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	r->make(path);
	for (size_t i = 0; i < 3; i++) {
		snprintf(file[i], sizeof(file[i]), "%s%s", path, suffix[i]);
		bytes[i] = bytes_of(file[i], &size[i]);
	}
	for (int mode = STORE_READ; mode <= STORE_CREATE; mode++) {
		struct fault why = {FAULT_NONE, ""};
		struct store *s = NULL;

		assert_int_equal(store_open(&s, path, mode, &why), -1);
		assert_null(s);
		assert_int_equal(why.kind, FAULT_FOREIGN);
		if (strstr(why.text, path) == NULL ||
		    strstr(why.text, r->text) == NULL ||
		    strstr(why.text, "move") == NULL)
			fail_msg("not helpful: %s", why.text);
		for (size_t i = 0; i < 3; i++) {
			size_t n;
			char *now = bytes_of(file[i], &n);

			assert_int_equal(n, size[i]);
			assert_memory_equal(now, bytes[i], n);
			free(now);
		}
	}
	for (size_t i = 0; i < 3; i++)
		free(bytes[i]);
	kit_remove(dir);
}

/* ---- files that are not there, or not yet anything ---- */

struct open_row {
	const char *title;
	const char *name; /* in our directory */
	const char *make; /* SQL; "" = an empty file; NULL = none */
	enum store_mode mode;
	enum fault_kind fault; /* FAULT_NONE: it opens */
	const char *text;
};

static const struct open_row open_rows[] = {
	{"create makes a file", "a.db", NULL, STORE_CREATE, FAULT_NONE, ""},
	{"create makes no directory", "none/a.db", NULL, STORE_CREATE,
	 FAULT_STORE, "its directory is missing; create it, writable for "},
	{"write makes no file", "a.db", NULL, STORE_WRITE, FAULT_STORE,
	 "No such file or directory"},
	{"read makes no file", "a.db", NULL, STORE_READ, FAULT_STORE,
	 "No such file or directory"},
	{"create takes an empty file", "a.db", "", STORE_CREATE, FAULT_NONE,
	 ""},
	{"write does not take an empty file", "a.db", "", STORE_WRITE,
	 FAULT_STORE, "start rsyslogd with the new module"},
	{"read does not take an empty file", "a.db", "", STORE_READ,
	 FAULT_STORE, "start rsyslogd"},
	{"create takes an empty database", "a.db", "PRAGMA journal_mode = WAL",
	 STORE_CREATE, FAULT_NONE, ""},
	{"create migrates version 0", "a.db",
	 "PRAGMA application_id = 1396851022", STORE_CREATE, FAULT_NONE, ""},
	{"write migrates nothing: an older engine may be running", "a.db",
	 "PRAGMA application_id = 1396851022", STORE_WRITE, FAULT_STORE,
	 "has version 0"},
	{"a directory is no database", "", NULL, STORE_CREATE, FAULT_STORE,
	 "it is a directory"},
	{"signs that mean something to SQLite", "a?b#c%41&d=e.db", NULL,
	 STORE_CREATE, FAULT_NONE, ""},
};

static void open_test(void **state)
{
	const struct open_row *r = *state;
	struct fault why = {FAULT_NONE, ""};
	char dir[KIT_DIR], path[PATH];
	struct store *s = NULL;
	bool fine = r->fault == FAULT_NONE;

	snprintf(path, sizeof(path), "%s/%s", kit_dir(dir), r->name);
	if (r->make != NULL && r->make[0] == '\0')
		put_bytes(path, "", 0);
	else if (r->make != NULL)
		sql(path, r->make);
	if (store_open(&s, path, r->mode, &why) != (fine ? 0 : -1))
		fail_msg("unexpected: %s", why.text);
	assert_int_equal(why.kind, r->fault);
	if (strstr(why.text, r->text) == NULL)
		fail_msg("not helpful: %s", why.text);
	if (fine)
		kit_jail(s, "sasl", "saslban");
	store_close(s);
	/* Once more: it is all there, and nobody minds. */
	if (fine) {
		struct jail_totals t;

		s = kit_open(path, STORE_READ);
		assert_int_equal(jail_totals(s, 1, NOW, 0, &t, NULL), 0);
		store_close(s);
	}
	if (!fine && r->make == NULL && r->name[0] != '\0')
		assert_int_equal(access(path, F_OK), -1);
	kit_remove(dir);
}

/* ---- files that are none: nobody waits for them ---- */

static void make_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void make_socket(const char *path)
{
	assert_int_equal(mknod(path, S_IFSOCK | 0600, 0), 0);
}

static void make_endless(const char *path)
{
	assert_int_equal(symlink("/dev/zero", path), 0);
}

struct odd_row {
	const char *title;
	void (*make)(const char *path);
};

static const struct odd_row odd_rows[] = {
	{"a FIFO", make_fifo},
	{"a socket", make_socket},
	{"an endless device", make_endless},
};

static void odd_test(void **state)
{
	const struct odd_row *r = *state;
	char dir[KIT_DIR], path[PATH];

	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	r->make(path);
	for (int mode = STORE_READ; mode <= STORE_CREATE; mode++) {
		struct fault why = {FAULT_NONE, ""};
		struct store *s = NULL;

		assert_int_equal(store_open(&s, path, mode, &why), -1);
		assert_int_equal(why.kind, FAULT_STORE);
		assert_non_null(strstr(why.text, "not a regular file"));
	}
	kit_remove(dir);
}

/* ---- what a new file is ---- */

static unsigned mode_of(const char *path, const char *suffix)
{
	char file[PATH + 8];
	struct stat st;

	snprintf(file, sizeof(file), "%s%s", path, suffix);
	assert_int_equal(stat(file, &st), 0);
	return st.st_mode & 07777;
}

static void file_mode_test(void **state)
{
	static const mode_t masks[] = {0, 0077, 0022};
	char dir[KIT_DIR], path[PATH];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		mode_t old = umask(masks[i]);
		struct store *s;

		snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
		s = kit_open(path, STORE_CREATE);
		kit_jail(s, "sasl", "saslban");
		umask(old);
		assert_int_equal(mode_of(path, ""), 0640);
		assert_int_equal(mode_of(path, "-wal"), 0640);
		assert_int_equal(mode_of(path, "-shm"), 0640);
		store_close(s);
		assert_int_equal(mode_of(path, ""), 0640);
		kit_remove(dir);
	}
}

static int64_t ask(const char *path, const char *text)
{
	sqlite3_stmt *q;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, text, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

static void new_file_test(void **state)
{
	char dir[KIT_DIR], path[PATH];

	(void)state;
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	store_close(kit_open(path, STORE_CREATE));
	assert_int_equal(ask(path, "PRAGMA application_id"), 0x5342414e);
	assert_int_equal(ask(path, "PRAGMA user_version"), SCHEMA_VERSION);
	assert_int_equal(ask(path, "PRAGMA auto_vacuum"), 2);
	assert_int_equal(ask(path, "SELECT journal_mode = 'wal'"
				   " FROM pragma_journal_mode"),
			 1);
	assert_int_equal(ask(path, "SELECT count(*) FROM"
				   " pragma_foreign_key_check"),
			 0);
	kit_remove(dir);
}

static void bad_path_test(void **state)
{
	char path[SETTINGS_PATH + 1];
	struct fault why = {FAULT_NONE, ""};
	struct store *s = NULL;

	(void)state;
	assert_int_equal(store_open(&s, "", STORE_CREATE, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[SETTINGS_PATH] = '\0';
	assert_int_equal(store_open(&s, path, STORE_CREATE, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
	assert_null(s);
	store_close(NULL);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, foreign_rows, foreign_test);
	ROWS(tests, n, open_rows, open_test);
	ROWS(tests, n, odd_rows, odd_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(file_mode_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(new_file_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(bad_path_test);
	return _cmocka_run_group_tests("store_open", tests, n, NULL, NULL);
}
