/* store: what the kernel lacks or has too much of, sets that are shared, and
 * clocks that go back. */
#include "storekit.h"

#include <string.h>

#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/offense.h"

#define DUE(s, jail, which, expected)                                      \
	do {                                                               \
		char due_text[KIT_TEXT];                                   \
		assert_string_equal(                                       \
			kit_due((s), (jail), (which), NOW, NOW, due_text), \
			(expected));                                       \
	} while (0)

/* ---- one ban: when is it due? ---- */

struct due_row {
	const char *title;
	int64_t until;
	int64_t enforced;
	int64_t lifted;
	bool observed;
	int64_t horizon;
	const char *ban;
	const char *lift;
};

static const struct due_row due_rows[] = {
	{"a new ban", NOW + 90, 0, 0, false, NOW, "192.0.2.1 +90", ""},
	{"a ban that is in the kernel", NOW + 90, NOW + 90, 0, false, NOW, "",
	 ""},
	{"a ban that ran out before it was put in", NOW, 0, 0, false, NOW, "",
	 ""},
	{"a ban that would have been", NOW + 90, 0, 0, true, NOW, "", ""},
	{"a ban for ever", FOREVER, 0, 0, false, NOW, "192.0.2.1 forever", ""},
	{"a long ban, armed in part", NOW + 900, NOW + 90, 0, false, NOW, "",
	 ""},
	{"a long ban that has to be re-armed", NOW + 900, NOW + 90, 0, false,
	 NOW + 91, "192.0.2.1 +900", ""},
	{"a long ban that has to be re-armed in a second", NOW + 900, NOW + 90,
	 0, false, NOW + 90, "", ""},
	{"a long ban that was re-armed too late", NOW + 900, NOW - 1, 0, false,
	 NOW, "192.0.2.1 +900", ""},
	{"a ban for ever, armed in part", FOREVER, NOW + 90, 0, false, NOW + 99,
	 "192.0.2.1 forever", ""},
	{"a short ban is not re-armed", NOW + 90, NOW + 90, 0, false, NOW + 99,
	 "", ""},
	{"a lifted ban that is in the kernel", NOW + 90, NOW + 90, NOW - 1,
	 false, NOW, "", "192.0.2.1 +90"},
	{"a lifted ban for ever", FOREVER, NOW + 90, NOW - 1, false, NOW + 99,
	 "", "192.0.2.1 forever"},
	{"a lifted ban that is not in the kernel", NOW + 90, 0, NOW - 1, false,
	 NOW, "", ""},
	{"a lifted ban that has left the kernel", NOW + 900, NOW, NOW - 1,
	 false, NOW, "", ""},
};

static void due_test(void **state)
{
	const struct due_row *r = *state;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct offense o = {.jail = jail,
			    .address = kit_address("192.0.2.1"),
			    .strike = 1,
			    .at = NOW - 10,
			    .until = r->until,
			    .enforced = r->enforced,
			    .lifted = r->lifted,
			    .observed = r->observed};
	char text[KIT_TEXT];

	WRITE(s, offense_add(s, &o, &write_why));
	/* Another jail with another set is nobody's business. */
	kit_ban(s, other, "192.0.2.1", NOW, FOREVER);
	assert_string_equal(
		kit_due(s, jail, STORE_DUE_BAN, NOW, r->horizon, text), r->ban);
	assert_string_equal(
		kit_due(s, jail, STORE_DUE_LIFT, NOW, r->horizon, text),
		r->lift);
	store_close(s);
}

static void order_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct due_query query = {jail, STORE_DUE_BAN, NOW, NOW + 99, NULL};
	char text[KIT_TEXT];
	struct offense one;
	size_t n = 99;

	(void)state;
	kit_enforced(s, kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900), NOW + 9);
	kit_enforced(s, kit_ban(s, jail, "192.0.2.2", NOW, NOW + 900), NOW + 8);
	kit_ban(s, jail, "192.0.2.3", NOW, NOW + 900);
	kit_ban(s, jail, "192.0.2.4", NOW, NOW + 90);
	assert_string_equal(
		kit_due(s, jail, STORE_DUE_BAN, NOW, NOW + 99, text),
		"192.0.2.3 +900, 192.0.2.4 +90, "
		"192.0.2.2 +900, 192.0.2.1 +900");
	assert_int_equal(store_due(s, &query, &one, 1, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(one.id, 3);
	/* Behind it, one by one. */
	query.after = &one;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(store_due(s, &query, &one, 1, &n, NULL), 0);
		assert_int_equal(n, 1);
		assert_int_equal(one.id, i == 0 ? 4 : 3 - i);
	}
	assert_int_equal(store_due(s, &query, &one, 1, &n, NULL), 0);
	assert_int_equal(n, 0);
	store_close(s);
}

