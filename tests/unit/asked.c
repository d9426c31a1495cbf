/*
 * asked: a set that is too large to be read is compared by asking for what the
 * store has, and what nobody has asked for is counted.
 */
#include "enginekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/entry.h"
#include "saslban/store.h"
#include "saslban/sync.h"

enum { BANS = 700 }; /* more than a medium set has */

static struct recorder_set *four(struct world *w)
{
	return &w->kernel.set[ENFORCER_V4];
}

/* So many are banned and compared, and nothing was said of them yet. */
static void begin(struct world *w, unsigned bans)
{
	recorder_can_be_asked(&w->kernel);
	for (unsigned i = 0; i < bans; i += 100)
		ban_many(w, i, bans - i < 100 ? bans - i : 100);
	wait_s(w, 305);
	finish(w);
	assert_int_equal(holds(w), bans);
	w->said[0] = '\0';
	four(w)->reads = four(w)->asks = four(w)->asked = 0;
}

/* n comparisons more. */
static void compare(struct world *w, int n)
{
	for (int i = 0; i < n; i++) {
		wait_s(w, 301);
		finish(w);
	}
}

static void strangers(struct world *w, unsigned n)
{
	char address[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(address, sizeof(address), "203.0.%u.%u", i / 250,
			 i % 250 + 1);
		recorder_put(&w->kernel, address, 30 * DAY);
	}
}

static struct entry entry_of(const struct world *w, const char *address)
{
	struct store *store;
	struct address a;
	struct entry e = {.held = -1};
	struct fault why;
	bool found;

	assert_int_equal(store_open(&store, w->path, STORE_READ, &why), 0);
	assert_int_equal(address_parse(address, strlen(address), &a), 0);
	assert_int_equal(entry_get(store, "saslban4", &a, &e, &found, &why), 0);
	assert_true(found);
	store_close(store);
	return e;
}

/* ---- what others do to it ---- */

static void lost_test(void **state)
{
	struct world *w = *state;
	char address[32];

	begin(w, BANS);
	strangers(w, 20); /* the number is right */
	for (unsigned i = 0; i < 20; i++)
		recorder_delete(&w->kernel, address_of(i * 30, address));
	compare(w, 1);
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(left(w, address_of(i * 30, address)),
				 48 * HOUR - 606);
	assert_int_equal(holds(w), BANS + 20);
	assert_int_equal(four(w)->reads, 0);
	assert_int_equal(four(w)->asked, BANS);
	assert_non_null(strstr(w->said, "20 entries had been removed from set "
					"'saslban4'; putting them back"));
}

struct time_row {
	const char *title;
	int64_t put;  /* seconds that somebody gives to the entry; 0: all */
	int64_t left; /* what it has after the comparison; 0: all */
};

static const struct time_row times[] = {
	{"one that was shortened gets its time", 100, 48 * HOUR - 606},
	{"one that was lengthened gets its time", 60 * HOUR, 48 * HOUR - 606},
	{"one that was added for good is left alone", 0, 0},
};

static void time_test(void **state)
{
	const struct time_row *row = *state;
	const struct recorder_entry *e;
	char address[32];
	struct world *w;

	setup((void **)&w);
	begin(w, 100);
	wait_s(w, 300);
	recorder_put(&w->kernel, address_of(50, address), row->put);
	wait_s(w, 1);
	finish(w);
	finish(w);
	e = recorder_find(&w->kernel, address);
	assert_non_null(e);
	if (row->left > 0)
		assert_int_equal(e->until - w->kernel.now, row->left);
	else
		assert_true(e->until == INT64_MAX);
	assert_int_equal(four(w)->reads, 0);
	assert_int_equal(holds(w), 100);
	teardown((void **)&w);
}

static void counted_test(void **state)
{
	struct world *w = *state;
	char address[32];

	begin(w, 100);
	recorder_find(&w->kernel, address_of(7, address))->packets = 12;
	recorder_find(&w->kernel, address)->bytes = 720;
	compare(w, 1);
	assert_int_equal(entry_of(w, address).counted.packets, 12);
	assert_int_equal(entry_of(w, address).counted.bytes, 720);
	assert_int_equal(entry_of(w, "198.18.0.20").counted.packets, 0);
}

/* ---- strangers ---- */

struct strange_row {
	const char *title;
	unsigned bans, strangers;
	const char *said; /* after two comparisons; NULL: nothing */
	unsigned reads;   /* of the set, in three */
};

static const struct strange_row strange_rows[] = {
	{"as many as there should be: it is not read", 100, 0, NULL, 0},
	{"a medium set with more than its bans is read", 100, 3,
	 "set 'saslban4' holds 3 entries of which no ban is known, as 203.0.0.",
	 3},
	{"a large one is not, and some more are in order", BANS, 900, NULL, 0},
	{"nor is it with many more, which is said", BANS, 1100,
	 "set 'saslban4' holds about 1100 entries more than bans are known; "
	 "left alone, 'saslbanctl sync' looks for them",
	 0},
};

