/* docs/SCHEMA.md: every example runs and finds something, every column is
 * described, and nothing is described that is not there. */
#include "storekit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "saslban/allow.h"
#include "saslban/breach.h"
#include "saslban/failure.h"
#include "saslban/hostname.h"
#include "saslban/login.h"
#include "saslban/offense.h"
#include "saslban/outage.h"
#include "saslban/outbox.h"

enum { MANUAL = 65536 };

static char *manual(void)
{
	const char *srcdir = getenv("srcdir");
	char *text = calloc(1, MANUAL), path[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/docs/SCHEMA.md",
		 srcdir == NULL ? "." : srcdir);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(text);
	n = fread(text, 1, MANUAL, f);
	assert_in_range(n, 1, MANUAL - 1);
	fclose(f);
	return text;
}

static void kit_logins(struct store *s, int64_t jail)
{
	struct address a = kit_address("192.0.2.4");
	struct login login = {
		.address = a, .user = "alice", .first = NOW, .last = NOW};
	struct outage_row outage = {.jail = jail, .since = NOW, .opened = NOW};
	struct breach_row breach = {
		.jail = jail, .at = NOW, .user = "alice", .host = a};
	struct failure known = {.jail = jail,
				.host = a,
				.address = a,
				.at = NOW,
				.count = 1,
				.guess = 7,
				.wide = true};
	bool fresh;

	WRITE(s, login_put(s, &login, &write_why));
	snprintf(login.user, sizeof(login.user), "bob");
	WRITE(s, login_put(s, &login, &write_why));
	WRITE(s, login_learning_add(s, NOW, 2, &write_why));
	WRITE(s, outage_begin(s, &outage, &write_why));
	WRITE(s, breach_add(s, &breach, &fresh, &write_why));
	WRITE(s, failure_add(s, &known, &write_why));
}

/* One that waits, and one that was sent. */
static void kit_notices(struct store *s, int64_t jail)
{
	struct outbox_row row = {.jail = jail,
				 .kind = NOTICE_BAN,
				 .address = kit_address("192.0.2.1"),
				 .at = NOW,
				 .due = NOW};

	WRITE(s, outbox_add(s, &row, &write_why));
	WRITE(s, outbox_put(s, jail, false, true, NOW, &write_why));
	WRITE(s, outbox_sent(s, jail, row.id, NOW, &write_why));
	WRITE(s, outbox_add(s, &row, &write_why));
}

/* A little of everything that the examples ask for. */
static sqlite3 *example(void)
{
	char dir[KIT_DIR], path[KIT_DIR + 16];
	struct store *s;
	int64_t jail;
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	jail = kit_jail(s, "sasl", "saslban");
	kit_failure(s, jail, "192.0.2.1", NOW, 2);
	kit_failure(s, jail, "2001:db8::1", NOW + 90000, 1);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	kit_ban(s, jail, "192.0.2.0/24", NOW, NOW + 90);
	kit_ban(s, jail, "192.0.2.9", NOW, FOREVER);
	kit_ban(s, jail, "2001:db8::/64", NOW, FOREVER);
	kit_lift(s, jail, "2001:db8::/64", NOW + 9);
	WRITE(s, offense_expire(s, jail, NOW + 90, 9, NULL, NULL, &write_why));
	kit_logins(s, jail);
	kit_notices(s, jail);
	kit_stats(s, jail, "postfix", 30);
	kit_held(s, "saslban4", "192.0.2.7", FOREVER);
	WRITE(s, hostname_put(s, "vpn.example.org",
			      &(struct address){ADDRESS_V4, 32, {192, 0, 2, 8}},
			      1, NOW, &write_why));
	WRITE(s, allow_put(s,
			   &(struct allow){
				   .address = {ADDRESS_V4, 32, {192, 0, 2, 7}},
				   .comment = "office",
				   .by = "alice",
				   .at = NOW,
				   .until = FOREVER},
			   &write_why));
	store_close(s);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	/* A second strike; the module's own way there is longer. */
	assert_int_equal(sqlite3_exec(db,
				      "UPDATE offense SET strike = 2"
				      " WHERE address = '192.0.2.9'",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "INSERT INTO renewal (at, aside, why)"
				      " VALUES (1, 'a', 'damaged')",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	kit_remove(dir);
	return db;
}

static int rows_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;
	int rows = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(q) == SQLITE_ROW)
		rows++;
	if (sqlite3_finalize(q) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	return rows;
}

static void examples_test(void **state)
{
	char *text = manual(), *at = text, *end;
	sqlite3 *db = example();
	int examples = 0;

	(void)state;
	while ((at = strstr(at, "\n```sql\n")) != NULL) {
		at += strlen("\n```sql\n");
		end = strstr(at, "\n```\n");
		assert_non_null(end);
		*end = '\0';
		if (rows_of(db, at) == 0)
			fail_msg("finds nothing: %s", at);
		at = end + 1;
		examples++;
	}
	assert_true(examples >= 10);
	sqlite3_close(db);
	free(text);
}

/* The section of the manual that is about the table, cut out. */
static char *section(const char *text, const char *table)
{
	char head[64], *copy, *end;
	const char *begin;

	snprintf(head, sizeof(head), "\n## %s\n", table);
	begin = strstr(text, head);
	if (begin == NULL)
		fail_msg("no section '%s'", table);
	copy = strdup(begin + 1);
	assert_non_null(copy);
	end = strstr(copy + 1, "\n## ");
	if (end != NULL)
		*end = '\0';
	return copy;
}

static int rows_described(const char *text)
{
	int rows = 0;

	while ((text = strstr(text, "\n| `")) != NULL) {
		text++;
		rows++;
	}
	return rows;
}

static void columns_test(void **state)
{
	static const char tables[] =
		"SELECT name FROM sqlite_schema"
		" WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'";
	char *text = manual(), *about = NULL;
	sqlite3 *db = example();
	sqlite3_stmt *table, *column;
	int seen = 0, columns;

	(void)state;
	sqlite3_prepare_v2(db, tables, -1, &table, NULL);
	sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?1)", -1,
			   &column, NULL);
	while (sqlite3_step(table) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(table, 0);

		about = section(text, name);
		columns = 0;
		sqlite3_reset(column);
		sqlite3_bind_text(column, 1, name, -1, SQLITE_TRANSIENT);
		while (sqlite3_step(column) == SQLITE_ROW) {
			char row[64];

			snprintf(row, sizeof(row), "\n| `%s` | ",
				 (const char *)sqlite3_column_text(column, 0));
			if (strstr(about, row) == NULL)
				fail_msg("%s: no row%s", name, row);
			columns++;
		}
		assert_int_equal(rows_described(about), columns);
		free(about);
		seen++;
	}
	assert_int_equal(seen, 18);
	sqlite3_finalize(table);
	sqlite3_finalize(column);
	sqlite3_close(db);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_test),
		cmocka_unit_test(columns_test),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