static void rearm_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t when = 0, first;

	(void)state;
	assert_int_equal(store_next_rearm(s, jail, &when, NULL), 0);
	assert_true(when == FOREVER);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900);
	kit_enforced(s, kit_ban(s, jail, "192.0.2.2", NOW, NOW + 9), NOW + 9);
	assert_int_equal(store_next_rearm(s, jail, &when, NULL), 0);
	assert_true(when == FOREVER);
	kit_enforced(s, kit_ban(s, jail, "192.0.2.3", NOW, FOREVER), NOW + 80);
	first = kit_ban(s, jail, "192.0.2.4", NOW, NOW + 900);
	kit_enforced(s, first, NOW + 70);
	assert_int_equal(store_next_rearm(s, jail, &when, NULL), 0);
	assert_int_equal(when, NOW + 70);
	kit_lift(s, jail, "192.0.2.4", NOW);
	assert_int_equal(store_next_rearm(s, jail, &when, NULL), 0);
	assert_int_equal(when, NOW + 80);
	store_close(s);
}

/* The engine put it in while a person lifted it. */
static void raced_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t id = kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);

	(void)state;
	kit_lift(s, jail, "192.0.2.1", NOW);
	DUE(s, jail, STORE_DUE_LIFT, "");
	kit_enforced(s, id, NOW + 90);
	DUE(s, jail, STORE_DUE_BAN, "");
	DUE(s, jail, STORE_DUE_LIFT, "192.0.2.1 +90");
	kit_enforced(s, id, 0);
	DUE(s, jail, STORE_DUE_LIFT, "");
	DUE(s, jail, STORE_DUE_BAN, "");
	store_close(s);
}

static void superseded_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct offense observed = {.jail = jail,
				   .address = kit_address("192.0.2.1"),
				   .strike = 1,
				   .at = NOW,
				   .until = NOW + 50,
				   .observed = true};

	(void)state;
	kit_enforced(s, kit_ban(s, jail, "192.0.2.1", NOW - 9, NOW + 90),
		     NOW + 90);
	/* The new ban takes the entry over, also for a shorter time. */
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 50);
	DUE(s, jail, STORE_DUE_LIFT, "");
	DUE(s, jail, STORE_DUE_BAN, "192.0.2.1 +50");
	kit_enforced(s, 2, NOW + 50);
	/* One that only would have been does not: the entry goes. */
	WRITE(s, offense_add(s, &observed, &write_why));
	DUE(s, jail, STORE_DUE_BAN, "");
	DUE(s, jail, STORE_DUE_LIFT, "192.0.2.1 +50, 192.0.2.1 +90");
	store_close(s);
}

static void unenforce_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	int64_t over = kit_ban(s, jail, "192.0.2.3", NOW - 9, NOW);

	(void)state;
	kit_enforced(s, over, NOW);
	WRITE(s, offense_expire(s, jail, NOW, 1, NULL, NULL, &write_why));
	kit_enforced(s, kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90), NOW + 90);
	kit_enforced(s, kit_ban(s, jail, "192.0.2.2", NOW, NOW + 90), NOW + 90);
	kit_enforced(s, kit_ban(s, other, "192.0.2.1", NOW, NOW + 90),
		     NOW + 90);
	kit_lift(s, jail, "192.0.2.2", NOW);
	WRITE(s, store_unenforce(s, jail, &write_why));
	DUE(s, jail, STORE_DUE_BAN, "192.0.2.1 +90");
	DUE(s, jail, STORE_DUE_LIFT, "");
	DUE(s, other, STORE_DUE_BAN, "");
	assert_int_equal(kit_offense(s, over).enforced, NOW);
	store_close(s);
}

/* ---- a set that two jails share ---- */

struct shared {
	struct store *s;
	int64_t sasl, rbl;
	int64_t longer, shorter; /* of 192.0.2.1 */
};

/* sasl bans for 900 s, rbl for 90; the kernel has it for the longer. */
static struct shared shared_open(void)
{
	struct shared x = {.s = kit_memory()};

