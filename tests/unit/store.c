/* store: what is written comes back, and history is what it should be. */
#include "storekit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/offense.h"

/* ---- history: what a row of offenses makes of an address ---- */

struct past {
	int64_t at, until, ended, lifted;
	unsigned strike; /* 0 = 1 */
	bool observed;
};

struct history_row {
	const char *title;
	struct past past[3];
	struct history expected;
};

static const struct history_row history_rows[] = {
	{"nothing is known of a stranger", {{0}}, {0, 0, false, false, 0}},
	{"a ban that runs",
	 {{.at = NOW - 10, .until = NOW + 90}},
	 {0, 1, true, false, NOW + 90}},
	{"a ban that never ends",
	 {{.at = NOW - 10, .until = FOREVER}},
	 {0, 1, true, true, FOREVER}},
	{"a ban that ran out and was marked",
	 {{.at = NOW - 100, .until = NOW - 50, .ended = NOW - 50}},
	 {0, 1, false, false, NOW - 50}},
	{"a ban that ran out and was not marked yet",
	 {{.at = NOW - 100, .until = NOW - 50}},
	 {0, 1, false, false, NOW - 50}},
	{"a ban runs up to its last second and not in it",
	 {{.at = NOW - 100, .until = NOW}},
	 {0, 1, false, false, NOW}},
	{"a lifted ban is no strike, and the past up to its lift is paid for",
	 {{.at = NOW - 100, .until = NOW + 900, .lifted = NOW - 20}},
	 {0, 0, false, false, NOW - 20}},
	{"a lifted ban for ever has ended",
	 {{.at = NOW - 100, .until = FOREVER, .lifted = NOW - 20}},
	 {0, 0, false, false, NOW - 20}},
	{"a ban that would have been is a strike all the same",
	 {{.at = NOW - 10, .until = NOW + 90, .observed = true}},
	 {0, 1, true, false, NOW + 90}},
	{"strikes add up, lifted ones left out",
	 {{.at = NOW - 900, .until = NOW - 800, .ended = NOW - 800},
	  {.at = NOW - 700,
	   .until = NOW + 800,
	   .lifted = NOW - 600,
	   .strike = 2},
	  {.at = NOW - 500,
	   .until = NOW - 400,
	   .ended = NOW - 400,
	   .strike = 2}},
	 {0, 2, false, false, NOW - 400}},
	{"strikes that had faded do not come back",
	 {{.at = NOW - 9000000,
	   .until = NOW - 8000000,
	   .ended = NOW - 8000000,
	   .strike = 7},
	  {.at = NOW - 700, .until = NOW - 600, .ended = NOW - 600}},
	 {0, 1, false, false, NOW - 600}},
	{"nor with a pardon",
	 {{.at = NOW - 9000000,
	   .until = NOW - 8000000,
	   .ended = NOW - 8000000,
	   .strike = 7},
	  {.at = NOW - 700, .until = NOW + 800, .lifted = NOW - 600}},
	 {0, 0, false, false, NOW - 600}},
	{"the latest one counts, in whatever order they were written",
	 {{.at = NOW - 500,
	   .until = NOW - 400,
	   .ended = NOW - 400,
	   .strike = 2},
	  {.at = NOW - 900, .until = NOW - 800, .ended = NOW - 800}},
	 {0, 2, false, false, NOW - 400}},
	{"a lift later than the last end is the last end",
	 {{.at = NOW - 900, .until = NOW - 800, .ended = NOW - 800},
	  {.at = NOW - 700,
	   .until = NOW + 800,
	   .lifted = NOW - 600,
	   .strike = 2}},
	 {0, 1, false, false, NOW - 600}},
};

