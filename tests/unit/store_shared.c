/* store: a set that several jails share, and jails that change their set. */
#include "storekit.h"

#include <string.h>

#include "saslban/duration.h"
#include "saslban/entry.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

/* ---- two bans of one address ---- */

struct shared {
	struct store *s;
	int64_t sasl, rbl;
};

/* sasl bans for 900 s, rbl for 90; the kernel holds it for the longer. */
static struct shared shared_open(void)
{
	struct shared x = {.s = kit_memory()};

	x.sasl = kit_jail(x.s, "sasl", "common");
	x.rbl = kit_jail(x.s, "rbl", "common");
	kit_ban(x.s, x.sasl, "192.0.2.1", NOW, NOW + 900);
	kit_held(x.s, "common4", "192.0.2.1", NOW + 900);
	kit_ban(x.s, x.rbl, "192.0.2.1", NOW, NOW + 90);
	/* A shorter ban never overwrites a longer one. */
	ENTRY(x.s, "common4", "192.0.2.1", "+900/+900");
	return x;
}

/* rbl first, and then the longer one. */
static void longer_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "common");
	int64_t rbl = kit_jail(s, "rbl", "common");

	(void)state;
	kit_ban(s, rbl, "192.0.2.1", NOW, NOW + 90);
	kit_held(s, "common4", "192.0.2.1", NOW + 90);
	kit_ban(s, sasl, "192.0.2.1", NOW, FOREVER);
	ENTRY(s, "common4", "192.0.2.1", "forever/+90");
	DUE(s, "common4", ENTRY_ABSENT, "");
	DUE(s, "common4", ENTRY_EXCESS, "");
	store_close(s);
}

static void lift_longer_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_lift(x.s, x.sasl, "192.0.2.1", NOW);
	/* Not taken out, but added again for the shorter time. */
	DUE(x.s, "common4", ENTRY_EXCESS, "192.0.2.1 +90/+900");
	kit_held(x.s, "common4", "192.0.2.1", NOW + 90);
	DUE(x.s, "common4", ENTRY_EXCESS, "");
	store_close(x.s);
}

static void lift_shorter_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_lift(x.s, x.rbl, "192.0.2.1", NOW);
	ENTRY(x.s, "common4", "192.0.2.1", "+900/+900");
	DUE(x.s, "common4", ENTRY_EXCESS, "");
	store_close(x.s);
}

static void lift_both_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	assert_int_equal(kit_lift(x.s, 0, "192.0.2.1", NOW), 2);
	DUE(x.s, "common4", ENTRY_EXCESS, "192.0.2.1 -/+900");
	DUE(x.s, "common4", ENTRY_ABSENT, "");
	store_close(x.s);
}

static void lift_one_by_one_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_lift(x.s, x.sasl, "192.0.2.1", NOW);
	kit_lift(x.s, x.rbl, "192.0.2.1", NOW);
	DUE(x.s, "common4", ENTRY_EXCESS, "192.0.2.1 -/+900");
	store_close(x.s);
}

/* What is left ends before the entry got its time: it is still held for that
 * of the one that was lifted. */
static void left_one_ends_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_lift(x.s, x.sasl, "192.0.2.1", NOW);
	WRITE(x.s,
	      offense_expire(x.s, x.rbl, NOW + 90, 9, NULL, NULL, &write_why));
	DUE(x.s, "common4", ENTRY_EXCESS, "192.0.2.1 -/+900");
	store_close(x.s);
}

/* An engine added it for the time of the longer one, which was lifted before
 * that was noted. */
static void lift_before_note_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "common");
	int64_t rbl = kit_jail(s, "rbl", "common");

	(void)state;
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 900);
	kit_ban(s, rbl, "192.0.2.1", NOW, NOW + 90);
	kit_lift(s, sasl, "192.0.2.1", NOW);
	DUE(s, "common4", ENTRY_EXCESS, "192.0.2.1 +90/+900");
	kit_held(s, "common4", "192.0.2.1", NOW + 900);
	DUE(s, "common4", ENTRY_EXCESS, "192.0.2.1 +90/+900");
	kit_held(s, "common4", "192.0.2.1", NOW + 90);
	ENTRY(s, "common4", "192.0.2.1", "+90/+90");
	store_close(s);
}