	x.sasl = kit_jail(x.s, "sasl", "common");
	x.rbl = kit_jail(x.s, "rbl", "common");
	x.longer = kit_ban(x.s, x.sasl, "192.0.2.1", NOW, NOW + 900);
	kit_enforced(x.s, x.longer, NOW + 900);
	x.shorter = kit_ban(x.s, x.rbl, "192.0.2.1", NOW, NOW + 90);
	/* A shorter ban never overwrites a longer one. */
	DUE(x.s, x.rbl, STORE_DUE_BAN, "192.0.2.1 +900");
	kit_enforced(x.s, x.shorter, NOW + 900);
	DUE(x.s, x.rbl, STORE_DUE_BAN, "");
	DUE(x.s, x.sasl, STORE_DUE_BAN, "");
	return x;
}

static void shared_lift_longer_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_lift(x.s, x.sasl, "192.0.2.1", NOW);
	/* Not taken out, but put in again for its own, shorter time. */
	DUE(x.s, x.sasl, STORE_DUE_LIFT, "");
	DUE(x.s, x.sasl, STORE_DUE_BAN, "");
	DUE(x.s, x.rbl, STORE_DUE_BAN, "192.0.2.1 +90");
	store_close(x.s);
}

static void shared_lift_shorter_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_lift(x.s, x.rbl, "192.0.2.1", NOW);
	DUE(x.s, x.rbl, STORE_DUE_LIFT, "");
	DUE(x.s, x.rbl, STORE_DUE_BAN, "");
	DUE(x.s, x.sasl, STORE_DUE_BAN, "192.0.2.1 +900");
	store_close(x.s);
}

static void shared_lift_both_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	assert_int_equal(kit_lift(x.s, 0, "192.0.2.1", NOW), 2);
	DUE(x.s, x.sasl, STORE_DUE_LIFT, "192.0.2.1 +900");
	DUE(x.s, x.rbl, STORE_DUE_LIFT, "192.0.2.1 +90");
	DUE(x.s, x.sasl, STORE_DUE_BAN, "");
	DUE(x.s, x.rbl, STORE_DUE_BAN, "");
	store_close(x.s);
}

/* The heir ends before it was put in: the entry is still the longer one's. */
static void shared_heir_ends_test(void **state)
{
	struct shared x = shared_open();
	char text[KIT_TEXT];

	(void)state;
	kit_lift(x.s, x.sasl, "192.0.2.1", NOW);
	WRITE(x.s,
	      offense_expire(x.s, x.rbl, NOW + 90, 9, NULL, NULL, &write_why));
	assert_string_equal(
		kit_due(x.s, x.sasl, STORE_DUE_LIFT, NOW + 90, NOW, text),
		"192.0.2.1 +810");
	store_close(x.s);
}

/* The heir was put in for the longer one's time, which was lifted before that
 * could be noted: it is put in again. */
static void shared_lift_before_mark_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_lift(x.s, x.sasl, "192.0.2.1", NOW);
	kit_enforced(x.s, x.shorter, NOW + 900);
	DUE(x.s, x.rbl, STORE_DUE_BAN, "192.0.2.1 +90");
	kit_enforced(x.s, x.shorter, NOW + 90);
	DUE(x.s, x.rbl, STORE_DUE_BAN, "");
	/* One that was lifted itself is noted as it is. */
	kit_lift(x.s, x.rbl, "192.0.2.1", NOW);
	kit_enforced(x.s, x.shorter, NOW + 900);
	assert_int_equal(kit_offense(x.s, x.shorter).enforced, NOW + 900);
	store_close(x.s);
}

/* Lifted in one jail; before its engine took the entry out, the other one
 * banned the address anew. */
static void shared_ban_before_lift_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "common");
	int64_t rbl = kit_jail(s, "rbl", "common");
	int64_t first = kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 900);

	(void)state;
	kit_enforced(s, first, NOW + 900);
	kit_lift(s, sasl, "192.0.2.1", NOW);
	DUE(s, sasl, STORE_DUE_LIFT, "192.0.2.1 +900");
	kit_enforced(s, kit_ban(s, rbl, "192.0.2.1", NOW, NOW + 90), NOW + 90);
	DUE(s, sasl, STORE_DUE_LIFT, "");
	/* Its engine was told to before, and did: the other is put back. */
	kit_enforced(s, first, 0);
	DUE(s, rbl, STORE_DUE_BAN, "192.0.2.1 +90");
	DUE(s, sasl, STORE_DUE_LIFT, "");
	store_close(s);
}

static void shared_observed_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "common");
	struct offense observed = {.jail = kit_jail(s, "watch", "common"),
				   .address = kit_address("192.0.2.1"),
				   .strike = 1,
				   .at = NOW,
				   .until = FOREVER,
				   .observed = true};

	(void)state;
	WRITE(s, offense_add(s, &observed, &write_why));
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 90);
	DUE(s, sasl, STORE_DUE_BAN, "192.0.2.1 +90");
	kit_enforced(s, 2, NOW + 90);
	kit_lift(s, sasl, "192.0.2.1", NOW);
	DUE(s, sasl, STORE_DUE_LIFT, "192.0.2.1 +90");
	store_close(s);
}

