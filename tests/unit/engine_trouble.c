/*
 * engine_trouble: what the engine makes of a store or a kernel that refuses,
 * of files that vanish and of sets that are full.
 */
#include "enginekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine.h"
#include "saslban/ignorelist.h"
#include "saslban/store.h"

/* ---- a database that refuses ---- */

/* Another writer, who has it for himself. */
static struct store *lock(struct world *w)
{
	struct store *store;
	struct fault why;

	assert_int_equal(store_open(&store, w->path, STORE_WRITE, &why), 0);
	assert_int_equal(store_begin(store, &why), 0);
	return store;
}

static void unlock(struct store *store)
{
	store_rollback(store);
	store_close(store);
}

/* A round that must fail. */
static void refuse(struct world *w)
{
	struct fault why;
	size_t n = 0;

	assert_int_equal(engine_round(w->engine, NULL, &n, w->now, &why), -1);
	assert_int_equal(why.kind, FAULT_STORE);
}

/* The machine gets an address that is banned, while the store is locked. */
static void grown_test(void **state)
{
	struct world *w = *state;
	struct store *other;

	set(w, "ignoreip", "self");
	engine_close(w->engine);
	open_engine(w);
	fail_times(w, "198.51.100.1", 3);
	assert_int_equal(left(w, "198.51.100.1"), 48 * HOUR);
	assert_int_equal(system("ip addr add 198.51.100.1/32 dev lo"), 0);
	wait_s(w, IGNORELIST_SELF_AGAIN);
	other = lock(w);
	refuse(w);
	unlock(other);
	assert_true(left(w, "198.51.100.1") > 0);
	wait_s(w, 1);
	turn(w);
	assert_int_equal(left(w, "198.51.100.1"), 0);
	assert_non_null(strstr(w->said, "lifted the ban of 198.51.100.1: "
					"ignoreip self"));
}

static const struct CMUnitTest tests[] = {
	ENGINE_TEST("a longer ignoreip is remembered while the store refuses",
		    grown_test),
};

int main(void)
{
	int status;

	if (!machine_ready(&status))
		return status;
	return cmocka_run_group_tests_name("engine_trouble", tests, NULL, NULL);
}
