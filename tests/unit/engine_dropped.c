/* engine: packets that were dropped are counted for the ban, whatever becomes
 * of the kernel's counters. */
#include "enginekit.h"

#include <stdio.h>
#include <string.h>

#include "engine/counts.h"
#include "saslban/offense.h"
#include "saslban/store.h"

enum { COMPARED = 301 }; /* seconds until the sets have been compared */

/* The kernel has dropped so many more packets of 60 bytes. */
static void drop(struct world *w, const char *address, unsigned packets)
{
	struct recorder_entry *e = recorder_find(&w->kernel, address);

	assert_non_null(e);
	e->packets += packets;
	e->bytes += 60ull * packets;
}

/* Time goes on, second by second. */
static void live(struct world *w, int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i++) {
		wait_s(w, 1);
		turn(w);
	}
}

static void restart(struct world *w)
{
	engine_close(w->engine);
	open_engine(w);
	turn(w);
}

static int copy(void *context, const struct offense *o)
{
	struct offense *out = context;

	*out = *o;
	return 1;
}

/* Packets of the latest ban of the address. */
static int64_t dropped(const struct world *w, const char *address)
{
	struct offense o = {.dropped = {-1, -1}};
	struct offense_query q = {.limit = 1};
	struct address a;
	struct store *s;
	struct fault why;

	assert_int_equal(address_parse(address, strlen(address), &a), 0);
	q.at = &a;
	assert_int_equal(store_open(&s, w->path, STORE_READ, &why), 0);
	assert_true(offense_each(s, &q, copy, &o, &why) >= 0);
	store_close(s);
	assert_int_equal(o.dropped.bytes, 60 * o.dropped.packets);
	return o.dropped.packets;
}

static void compared_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "2001:db8:1::1", 3);
	drop(w, "198.51.100.1", 7);
	drop(w, "2001:db8:1::/64", 5);
	live(w, COMPARED);
	assert_int_equal(dropped(w, "198.51.100.1"), 7);
	assert_int_equal(dropped(w, "2001:db8:1::/64"), 5);
	drop(w, "198.51.100.1", 3);
	live(w, COMPARED);
	assert_int_equal(dropped(w, "198.51.100.1"), 10);
	assert_int_equal(dropped(w, "2001:db8:1::/64"), 5);
}

static void restart_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	drop(w, "198.51.100.1", 7);
	restart(w);
	assert_int_equal(dropped(w, "198.51.100.1"), 7);
	restart(w);
	assert_int_equal(dropped(w, "198.51.100.1"), 7);
}

static void flushed_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	drop(w, "198.51.100.1", 7);
	live(w, COMPARED);
	recorder_flush(&w->kernel, ENFORCER_V4);
	live(w, 61);
	/* More than before, which is not to be taken for going on. */
	drop(w, "198.51.100.1", 9);
	live(w, COMPARED);
	assert_int_equal(dropped(w, "198.51.100.1"), 16);
}

/* One entry was removed and is put back by the comparison itself. */
static void removed_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	fail_times(w, "198.51.100.2", 3);
	drop(w, "198.51.100.1", 7);
	live(w, COMPARED);
	recorder_delete(&w->kernel, "198.51.100.1");
	live(w, COMPARED);
	drop(w, "198.51.100.1", 9);
	live(w, COMPARED);
	assert_int_equal(dropped(w, "198.51.100.1"), 16);
}

/* Longer than the kernel can: it is renewed, and goes on counting. */
static void renewed_test(void **state)
{
	struct world *w = *state;

	turn(w);
	record_ban(w, 1, "203.0.113.1", 3, 32 * DAY);
	live(w, 2);
	drop(w, "203.0.113.1", 7);
	live(w, COMPARED);
	wait_s(w, 14 * DAY);
	turn(w);
	assert_int_equal(left(w, "203.0.113.1"), 18 * DAY - 303);
	drop(w, "203.0.113.1", 1);
	live(w, COMPARED);
	assert_int_equal(dropped(w, "203.0.113.1"), 8);
}

static void clock_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	drop(w, "198.51.100.1", 7);
	live(w, COMPARED);
	w->now.wall += 30 * DAY;
	live(w, COMPARED);
	assert_int_equal(dropped(w, "198.51.100.1"), 7);
	drop(w, "198.51.100.1", 1);
	w->now.wall -= 60 * DAY;
	live(w, COMPARED);
	assert_int_equal(dropped(w, "198.51.100.1"), 8);
}

static void expired_test(void **state)
{
	struct world *w = *state;

	fail_times(w, "198.51.100.1", 3);
	drop(w, "198.51.100.1", 7);
	live(w, COMPARED);
	wait_s(w, 48 * HOUR);
	turn(w);
	assert_non_null(strstr(w->said, "the ban of 198.51.100.1 ended after "
					"48h (strike 1); dropped 7 packets "
					"(420 B)\n"));
	assert_int_equal(dropped(w, "198.51.100.1"), 7);
	/* The next ban begins at zero. */
	fail_times(w, "198.51.100.1", 3);
	restart(w);
	assert_int_equal(dropped(w, "198.51.100.1"), 0);
	drop(w, "198.51.100.1", 2);
	restart(w);
	assert_int_equal(dropped(w, "198.51.100.1"), 2);
}

/* What stands still, or was read before the last look of somebody else, is not
 * even collected, and so nothing is written. */
static void still_test(void **state)
{
	const struct entry e = {.counted = {7, 420}};
	const struct dropped same = {7, 420}, more = {8, 420}, less = {6, 360};
	struct counts c = {NULL, 0, 0};

	(void)state;
	assert_int_equal(counts_look(&c, &e, &same), 0);
	assert_int_equal(c.n, 0);
	assert_int_equal(counts_look(&c, &e, &more), 0);
	assert_int_equal(counts_look(&c, &e, &less), 0);
	assert_int_equal(c.n, 1);
	counts_end(&c);
}

static const struct CMUnitTest tests[] = {
	ENGINE_TEST("each comparison adds what is new", compared_test),
	ENGINE_TEST("a restart adds what came meanwhile, once", restart_test),
	ENGINE_TEST("a set that was flushed begins at zero", flushed_test),
	ENGINE_TEST("so does an entry that was removed", removed_test),
	ENGINE_TEST("one that is renewed goes on", renewed_test),
	ENGINE_TEST("a clock that is set counts nothing twice", clock_test),
	ENGINE_TEST("what was counted outlives the ban", expired_test),
	ENGINE_TEST("counters that stand still cost no writing", still_test),
};

int main(void)
{
	return cmocka_run_group_tests_name("engine_dropped", tests, NULL, NULL);
}