/* Lifted in one jail; before the entry was removed, the other one banned the
 * address anew. */
static void ban_before_removal_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "common");
	int64_t rbl = kit_jail(s, "rbl", "common");

	(void)state;
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 900);
	kit_held(s, "common4", "192.0.2.1", NOW + 900);
	kit_lift(s, sasl, "192.0.2.1", NOW);
	DUE(s, "common4", ENTRY_EXCESS, "192.0.2.1 -/+900");
	kit_ban(s, rbl, "192.0.2.1", NOW, NOW + 90);
	DUE(s, "common4", ENTRY_EXCESS, "192.0.2.1 +90/+900");
	kit_held(s, "common4", "192.0.2.1", NOW + 90);
	DUE(s, "common4", ENTRY_EXCESS, "");
	/* Somebody had looked before that, and removes it only now. */
	kit_held(s, "common4", "192.0.2.1", 0);
	DUE(s, "common4", ENTRY_ABSENT, "192.0.2.1 +90/-");
	DUE(s, "common4", ENTRY_EXCESS, "");
	store_close(s);
}

/* The longer one is superseded in its jail; the other one's is the longest
 * now. */
static void superseded_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	kit_ban(x.s, x.sasl, "192.0.2.1", NOW, NOW + 50);
	ENTRY(x.s, "common4", "192.0.2.1", "+90/+900");
	kit_ban(x.s, x.rbl, "192.0.2.1", NOW, NOW + 40);
	ENTRY(x.s, "common4", "192.0.2.1", "+50/+900");
	store_close(x.s);
}

static void expired_test(void **state)
{
	struct shared x = shared_open();

	(void)state;
	WRITE(x.s,
	      offense_expire(x.s, x.rbl, NOW + 90, 9, NULL, NULL, &write_why));
	ENTRY(x.s, "common4", "192.0.2.1", "+900/+900");
	WRITE(x.s, offense_expire(x.s, x.sasl, NOW + 900, 9, NULL, NULL,
				  &write_why));
	ENTRY(x.s, "common4", "192.0.2.1", "-/+900");
	kit_ban(x.s, x.rbl, "192.0.2.1", NOW + 901, NOW + 990);
	ENTRY(x.s, "common4", "192.0.2.1", "+990/-");
	store_close(x.s);
}

/* A jail that only observes wants nothing, and erases nothing. */
static void observed_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "common");
	int64_t watch = kit_jail(s, "watch", "common");

	(void)state;
	kit_observed(s, watch, "192.0.2.1", NOW, FOREVER);
	ENTRY(s, "common4", "192.0.2.1", "none");
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 90);
	ENTRY(s, "common4", "192.0.2.1", "+90/-");
	kit_held(s, "common4", "192.0.2.1", NOW + 90);
	kit_observed(s, watch, "192.0.2.1", NOW, NOW + 5);
	WRITE(s, offense_unobserve(s, watch, NOW, &write_why));
	assert_int_equal(kit_jail(s, "watch", "common"), watch);
	ENTRY(s, "common4", "192.0.2.1", "+90/+90");
	kit_lift(s, watch, "192.0.2.1", NOW);
	ENTRY(s, "common4", "192.0.2.1", "+90/+90");
	kit_lift(s, sasl, "192.0.2.1", NOW);
	DUE(s, "common4", ENTRY_EXCESS, "192.0.2.1 -/+90");
	store_close(s);
}

/* ---- jails that change their set ---- */

static void same_set_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	assert_int_equal(kit_jail(s, "sasl", "saslban"), sasl);
	ENTRY(s, "saslban4", "192.0.2.1", "+90/+90");
	store_close(s);
}

