/*
 * retention: a year of attack. The database grows for as long as `retain` says
 * and not beyond it, by what docs/SCHEMA.md says of a ban; and when the attack
 * is over, its pages are given back.
 */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "engine/upkeep.h"
#include "recorder.h"
#include "saslban/failure.h"
#include "store/connection.h"

enum {
	DAY = 86400,
	YEAR = 365,
	RETAIN = 60, /* days; so that a year has six times of it */
	BANS = 100,  /* a day */
	TRIES = 3,   /* failures that lead to one, and a late one */
	PAGE = 4096
};

struct year {
	struct store *store;
	int64_t jail;
	struct settings settings;
	struct recorder kernel;
	unsigned number; /* of the last offender */
};

static int64_t ask(struct store *s, const char *sql)
{
	sqlite3_stmt *q;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(s->db, sql, -1, &q, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

static int64_t bytes(struct store *s)
{
	return ask(s, "PRAGMA page_count") * PAGE;
}

/* Someone new, as an attack by a botnet goes. */
static void offend(struct year *y, int64_t now)
{
	struct offense o = {.jail = y->jail,
			    .strike = 1,
			    .at = now,
			    .until = now + 2 * DAY,
			    .failures = TRIES,
			    .told = true};
	char text[32];

	y->number++;
	snprintf(text, sizeof(text), "%u.%u.%u.%u", 1 + y->number % 220,
		 y->number / 7 % 251, y->number / 251 % 241,
		 y->number * 31 % 254);
	o.address = kit_address(text);
	snprintf(o.why, sizeof(o.why), "3 failures within 1d, last by %s",
		 text);
	for (int i = 0; i <= TRIES; i++) {
		struct failure f = {.jail = y->jail,
				    .host = o.address,
				    .address = o.address,
				    .service = "postfix/smtpd",
				    .mech = "LOGIN",
				    .rule = "postfix:1",
				    .at = now - TRIES + i,
				    .count = 1};

		f.verdict = i == TRIES ? VERDICT_LATE : VERDICT_COUNT;
		snprintf(f.user, sizeof(f.user), "user%u@example.org",
			 y->number % 1000);
		assert_int_equal(failure_add(y->store, &f, NULL), 0);
	}
	assert_int_equal(offense_add(y->store, &o, NULL), 0);
}

static void keep_up(struct year *y, int64_t now)
{
	bool more = true;

	while (more)
		assert_int_equal(upkeep_prune(y->store, y->jail, &y->settings,
					      &y->kernel.enforcer, now, &more,
					      NULL),
				 0);
}

static void pass_day(struct year *y, int64_t now, int bans)
{
	assert_int_equal(store_begin(y->store, NULL), 0);
	for (int i = 0; i < bans; i++)
		offend(y, now + i * (DAY / BANS));
	assert_int_equal(
		offense_expire(y->store, y->jail, now, 10000, NULL, NULL, NULL),
		0);
	assert_int_equal(store_commit(y->store, NULL), 0);
	for (int hour = 0; hour < 24; hour += 6)
		keep_up(y, now + hour * 3600);
}

static void year_test(void **state)
{
	int64_t full = 0, most = 0, kept;
	struct year y = {.store = kit_memory()};
	int day;

	(void)state;
	settings_init(&y.settings);
	y.settings.retain = RETAIN * DAY;
	y.settings.policy.forget = RETAIN * DAY;
	y.jail = kit_jail(y.store, "sasl", "saslban");
	recorder_init(&y.kernel, NOW);
	for (day = 0; day < YEAR; day++) {
		pass_day(&y, NOW + (int64_t)day * DAY, BANS);
		if (day == 2 * RETAIN)
			full = bytes(y.store);
		if (day > 2 * RETAIN && bytes(y.store) > most)
			most = bytes(y.store);
	}
	kept = ask(y.store, "SELECT count(*) FROM offense");
	/* Strikes are remembered until they fade, after the ban's end. */
	assert_in_range(kept, RETAIN * BANS, (RETAIN + 5) * BANS);
	assert_in_range(ask(y.store, "SELECT count(*) FROM failure"),
			RETAIN * BANS * (TRIES + 1),
			(RETAIN + 2) * BANS * (TRIES + 1));
	/* It is as large as it was after the first two months. */
	assert_true(most < full + full / 10);
	/* A ban with its failures is about 1 kB. */
	assert_in_range(most / kept, 700, 1300);
	/* Nobody comes any more. */
	for (int i = 0; i < RETAIN + 10; i++)
		pass_day(&y, NOW + (int64_t)(day + i) * DAY, 0);
	assert_int_equal(ask(y.store, "SELECT count(*) FROM offense"), 0);
	assert_int_equal(ask(y.store, "SELECT count(*) FROM failure"), 0);
	assert_int_equal(ask(y.store, "SELECT count(*) FROM entry"), 0);
	assert_true(bytes(y.store) < most / 10);
	store_close(y.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(year_test),
	};

	return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