static void history_test(void **state)
{
	const struct history_row *r = *state;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban");
	struct address a = kit_address("192.0.2.1");
	struct history h;

	for (size_t i = 0; i < 3 && r->past[i].at != 0; i++) {
		struct offense o = {.jail = jail,
				    .address = a,
				    .strike = 1,
				    .at = r->past[i].at,
				    .until = r->past[i].until,
				    .ended = r->past[i].ended,
				    .lifted = r->past[i].lifted,
				    .observed = r->past[i].observed};

		if (r->past[i].strike > 0)
			o.strike = r->past[i].strike;
		WRITE(s, offense_add(s, &o, &write_why));
	}
	/* Neither another jail nor another address matters. */
	kit_ban(s, other, "192.0.2.1", NOW, FOREVER);
	kit_ban(s, jail, "192.0.2.2", NOW, FOREVER);
	kit_ban(s, jail, "192.0.2.0/24", NOW, FOREVER);
	memset(&h, 0x55, sizeof(h));
	assert_int_equal(offense_history(s, jail, &a, NOW, &h, NULL), 0);
	assert_int_equal(h.failures, r->expected.failures);
	assert_int_equal(h.strikes, r->expected.strikes);
	assert_int_equal(h.banned, r->expected.banned);
	assert_int_equal(h.forever, r->expected.forever);
	assert_int_equal(h.last_end, r->expected.last_end);
	store_close(s);
}

/* ---- failures ---- */

static void failures_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct address a = kit_address("192.0.2.1");
	struct failure late = {.jail = jail,
			       .host = a,
			       .address = a,
			       .at = NOW,
			       .count = 50,
			       .late = true};
	int64_t sum = -1;

	(void)state;
	assert_int_equal(failure_sum(s, jail, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 0);
	kit_failure(s, jail, "192.0.2.1", NOW - 100, 1);
	kit_failure(s, jail, "192.0.2.1", NOW - 10, 4);
	kit_failure(s, jail, "192.0.2.2", NOW, 100);
	kit_failure(s, other, "192.0.2.1", NOW, 1000);
	WRITE(s, failure_add(s, &late, &write_why));
	assert_int_equal(failure_sum(s, jail, &a, NOW - 100, &sum, NULL), 0);
	assert_int_equal(sum, 5);
	assert_int_equal(failure_sum(s, jail, &a, NOW - 99, &sum, NULL), 0);
	assert_int_equal(sum, 4);
	store_close(s);
}

static int copy_failure(void *context, const struct failure *f)
{
	*(struct failure *)context = *f;
	return 7;
}

/* What the remote says is kept byte for byte, SQL and all. */
static void remote_text_test(void **state)
{
	static const char user[] =
		"'); DROP TABLE failure;--\xff\xc3\x28\x1b[2J\n%s?1";
	struct store *s = kit_memory();
	struct address a = kit_address("2001:db8::5");
	struct failure f = {.jail = kit_jail(s, "sasl", "saslban"),
			    .host = a,
			    .address = address_mask(&a, 64),
			    .mech = "",
			    .at = NOW,
			    .count = 3,
			    .late = true};
	struct failure back;

	(void)state;
	memset(f.service, 'x', sizeof(f.service) - 1);
	memcpy(f.user, user, sizeof(user));
	snprintf(f.rule, sizeof(f.rule), "postfix:3");
	WRITE(s, failure_add(s, &f, &write_why));
	assert_int_equal(failure_each(s, &a, 0, copy_failure, &back, NULL), 7);
	assert_string_equal(back.user, user);
	assert_string_equal(back.service, f.service);
	assert_string_equal(back.mech, "");
	assert_string_equal(back.rule, "postfix:3");
	assert_true(address_equal(&back.host, &f.host));
	assert_true(address_equal(&back.address, &f.address));
	assert_int_equal(back.jail, f.jail);
	assert_int_equal(back.at, NOW);
	assert_int_equal(back.count, 3);
	assert_true(back.late);
	store_close(s);
}

/* ---- offenses ---- */

