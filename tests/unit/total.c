/* total: what is counted since the database was made, through rollbacks,
 * pruning, a restart, and words that come from outside. */
#include "storekit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/breach.h"
#include "saslban/dropped.h"
#include "saslban/failure.h"
#include "saslban/offense.h"
#include "saslban/outage.h"
#include "saslban/total.h"
#include "store/connection.h"

/* Those that are not 0, as `KIND jail/word/strike=value`, one per line. */
struct text {
	char text[4096];
	size_t end;
	int kind; /* -1: all */
	size_t rows;
};

static int see(void *context, const struct total *t)
{
	struct text *x = context;

	if (x->kind >= 0 && (int)t->kind != x->kind)
		return 0;
	x->rows++;
	if (t->value != 0)
		x->end += (size_t)snprintf(
			x->text + x->end, sizeof(x->text) - x->end,
			"%d/%s/%u=%" PRId64 "\n", (int)t->jail, t->word,
			t->strike, t->value);
	assert_true(x->end < sizeof(x->text));
	return 0;
}

static struct text all(struct store *s, int kind)
{
	struct text x = {.kind = kind};

	assert_int_equal(total_each(s, see, &x, NULL), 0);
	return x;
}

#define TOTAL(s, kind, expected) \
	assert_string_equal(all((s), (kind)).text, (expected))

static void failed(struct store *s, int64_t jail, enum verdict_kind verdict,
		   unsigned count)
{
	struct failure f = {.jail = jail,
			    .host = kit_address("192.0.2.1"),
			    .address = kit_address("192.0.2.1"),
			    .at = NOW,
			    .service = "dovecot",
			    .count = count,
			    .verdict = verdict};

	WRITE(s, failure_add(s, &f, &write_why));
}

/* ---- what counts what ---- */

static void failures_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	(void)state;
	TOTAL(s, -1, "");
	failed(s, jail, VERDICT_COUNT, 2);
	failed(s, jail, VERDICT_BAN, 1);  /* it counts, too */
	failed(s, jail, VERDICT_LATE, 3); /* a row of its own, then folded */
	failed(s, jail, VERDICT_LATE, 4);
	TOTAL(s, TOTAL_FAILURES, "1/counted/0=3\n1/late/0=7\n");
	TOTAL(s, TOTAL_SERVICES, "1/dovecot/0=10\n");
	assert_int_equal(total_committed(s, TOTAL_FAILURES), 10);
	store_close(s);
}

static void bans_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct offense o = {.jail = jail,
			    .address = kit_address("192.0.2.1"),
			    .strike = 11,
			    .at = NOW,
			    .until = NOW + 60,
			    .ground = GROUND_TRAP};
	size_t n;

	(void)state;
	WRITE(s, offense_add(s, &o, &write_why)); /* 10 and more are one */
	kit_ban(s, jail, "192.0.2.2", NOW, NOW + 90);
	kit_ban(s, jail, "192.0.2.3", NOW, NOW + 900);
	kit_observed(s, jail, "192.0.2.4", NOW, NOW + 60);
	o.lifted = NOW + 1; /* it comes from elsewhere, and is over */
	WRITE(s, offense_add(s, &o, &write_why));
	TOTAL(s, TOTAL_BANS, "1/count/1=2\n1/trap/10=1\n");
	TOTAL(s, TOTAL_OBSERVED, "1/count/1=1\n");
	assert_int_equal(kit_lift(s, jail, "192.0.2.3", NOW + 5), 1);
	TOTAL(s, TOTAL_LIFTED, "1//0=1\n");
	WRITE(s, offense_expire(s, jail, NOW + 100, 9, NULL, NULL, &write_why));
	TOTAL(s, TOTAL_EXPIRED, "1//0=2\n");
	/* Nothing falls when rows are forgotten. */
	WRITE(s, offense_prune(s, jail, NOW + 1000, 9, &n, &write_why));
	assert_int_equal(n, 5);
	TOTAL(s, TOTAL_BANS, "1/count/1=2\n1/trap/10=1\n");
	TOTAL(s, TOTAL_EXPIRED, "1//0=2\n");
	store_close(s);
}