static void other_set_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_enforced(s, kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 90), NOW + 90);
	assert_int_equal(kit_jail(s, "sasl", "saslban"), sasl);
	DUE(s, sasl, STORE_DUE_BAN, "");
	assert_int_equal(kit_jail(s, "sasl", "another"), sasl);
	DUE(s, sasl, STORE_DUE_BAN, "192.0.2.1 +90");
	store_close(s);
}

/* ---- the clock ---- */

/* What was written with a clock that is 1000 s ahead of NOW. */
static void shift_test(void **state)
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
	struct offense o;
	struct history h;
	int64_t sum;

	(void)state;
	kit_enforced(s, id, then + 50);
	kit_enforced(s, ever, then + 77);
	kit_ban(s, jail, "192.0.2.2", then - 90, then - 30);
	WRITE(s, offense_expire(s, jail, then, 9, NULL, NULL, &write_why));
	kit_failure(s, jail, "192.0.2.2", NOW, 1);
	kit_failure(s, jail, "192.0.2.2", then - 10, 10);
	kit_failure(s, jail, "192.0.2.2", then + 40, 100);
	WRITE(s, store_shift(s, jail, NOW, -1000, &write_why));

	o = kit_offense(s, id);
	assert_int_equal(o.at, NOW - 90);
	assert_int_equal(o.until, NOW + 60);
	assert_int_equal(o.enforced, NOW + 50);
	o = kit_offense(s, ever);
	assert_int_equal(o.at, NOW - 5000);
	assert_true(o.until == FOREVER);
	assert_int_equal(o.enforced, NOW + 77);
	assert_int_equal(kit_offense(s, not_ours).until, then + 60);
	/* What ran out has run out, and is no lift. */
	assert_int_equal(offense_history(s, jail, &b, NOW, &h, NULL), 0);
	assert_false(h.banned);
	assert_int_equal(h.last_end, NOW - 30);
	DUE(s, jail, STORE_DUE_LIFT, "");
	assert_int_equal(offense_history(s, jail, &a, NOW, &h, NULL), 0);
	assert_true(h.banned);
	assert_int_equal(failure_sum(s, jail, &b, NOW - 10, &sum, NULL), 0);
	assert_int_equal(sum, 111);
	assert_int_equal(failure_sum(s, jail, &b, NOW - 9, &sum, NULL), 0);
	assert_int_equal(sum, 101);
	assert_int_equal(failure_sum(s, jail, &b, NOW + 1, &sum, NULL), 0);
	assert_int_equal(sum, 0);
	store_close(s);
}

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
	struct offense o;

	(void)state;
	kit_enforced(s, id, NOW + 60);
	kit_enforced(s, ever, NOW + 77);
	kit_enforced(s, cut, NOW + 60);
	kit_lift(s, jail, "192.0.2.6", NOW - 2);
	WRITE(s, store_shift(s, jail, then, 1000, &write_why));

	o = kit_offense(s, id);
	assert_int_equal(o.at, then - 90);
	assert_int_equal(o.until, then + 60);
	assert_int_equal(o.enforced, then + 60);
	o = kit_offense(s, ever);
	assert_true(o.until == FOREVER);
	assert_int_equal(o.enforced, then + 77);
	o = kit_offense(s, new);
	assert_int_equal(o.until, then + 5);
	assert_int_equal(o.enforced, 0);
	assert_int_equal(kit_offense(s, over).until, NOW - 1);
	/* The kernel still has it: it is still to be taken out. */
	o = kit_offense(s, cut);
	assert_int_equal(o.lifted, NOW - 2);
	assert_int_equal(o.enforced, then + 60);
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, due_rows, due_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(order_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(rearm_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(raced_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(superseded_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(unenforce_test);
	tests[n++] =
		(struct CMUnitTest)cmocka_unit_test(shared_lift_longer_test);
	tests[n++] =
		(struct CMUnitTest)cmocka_unit_test(shared_lift_shorter_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(shared_lift_both_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(shared_heir_ends_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(
		shared_lift_before_mark_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(
		shared_ban_before_lift_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(shared_observed_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(other_set_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(shift_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(forward_test);
	return _cmocka_run_group_tests("store_due", tests, n, NULL, NULL);
}