static void offense_test(void **state)
{
	struct store *s = kit_memory();
	struct offense o = {.jail = kit_jail(s, "sasl", "saslban"),
			    .address = kit_address("2001:db8:0:1::/64"),
			    .strike = 4,
			    .at = NOW,
			    .until = FOREVER,
			    .failures = 12,
			    .late = 2,
			    .why = "12 failures within 1h",
			    .observed = true};
	struct offense back;

	(void)state;
	WRITE(s, offense_add(s, &o, &write_why));
	WRITE(s, offense_late(s, o.jail, &o.address, 3, &write_why));
	back = kit_offense(s, o.id);
	assert_int_equal(back.jail, o.jail);
	assert_string_equal(back.jail_name, "sasl");
	assert_true(address_equal(&back.address, &o.address));
	assert_int_equal(back.strike, 4);
	assert_int_equal(back.at, NOW);
	assert_true(back.until == FOREVER);
	assert_int_equal(back.failures, 12);
	assert_int_equal(back.late, 5);
	assert_string_equal(back.why, "12 failures within 1h");
	assert_true(back.observed);
	assert_int_equal(back.enforced, 0);
	assert_int_equal(back.ended, 0);
	assert_int_equal(back.lifted, 0);
	assert_int_equal(kit_lift(s, 0, "2001:db8:0:1::/64", NOW + 5), 1);
	back = kit_offense(s, o.id);
	assert_int_equal(back.lifted, NOW + 5);
	assert_int_equal(back.ended, 0);
	assert_string_equal(back.lifted_by, "alice");
	assert_string_equal(back.lifted_why, "a mistake");
	/* It is over: nothing is counted for it any more. */
	WRITE(s, offense_late(s, o.jail, &o.address, 3, &write_why));
	assert_int_equal(kit_offense(s, o.id).late, 5);
	store_close(s);
}

static void supersede_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t first = kit_ban(s, jail, "192.0.2.1", NOW - 90, NOW + 90);
	int64_t over = kit_ban(s, jail, "192.0.2.2", NOW - 90, NOW - 10);
	int64_t other = kit_ban(s, jail, "192.0.2.3", NOW - 90, NOW + 90);
	struct history h;
	struct address a = kit_address("192.0.2.1");

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 900);
	kit_ban(s, jail, "192.0.2.2", NOW, NOW + 900);
	assert_int_equal(kit_offense(s, first).ended, NOW);
	assert_int_equal(kit_offense(s, over).ended, NOW - 10);
	assert_int_equal(kit_offense(s, other).ended, 0);
	assert_int_equal(offense_history(s, jail, &a, NOW, &h, NULL), 0);
	assert_int_equal(h.strikes, 1); /* as it was given */
	assert_true(h.banned);
	store_close(s);
}

static void expire_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t when = 0;
	struct kit_seen seen = {"", 0, 0};
	int64_t first, second;

	(void)state;
	assert_int_equal(offense_next_end(s, jail, &when, NULL), 0);
	assert_true(when == FOREVER);
	second = kit_ban(s, jail, "192.0.2.2", NOW - 90, NOW);
	first = kit_ban(s, jail, "192.0.2.1", NOW - 90, NOW - 1);
	kit_ban(s, jail, "192.0.2.3", NOW - 90, NOW + 1);
	kit_ban(s, jail, "192.0.2.4", NOW - 90, FOREVER);
	kit_ban(s, jail, "192.0.2.5", NOW - 90, NOW + 1);
	kit_lift(s, jail, "192.0.2.5", NOW - 50);
	assert_int_equal(offense_next_end(s, jail, &when, NULL), 0);
	assert_int_equal(when, NOW - 1);
	WRITE(s, offense_expire(s, jail, NOW, 1, kit_see_offense, &seen,
				&write_why));
	assert_string_equal(seen.text, "192.0.2.1");
	WRITE(s, offense_expire(s, jail, NOW, 9, kit_see_offense, &seen,
				&write_why));
	assert_string_equal(seen.text, "192.0.2.1 192.0.2.2");
	WRITE(s, offense_expire(s, jail, NOW, 9, kit_see_offense, &seen,
				&write_why));
	assert_string_equal(seen.text, "192.0.2.1 192.0.2.2");
	assert_int_equal(kit_offense(s, first).ended, NOW - 1);
	assert_int_equal(kit_offense(s, second).ended, NOW);
	assert_int_equal(offense_next_end(s, jail, &when, NULL), 0);
	assert_int_equal(when, NOW + 1);
	store_close(s);
}

/* enforce="off" became "on". */
static void unobserve_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct offense o = {.jail = jail,
			    .address = kit_address("192.0.2.1"),
			    .strike = 1,
			    .at = NOW - 90,
			    .until = NOW + 90,
			    .observed = true};
	int64_t real = kit_ban(s, jail, "192.0.2.3", NOW - 90, NOW + 90);
	int64_t over, runs;

	(void)state;
	WRITE(s, offense_add(s, &o, &write_why));
	runs = o.id;
	o.address = kit_address("192.0.2.2");
	o.until = NOW - 20;
	WRITE(s, offense_add(s, &o, &write_why));
	over = o.id;
	WRITE(s, offense_unobserve(s, jail, NOW, &write_why));
	assert_int_equal(kit_offense(s, runs).ended, NOW);
	/* It had ended before: what came since then is not paid for. */
	assert_int_equal(kit_offense(s, over).ended, NOW - 20);
	assert_int_equal(kit_offense(s, real).ended, 0);
	store_close(s);
}