static void others_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct address a = kit_address("192.0.2.1");
	struct outage_row outage = {.jail = jail, .since = NOW, .opened = NOW};
	struct breach_row breach = {.jail = jail,
				    .at = NOW,
				    .user = "alice",
				    .host = a,
				    .kind = "guessed"};
	const struct dropped now = {9, 540}, more = {3, 180}, none = {0, 0};
	bool fresh;

	(void)state;
	WRITE(s, outage_begin(s, &outage, &write_why));
	WRITE(s, breach_add(s, &breach, &fresh, &write_why));
	WRITE(s, breach_add(s, &breach, &fresh, &write_why)); /* goes on */
	WRITE(s, dropped_note(s, "saslban4", &a, &now, &more, &write_why));
	WRITE(s, dropped_note(s, "saslban4", &a, &now, &none, &write_why));
	TOTAL(s, TOTAL_OUTAGES, "1//0=1\n");
	TOTAL(s, TOTAL_BREACHES, "1/guessed/0=1\n");
	TOTAL(s, TOTAL_PACKETS, "0/saslban4/0=3\n");
	TOTAL(s, TOTAL_BYTES, "0/saslban4/0=180\n");
	store_close(s);
}

/* ---- transactions ---- */

static void rollback_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");

	(void)state;
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(total_add(s, jail, TOTAL_LOGINS, "", 0, 5, NULL), 0);
	store_rollback(s);
	TOTAL(s, TOTAL_LOGINS, "");
	assert_int_equal(total_committed(s, TOTAL_LOGINS), 0);
	/* Nothing of it is left for the next one. */
	WRITE(s, total_add(s, jail, TOTAL_LOGINS, "", 0, 1, &write_why));
	TOTAL(s, TOTAL_LOGINS, "1//0=1\n");
	assert_int_equal(total_committed(s, TOTAL_LOGINS), 1);
	store_close(s);
}

static void restart_test(void **state)
{
	char dir[KIT_DIR], path[KIT_DIR + 8];
	struct store *s;
	int64_t jail;

	(void)state;
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	jail = kit_jail(s, "sasl", "saslban");
	failed(s, jail, VERDICT_COUNT, 1);
	store_close(s);
	s = kit_open(path, STORE_CREATE);
	assert_int_equal(kit_jail(s, "sasl", "saslban"), jail);
	failed(s, jail, VERDICT_COUNT, 1);
	TOTAL(s, TOTAL_FAILURES, "1/counted/0=2\n");
	assert_int_equal(total_committed(s, TOTAL_FAILURES), 1);
	store_close(s);
	kit_remove(dir);
}

/* More of them in one transaction than are added up at a time. */
static void many_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct text x;
	char word[32];

	(void)state;
	assert_int_equal(store_begin(s, NULL), 0);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 2 * TOTAL_WORDS; i++) {
			snprintf(word, sizeof(word), "%03d", i);
			assert_int_equal(total_add(s, jail, TOTAL_SERVICES,
						   word, 0, 1, NULL),
					 0);
		}
	assert_int_equal(store_commit(s, NULL), 0);
	x = all(s, TOTAL_SERVICES);
	assert_int_equal(x.rows, TOTAL_WORDS + 1);
	assert_non_null(strstr(x.text, "1/000/0=2\n"));
	assert_non_null(strstr(x.text, "1/099/0=2\n"));
	assert_null(strstr(x.text, "1/100/0="));
	assert_non_null(strstr(x.text, "1/" TOTAL_OTHER "/0=200\n"));
	store_close(s);
}

/* ---- before anything has happened ---- */

static void begin_test(void **state)
{
	struct store *s = kit_memory();

	(void)state;
	kit_jail(s, "sasl", "saslban");
	assert_int_equal(all(s, TOTAL_FAILURES).rows, VERDICT_KINDS - 2);
	assert_int_equal(all(s, TOTAL_BREACHES).rows, BREACHES - 1);
	assert_int_equal(all(s, TOTAL_BANS).rows, 3 * GROUNDS);
	assert_int_equal(all(s, TOTAL_OBSERVED).rows, 0);
	assert_int_equal(all(s, TOTAL_PACKETS).rows, 2);
	assert_int_equal(all(s, TOTAL_LOST_OTHERS).rows, 1);
	store_close(s);
}

/* ---- somebody has edited it ---- */

static void edited_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct text x;

	(void)state;
	WRITE(s, total_add(s, jail, TOTAL_LOGINS, "", 0, 1, &write_why));
	assert_int_equal(
		sqlite3_exec(s->db,
			     "UPDATE total SET value = 9223372036854775807,"
			     " strike = -5 WHERE name = 'logins';"
			     "UPDATE total SET value = -7 WHERE name ="
			     " 'outages';"
			     "INSERT INTO total VALUES (1, 'none', '', 0, 1)",
			     NULL, NULL, NULL),
		SQLITE_OK);
	x = all(s, -1);
	assert_string_equal(x.text, "1//0=4611686018427387903\n");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_test),
		cmocka_unit_test(bans_test),
		cmocka_unit_test(others_test),
		cmocka_unit_test(rollback_test),
		cmocka_unit_test(restart_test),
		cmocka_unit_test(many_test),
		cmocka_unit_test(begin_test),
		cmocka_unit_test(edited_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