static void other_set_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	kit_ban(s, sasl, "192.0.2.2", NOW, NOW + 90);
	kit_lift(s, sasl, "192.0.2.2", NOW);
	kit_ban(s, sasl, "2001:db8::/64", NOW, FOREVER);
	kit_observed(s, sasl, "192.0.2.3", NOW, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.9", NOW + 90);
	assert_int_equal(kit_jail(s, "sasl", "another"), sasl);
	/* In the new one nothing is held. */
	ENTRY(s, "another4", "192.0.2.1", "+90/-");
	ENTRY(s, "another4", "192.0.2.2", "none");
	ENTRY(s, "another6", "2001:db8::/64", "forever/-");
	ENTRY(s, "another4", "192.0.2.3", "none");
	/* The old one is nobody's. */
	ENTRY(s, "saslban4", "192.0.2.1", "none");
	ENTRY(s, "saslban4", "192.0.2.2", "none");
	ENTRY(s, "saslban6", "2001:db8::/64", "none");
	ENTRY(s, "saslban4", "192.0.2.9", "none");
	/* And back. */
	assert_int_equal(kit_jail(s, "sasl", "saslban"), sasl);
	ENTRY(s, "saslban4", "192.0.2.1", "+90/-");
	ENTRY(s, "another4", "192.0.2.1", "none");
	store_close(s);
}

/* From a set that others have into one that others have. */
static void change_shared_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "one");
	int64_t rbl = kit_jail(s, "rbl", "one");
	int64_t web = kit_jail(s, "web", "two");

	(void)state;
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 900);
	kit_ban(s, rbl, "192.0.2.1", NOW, NOW + 90);
	kit_held(s, "one4", "192.0.2.1", NOW + 900);
	kit_ban(s, sasl, "192.0.2.2", NOW, NOW + 70);
	kit_ban(s, rbl, "192.0.2.3", NOW, NOW + 60);
	kit_held(s, "one4", "192.0.2.3", NOW + 60);
	kit_ban(s, web, "192.0.2.2", NOW, NOW + 50);
	kit_held(s, "two4", "192.0.2.2", NOW + 50);
	assert_int_equal(kit_jail(s, "sasl", "two"), sasl);
	/* What only sasl wanted is to be removed, as it may be there. */
	ENTRY(s, "one4", "192.0.2.1", "+90/+900");
	ENTRY(s, "one4", "192.0.2.2", "-/+70");
	ENTRY(s, "one4", "192.0.2.3", "+60/+60");
	ENTRY(s, "two4", "192.0.2.1", "+900/-");
	ENTRY(s, "two4", "192.0.2.2", "+70/+50");
	ENTRY(s, "two4", "192.0.2.3", "none");
	store_close(s);
}

static void new_jail_test(void **state)
{
	struct store *s = kit_memory();
	int64_t sasl = kit_jail(s, "sasl", "saslban");

	(void)state;
	kit_ban(s, sasl, "192.0.2.1", NOW, NOW + 90);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	/* A new one in the set takes nothing away. */
	kit_jail(s, "rbl", "saslban");
	ENTRY(s, "saslban4", "192.0.2.1", "+90/+90");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longer_test),
		cmocka_unit_test(lift_longer_test),
		cmocka_unit_test(lift_shorter_test),
		cmocka_unit_test(lift_both_test),
		cmocka_unit_test(lift_one_by_one_test),
		cmocka_unit_test(left_one_ends_test),
		cmocka_unit_test(lift_before_note_test),
		cmocka_unit_test(ban_before_removal_test),
		cmocka_unit_test(superseded_test),
		cmocka_unit_test(expired_test),
		cmocka_unit_test(observed_test),
		cmocka_unit_test(same_set_test),
		cmocka_unit_test(other_set_test),
		cmocka_unit_test(change_shared_test),
		cmocka_unit_test(new_jail_test),
	};

	return cmocka_run_group_tests_name("store_shared", tests, NULL, NULL);
}