static void lift_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	int64_t gone = kit_ban(s, jail, "192.0.2.9", NOW - 90, NOW - 1);

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	kit_ban(s, other, "192.0.2.1", NOW, NOW + 90);
	kit_ban(s, jail, "192.0.2.0/24", NOW, NOW + 90);
	assert_int_equal(kit_lift(s, jail, "192.0.2.1", NOW), 1);
	assert_int_equal(kit_lift(s, jail, "192.0.2.1", NOW), 0);
	kit_ban(s, jail, "192.0.2.1", NOW, NOW + 90);
	assert_int_equal(kit_lift(s, 0, "192.0.2.1", NOW), 2);
	assert_int_equal(kit_lift(s, 0, "192.0.2.77", NOW), 0);
	/* It ran out before the person came: a strike it stays. */
	assert_int_equal(kit_lift(s, 0, "192.0.2.9", NOW), 0);
	assert_int_equal(kit_offense(s, gone).lifted, 0);
	store_close(s);
}

static void prune_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct address a = kit_address("192.0.2.1");
	static const size_t expected[] = {2, 2, 1, 0};
	int64_t sum;
	size_t n = 99;

	(void)state;
	for (int i = 0; i < 5; i++)
		kit_failure(s, jail, "192.0.2.1", NOW - 100 + i, 1);
	kit_failure(s, jail, "192.0.2.1", NOW - 50, 10);
	kit_failure(s, other, "192.0.2.1", NOW - 100, 100);
	for (size_t i = 0; i < 4; i++) {
		WRITE(s, failure_prune(s, jail, NOW - 50, 2, &n, &write_why));
		assert_int_equal(n, expected[i]);
	}
	assert_int_equal(failure_sum(s, jail, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 10);
	assert_int_equal(failure_sum(s, other, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 100);
	store_close(s);
}

/* What is left of these, in the order of their ids, by the last number. */
static void prune_offenses_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct offense_query all = {.jail = 0};
	struct kit_seen seen = {"", 0, 0};
	size_t n = 99;

	(void)state;
	kit_ban(s, jail, "192.0.2.1", NOW - 99, NOW - 60); /* over */
	kit_ban(s, jail, "192.0.2.2", NOW - 98, NOW - 50); /* over later */
	kit_ban(s, jail, "192.0.2.3", NOW - 97, NOW + 50);
	kit_ban(s, jail, "192.0.2.4", NOW - 96, FOREVER);
	kit_ban(s, jail, "192.0.2.5", NOW - 95, FOREVER);
	kit_lift(s, jail, "192.0.2.5", NOW - 70);
	kit_enforced(s, kit_ban(s, jail, "192.0.2.6", NOW - 94, NOW + 50),
		     NOW + 50);
	kit_lift(s, jail, "192.0.2.6", NOW - 70); /* not yet taken out */
	kit_ban(s, other, "192.0.2.7", NOW - 99, NOW - 60);
	WRITE(s, offense_expire(s, jail, NOW, 9, NULL, NULL, &write_why));
	WRITE(s, offense_expire(s, other, NOW, 9, NULL, NULL, &write_why));
	WRITE(s, offense_prune(s, jail, NOW - 50, 1, &n, &write_why));
	assert_int_equal(n, 1);
	WRITE(s, offense_prune(s, jail, NOW - 50, 9, &n, &write_why));
	assert_int_equal(n, 1);
	assert_int_equal(offense_each(s, &all, kit_see_offense, &seen, NULL),
			 0);
	assert_string_equal(seen.text, "192.0.2.6 192.0.2.4 192.0.2.3 "
				       "192.0.2.2 192.0.2.7");
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, history_rows, history_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(failures_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(remote_text_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(offense_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(supersede_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(expire_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(unobserve_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(lift_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(prune_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(prune_offenses_test);
	return _cmocka_run_group_tests("store", tests, n, NULL, NULL);
}
