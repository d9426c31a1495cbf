/* allow: the store's allow list. */
#include "storekit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "saslban/allow.h"

static int print(void *context, const struct allow *a)
{
	char *text = context, address[ADDRESS_TEXT], until[32] = "forever";
	size_t end = strlen(text);

	if (a->until != FOREVER)
		snprintf(until, sizeof(until), "%+lld",
			 (long long)(a->until - NOW));
	snprintf(text + end, KIT_TEXT - end, "%s|%s|%s|%+lld|%s\n",
		 address_print(&a->address, address), a->comment, a->by,
		 (long long)(a->at - NOW), until);
	return strcmp(address, "192.0.2.9") == 0 ? 7 : 0;
}

static void assert_list(struct store *s, int64_t now, int answer,
			const char *expected)
{
	char text[KIT_TEXT] = "";

	assert_int_equal(allow_each(s, now, print, text, NULL), answer);
	assert_string_equal(text, expected);
}

static void put(struct store *s, const char *address, const char *comment,
		int64_t at, int64_t until)
{
	struct allow a = {.address = kit_address(address),
			  .by = "alice",
			  .at = at,
			  .until = until};

	snprintf(a.comment, sizeof(a.comment), "%s", comment);
	WRITE(s, allow_put(s, &a, &write_why));
}

static size_t delete_one(struct store *s, const char *address)
{
	struct address a = kit_address(address);
	size_t n = 99;

	WRITE(s, allow_delete(s, &a, &n, &write_why));
	return n;
}

static size_t prune(struct store *s, int64_t now, size_t limit)
{
	size_t n = 99;

	WRITE(s, allow_prune(s, now, limit, &n, &write_why));
	return n;
}

static void put_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	assert_list(s, NOW, 0, "");
	put(s, "192.0.2.1", "office", NOW, FOREVER);
	put(s, "2001:db8::/64", "", NOW + 5, NOW + 90);
	assert_list(s, NOW, 0,
		    "2001:db8::/64||alice|+5|+90\n"
		    "192.0.2.1|office|alice|+0|forever\n");
	/* An entry takes the place of the one before. */
	put(s, "192.0.2.1", "home", NOW + 9, NOW + 60);
	assert_list(s, NOW, 0,
		    "192.0.2.1|home|alice|+9|+60\n"
		    "2001:db8::/64||alice|+5|+90\n");
	store_close(s);
}

static void delete_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	put(s, "192.0.2.0/24", "", NOW, FOREVER);
	put(s, "192.0.2.1", "", NOW, FOREVER);
	assert_int_equal(delete_one(s, "192.0.2.2"), 0);
	assert_int_equal(delete_one(s, "192.0.2.1"), 1);
	assert_int_equal(delete_one(s, "192.0.2.1"), 0);
	assert_list(s, NOW, 0, "192.0.2.0/24||alice|+0|forever\n");
	store_close(s);
}

/* To the second, and forgotten later. */
static void end_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	put(s, "192.0.2.1", "", NOW, NOW + 60);
	put(s, "192.0.2.2", "", NOW, NOW + 61);
	put(s, "192.0.2.3", "", NOW, FOREVER);
	assert_list(s, NOW + 59, 0,
		    "192.0.2.1||alice|+0|+60\n"
		    "192.0.2.2||alice|+0|+61\n"
		    "192.0.2.3||alice|+0|forever\n");
	assert_list(s, NOW + 60, 0,
		    "192.0.2.2||alice|+0|+61\n"
		    "192.0.2.3||alice|+0|forever\n");
	assert_int_equal(prune(s, NOW + 59, 9), 0);
	assert_int_equal(prune(s, NOW + 61, 1), 1);
	assert_int_equal(prune(s, NOW + 61, 9), 1);
	assert_int_equal(prune(s, FOREVER - 1, 9), 0);
	assert_list(s, NOW, 0, "192.0.2.3||alice|+0|forever\n");
	store_close(s);
}

static void stop_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	put(s, "192.0.2.9", "", NOW + 1, FOREVER);
	put(s, "192.0.2.1", "", NOW, FOREVER);
	assert_list(s, NOW, 7, "192.0.2.9||alice|+1|forever\n");
	store_close(s);
}

/* What a person writes there by hand. */
static void hand_test(void **state)
{
	char dir[KIT_DIR], path[KIT_DIR + 16];
	char text[KIT_TEXT] = "";
	struct store *s;
	sqlite3 *db;

	(void)state;
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	store_close(kit_open(path, STORE_CREATE));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db,
			     "INSERT INTO allow (address) VALUES"
			     " ('192.0.2.1'), ('localhost'), ('');"
			     "INSERT INTO allow (address, at, until) VALUES"
			     " ('192.0.2.2', -5, 9223372036854775806),"
			     " ('192.0.2.3', -5, -5)",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	s = kit_open(path, STORE_READ);
	assert_int_equal(allow_each(s, NOW, print, text, NULL), 0);
	assert_non_null(strstr(text, "192.0.2.1|||"));
	assert_non_null(strstr(text, "192.0.2.2|||-1700000000|forever\n"));
	assert_null(strstr(text, "192.0.2.3"));
	store_close(s);
	kit_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_test),  cmocka_unit_test(delete_test),
		cmocka_unit_test(end_test),  cmocka_unit_test(stop_test),
		cmocka_unit_test(hand_test),
	};

	return cmocka_run_group_tests_name("allow", tests, NULL, NULL);
}
