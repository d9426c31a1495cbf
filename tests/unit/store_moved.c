/* store: a database that is removed or replaced while it is open. */
#include "placekit.h"

#include <stdio.h>
#include <unistd.h>

/* Another database, whole and closed, with a ban of another address. */
static void make_other(struct place *p)
{
	struct store *s = kit_open(p->other, STORE_CREATE);

	kit_ban(s, kit_jail(s, "sasl", "saslban"), "203.0.113.1", NOW,
		NOW + 100);
	store_close(s);
	assert_false(place_has(p->other, "-wal"));
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
	assert_false(place_has(p->path, "-wal"));
	assert_false(place_has(p->path, "-shm"));
	p->store = kit_open(p->path, STORE_CREATE);
	assert_false(store_moved(p->store));
	place_bans(p->path, STORE_WRITE, "");
}

static void replaced_test(void **state)
{
	struct place *p = *state;

	make_other(p);
	assert_int_equal(rename(p->other, p->path), 0);
	assert_true(store_moved(p->store));
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	place_bans(p->path, STORE_WRITE, "203.0.113.1");
}

/* As a backup: it has everything that was committed. */
static void moved_test(void **state)
{
	struct place *p = *state;

	assert_int_equal(rename(p->path, p->other), 0);
	assert_true(store_moved(p->store));
	store_close(p->store);
	p->store = kit_open(p->path, STORE_CREATE);
	place_bans(p->other, STORE_WRITE, "198.51.100.1");
	place_bans(p->path, STORE_WRITE, "");
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
	assert_true(place_has(p->path, "-wal"));
	kit_ban(p->store, p->jail, "203.0.113.1", NOW, NOW + 100);
	place_bans(p->path, STORE_WRITE, "203.0.113.1");
}

static void reader_test(void **state)
{
	struct place *p = *state;
	struct store *reader = kit_open(p->path, STORE_READ);

	assert_int_equal(rename(p->path, p->other), 0);
	assert_true(store_moved(reader));
	store_close(reader);
	assert_true(place_has(p->path, "-wal"));
}

static const struct CMUnitTest tests[] = {
	PLACE_TEST("a database that stays where it is", untouched_test),
	PLACE_TEST("removed: a fresh one has nothing of it", removed_test),
	PLACE_TEST("replaced: the other one is left as it is", replaced_test),
	PLACE_TEST("moved away: it is whole", moved_test),
	PLACE_TEST("a second connection does the new one no harm", second_test),
	PLACE_TEST("a reader removes nothing", reader_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("store_moved", tests, NULL, NULL);
}
