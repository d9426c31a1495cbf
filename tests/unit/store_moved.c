/* store: a database that is removed or replaced while it is open. */
#include "storekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/offense.h"

#define PATH (KIT_DIR + 32)

/* A directory with an open database of one jail and one ban. */
struct place {
	char dir[KIT_DIR];
	char path[PATH];
	char other[PATH]; /* for what is put in its place */
	struct store *store;
	int64_t jail;
};

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	kit_dir(p->dir);
	snprintf(p->path, sizeof(p->path), "%s/a.db", p->dir);
	snprintf(p->other, sizeof(p->other), "%s/b.db", p->dir);
	p->store = kit_open(p->path, STORE_CREATE);
	p->jail = kit_jail(p->store, "sasl", "saslban");
	kit_ban(p->store, p->jail, "198.51.100.1", NOW, NOW + 100);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	store_close(p->store);
	kit_remove(p->dir);
	free(p);
	return 0;
}

static void suffixed(const char *path, const char *suffix, char out[PATH + 8])
{
	snprintf(out, PATH + 8, "%s%s", path, suffix);
}

static bool is_there(const char *path, const char *suffix)
{
	char name[PATH + 8];

	suffixed(path, suffix, name);
	return access(name, F_OK) == 0;
}

/* The addresses of all bans in the file at path, opened by itself. */
static void assert_bans(const char *path, const char *expected)
{
	struct offense_query all = {.jail = 0};
	struct kit_seen seen = {"", 0, 0};
	struct store *s = kit_open(path, STORE_WRITE);

	assert_int_equal(offense_each(s, &all, kit_see_offense, &seen, NULL),
			 0);
	assert_string_equal(seen.text, expected);
	store_close(s);
}

/* Another database, whole and closed, with a ban of another address. */
static void make_other(struct place *p)
{
	struct store *s = kit_open(p->other, STORE_CREATE);

	kit_ban(s, kit_jail(s, "sasl", "saslban"), "203.0.113.1", NOW,
		NOW + 100);
	store_close(s);
	assert_false(is_there(p->other, "-wal"));
}

static void untouched_test(void **state)
{
	struct place *p = *state;
	struct store *memory = kit_memory();

	assert_false(store_moved(p->store));
	assert_false(store_moved(memory));
	store_close(memory);
}

static void removed_test(void **state)
{
	struct place *p = *state;

	assert_int_equal(unlink(p->path), 0);
	assert_true(store_moved(p->store));
	/* Nothing of it is left to be taken for a part of a new one. */
	store_close(p->store);
	assert_false(is_there(p->path, "-wal"));
	assert_false(is_there(p->path, "-shm"));
	p->store = kit_open(p->path, STORE_CREATE);
	assert_false(store_moved(p->store));
	assert_bans(p->path, "");
}

static void replaced_test(void **state)
{
	struct place *p = *state;

	make_other(p);
	assert_int_equal(rename(p->other, p->path), 0);
	assert_true(store_moved(p->store));
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	assert_bans(p->path, "203.0.113.1");
}

/* As a backup: it has everything that was committed. */
static void moved_test(void **state)
{
	struct place *p = *state;

	assert_int_equal(rename(p->path, p->other), 0);
	assert_true(store_moved(p->store));
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	assert_bans(p->other, "198.51.100.1");
	assert_bans(p->path, "");
}

/* Two jails of one process; the second one comes later, when the first one
 * already works with the new file. */
static void second_test(void **state)
{
	struct place *p = *state;
	struct store *second = kit_open(p->path, STORE_WRITE);

	assert_int_equal(unlink(p->path), 0);
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	p->jail = kit_jail(p->store, "sasl", "saslban");
	assert_true(store_moved(second));
	store_close(second);
	assert_true(is_there(p->path, "-wal"));
	kit_ban(p->store, p->jail, "203.0.113.1", NOW, NOW + 100);
	assert_bans(p->path, "203.0.113.1");
}

static void reader_test(void **state)
{
	struct place *p = *state;
	struct store *reader = kit_open(p->path, STORE_READ);

	assert_int_equal(rename(p->path, p->other), 0);
	assert_true(store_moved(reader));
	store_close(reader);
	assert_true(is_there(p->path, "-wal"));
}

#define MOVED_TEST(title, function)                    \
	{                                              \
		title, function, setup, teardown, NULL \
	}

static const struct CMUnitTest tests[] = {
	MOVED_TEST("a database that stays where it is", untouched_test),
	MOVED_TEST("removed: a fresh one has nothing of it", removed_test),
	MOVED_TEST("replaced: the other one is left as it is", replaced_test),
	MOVED_TEST("moved away: it is whole", moved_test),
	MOVED_TEST("a second connection does the new one no harm", second_test),
	MOVED_TEST("a reader removes nothing", reader_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("store_moved", tests, NULL, NULL);
}
