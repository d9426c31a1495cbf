/* store: the clock is set. */
#include "storekit.h"

#include <string.h>

#include "saslban/entry.h"
#include "saslban/failure.h"
#include "saslban/offense.h"

static void assert_offense(struct store *s, int64_t id, int64_t at,
			   int64_t until)
{
	struct offense o = kit_offense(s, id);

	assert_int_equal(o.at, at);
	assert_true(o.until == until);
}

/* ---- back ---- */

/* What was written with a clock that is 1000 s ahead of NOW. */
static void back_test(void **state)
{
	const int64_t then = NOW + 1000;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct address a = kit_address("192.0.2.1");
	struct address b = kit_address("192.0.2.2");
	int64_t id = kit_ban(s, jail, "192.0.2.1", then - 90, then + 60);
	int64_t ever = kit_ban(s, jail, "192.0.2.3", then - 5000, FOREVER);
	int64_t not_ours = kit_ban(s, other, "192.0.2.1", then, then + 60);
	struct history h;
	int64_t sum;

	(void)state;
	kit_ban(s, jail, "192.0.2.2", then - 90, then - 30);
	WRITE(s, offense_expire(s, jail, then, 9, NULL, NULL, &write_why));
	kit_failure(s, jail, "192.0.2.2", NOW, 1);
	kit_failure(s, jail, "192.0.2.2", then - 10, 10);
	kit_failure(s, jail, "192.0.2.2", then + 40, 100);
	WRITE(s, store_shift(s, jail, NOW, -1000, &write_why));

	assert_offense(s, id, NOW - 90, NOW + 60);
	assert_offense(s, ever, NOW - 5000, FOREVER);
	assert_offense(s, not_ours, then, then + 60);
	/* What ran out has run out. */
	assert_int_equal(offense_history(s, jail, &b, false, NOW, &h, NULL), 0);
	assert_false(h.banned);
	assert_int_equal(h.last_end, NOW - 30);
	assert_int_equal(offense_history(s, jail, &a, false, NOW, &h, NULL), 0);
	assert_true(h.banned);
	assert_int_equal(failure_sum(s, jail, &b, NOW - 10, &sum, NULL), 0);
	assert_int_equal(sum, 111);
	assert_int_equal(failure_sum(s, jail, &b, NOW - 9, &sum, NULL), 0);
	assert_int_equal(sum, 101);
	assert_int_equal(failure_sum(s, jail, &b, NOW + 1, &sum, NULL), 0);
	assert_int_equal(sum, 0);
	store_close(s);
}

/* Less is wanted by the new clock, and nothing is to be removed for that: what
 * the kernel holds is asked for anew. */
static void back_entries_test(void **state)
{
	const int64_t then = NOW + 1000;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct address a = kit_address("192.0.2.1");
	struct entry e;
	bool found;

	(void)state;
	kit_ban(s, jail, "192.0.2.1", then - 90, then + 60);
	kit_held(s, "saslban4", "192.0.2.1", then + 50);
	kit_ban(s, jail, "192.0.2.3", then - 5000, FOREVER);
	kit_held(s, "saslban4", "192.0.2.3", then + 77);
	kit_ban(s, jail, "192.0.2.4", then - 90, then + 60);
	kit_ban(s, jail, "192.0.2.5", then - 90, then + 60);
	kit_lift(s, jail, "192.0.2.5", then - 5);
	kit_observed(s, jail, "192.0.2.6", then - 90, then + 60);
	WRITE(s, store_shift(s, jail, NOW, -1000, &write_why));
	ENTRY(s, "saslban4", "192.0.2.1", "+60/+1050");
	ENTRY(s, "saslban4", "192.0.2.3", "forever/+1077");
	ENTRY(s, "saslban4", "192.0.2.4", "+60/-");
	ENTRY(s, "saslban4", "192.0.2.5", "-/+1060");
	ENTRY(s, "saslban4", "192.0.2.6", "none");
	/* A time in the future would put it before all others for long. */
	assert_int_equal(entry_get(s, "saslban4", &a, &e, &found, NULL), 0);
	assert_int_equal(e.since, NOW - 90);
	store_close(s);
}

/* ---- forward ---- */

/* By 1000 seconds, from NOW. */
static void forward_test(void **state)
{
	const int64_t then = NOW + 1000;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t id = kit_ban(s, jail, "192.0.2.1", NOW - 90, NOW + 60);
	int64_t ever = kit_ban(s, jail, "192.0.2.3", NOW - 5000, FOREVER);
	int64_t new = kit_ban(s, jail, "192.0.2.4", NOW, NOW + 5);
	int64_t over = kit_ban(s, jail, "192.0.2.5", NOW - 90, NOW - 1);
	int64_t cut = kit_ban(s, jail, "192.0.2.6", NOW - 90, NOW + 60);

	(void)state;
	kit_held(s, "saslban4", "192.0.2.1", NOW + 60);
	kit_lift(s, jail, "192.0.2.6", NOW - 2);
	WRITE(s, store_shift(s, jail, then, 1000, &write_why));

	assert_offense(s, id, then - 90, then + 60);
	assert_offense(s, ever, then - 5000, FOREVER);
	assert_offense(s, new, then, then + 5);
	assert_offense(s, over, NOW - 90, NOW - 1);
	assert_offense(s, cut, NOW - 90, NOW + 60);
	assert_int_equal(kit_offense(s, cut).lifted, NOW - 2);
	ENTRY(s, "saslban4", "192.0.2.1", "+1060/+60");
	ENTRY(s, "saslban4", "192.0.2.3", "forever/-");
	ENTRY(s, "saslban4", "192.0.2.4", "+1005/-");
	ENTRY(s, "saslban4", "192.0.2.5", "-1/-");
	ENTRY(s, "saslban4", "192.0.2.6", "-/+60");
	store_close(s);
}

/* ---- two jails of one set ---- */

/* Each shifts its own bans, one after the other. */
static void shared_test(void **state)
{
	const int64_t then = NOW + 1000;
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "common");
	int64_t rbl = kit_jail(s, "rbl", "common");

	(void)state;
	kit_ban(s, sasl, "192.0.2.1", then, then + 900);
	kit_ban(s, rbl, "192.0.2.1", then, then + 90);
	kit_ban(s, rbl, "192.0.2.2", then, then + 70);
	kit_held(s, "common4", "192.0.2.1", then + 900);
	kit_held(s, "common4", "192.0.2.2", then + 70);
	WRITE(s, store_shift(s, sasl, NOW, -1000, &write_why));
	ENTRY(s, "common4", "192.0.2.1", "+1090/+1900");
	ENTRY(s, "common4", "192.0.2.2", "+1070/+1070");
	WRITE(s, store_shift(s, rbl, NOW, -1000, &write_why));
	ENTRY(s, "common4", "192.0.2.1", "+900/+1900");
	ENTRY(s, "common4", "192.0.2.2", "+70/+1070");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(back_test),
		cmocka_unit_test(back_entries_test),
		cmocka_unit_test(forward_test),
		cmocka_unit_test(shared_test),
	};

	return cmocka_run_group_tests_name("store_shift", tests, NULL, NULL);
}