static void strange_test(void **state)
{
	const struct strange_row *row = *state;
	const char *said;
	struct world *w;

	setup((void **)&w);
	begin(w, row->bans);
	strangers(w, row->strangers);
	compare(w, 1);
	assert_string_equal(w->said, "");
	compare(w, 1);
	said = row->said == NULL ? w->said : strstr(w->said, row->said);
	assert_non_null(said);
	if (row->said == NULL)
		assert_string_equal(said, "");
	w->said[0] = '\0';
	compare(w, 1);
	assert_string_equal(w->said, "");
	assert_int_equal(four(w)->reads, row->reads);
	assert_int_equal(holds(w), row->bans + row->strangers);
	teardown((void **)&w);
}

/* A kernel that does not count them says nothing of strangers. */
static void uncounted_test(void **state)
{
	struct world *w = *state;
	char address[32];

	four(w)->counted = 50;
	begin(w, 100);
	strangers(w, 5);
	recorder_delete(&w->kernel, address_of(1, address));
	compare(w, 2);
	assert_true(left(w, address) > 0);
	assert_int_equal(four(w)->reads, 0);
	assert_null(strstr(w->said, "no ban is known"));
}

/* Bans come and go while it is being compared: none is doubted. */
static void busy_test(void **state)
{
	struct world *w = *state;
	unsigned before;

	begin(w, BANS);
	wait_s(w, 301);
	for (unsigned i = 0; i < 30; i++) {
		ban_many(w, 1000 + 20 * i, 20);
		if (i == 5)
			lift(w, "198.18.0.1");
		if (i == 10)
			wait_s(w, 2);
	}
	before = added(w);
	finish(w);
	assert_int_equal(holds(w), BANS + 30 * 20 - 1);
	assert_int_equal(added(w), before);
	assert_int_equal(four(w)->reads, 0);
	assert_null(strstr(w->said, "removed from set"));
	assert_null(strstr(w->said, "no ban is known"));
	assert_null(strstr(w->said, "more than bans are known"));
}

static void refused_test(void **state)
{
	struct world *w = *state;
	char address[32];

	begin(w, BANS);
	recorder_delete(&w->kernel, address_of(600, address));
	four(w)->refuse = "no answer";
	wait_s(w, 301);
	turn(w);
	assert_int_equal(left(w, address), 0);
	four(w)->refuse = NULL;
	wait_s(w, 6);
	finish(w);
	assert_true(left(w, address) > 0);
}

/* ---- saslbanctl sync ---- */

struct sync_row {
	const char *title;
	unsigned bans, strangers;
	size_t foreign;
	unsigned reads;
};

static const struct sync_row syncs[] = {
	{"sync: a medium set is asked twice and read twice", 100, 3, 3, 2},
	{"sync: a large one with some more is not read", BANS, 900, 0, 0},
	{"sync: with many more it is read once", BANS, 1100, 1100, 1},
};

static void sync_test(void **state)
{
	const struct sync_row *row = *state;
	char address[32];
	struct fault why;
	struct store *s;
	struct sync *y;
	struct world *w;
	bool more = true;

	setup((void **)&w);
	begin(w, row->bans);
	strangers(w, row->strangers);
	recorder_delete(&w->kernel, address_of(33, address));
	assert_int_equal(store_open(&s, w->path, STORE_WRITE, &why), 0);
	assert_int_equal(
		sync_open(&y, s, &w->kernel.enforcer, ENFORCER_V4, &why), 0);
	while (more)
		assert_int_equal(sync_step(y, w->now.wall, &more, &why), 0);
	assert_int_equal(sync_result(y)->held, row->bans);
	assert_int_equal(sync_result(y)->missing, 1);
	assert_int_equal(sync_result(y)->added, 1);
	assert_int_equal(sync_result(y)->foreign, row->foreign);
	assert_int_equal(four(w)->reads, row->reads);
	assert_true(left(w, address) > 0);
	sync_close(y);
	store_close(s);
	teardown((void **)&w);
}

static const struct CMUnitTest singles[] = {
	ENGINE_TEST("what was removed is put back", lost_test),
	ENGINE_TEST("what it has dropped is noted", counted_test),
	ENGINE_TEST("a kernel that does not count", uncounted_test),
	ENGINE_TEST("bans come and go meanwhile", busy_test),
	ENGINE_TEST("refused in the middle", refused_test),
};

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	ROWS(tests, n, times, time_test);
	ROWS(tests, n, strange_rows, strange_test);
	ROWS(tests, n, syncs, sync_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("asked", tests, n, NULL, NULL);
}
