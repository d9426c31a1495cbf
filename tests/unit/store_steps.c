/* store: what one more ban costs SQLite, in statements and in the steps of
 * their programs: a list of a million is read in seconds, and no look-up for
 * each row comes in unseen. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/offense.h"
#include "store/connection.h"
#include "store/query.h"

enum { SOME = 100 };

struct steps_row {
	const char *title;
	struct offense_query query;
	bool over; /* of bans that ran out */
	int most;  /* steps for one more ban */
};

/* The steps are those of SQLite 3.40, and about a quarter more. Of a ban that
 * runs its entry is looked up; of one that is over it is not. */
static const struct steps_row steps_rows[] = {
	{"one that runs", {.running = true}, false, 150},
	{"one that runs, by its strike",
	 {.running = true, .strike = 1},
	 false,
	 150},
	{"one that runs, sorted",
	 {.running = true, .sort = OFFENSE_ADDRESS},
	 false,
	 150},
	{"one that runs, where few are wanted",
	 {.running = true, .limit = 5},
	 false,
	 40},
	{"the same, sorted",
	 {.running = true, .limit = 5, .sort = OFFENSE_STRIKE},
	 false,
	 50},
	{"one that is over", {.running = false}, true, 112},
	{"one that is over, sorted", {.sort = OFFENSE_PACKETS}, true, 112},
	{"one that is over, where few are wanted",
	 {.limit = 5, .sort = OFFENSE_STRIKE},
	 true,
	 35},
};

static int see(void *context, const struct offense *o)
{
	(void)o;
	++*(int *)context;
	return 0;
}

/* Bans from..to, of 10.0.0.0/16; all of them were reported. */
static void add_bans(struct store *s, int64_t jail, int from, int to, bool over)
{
	char address[ADDRESS_TEXT];
	int64_t id;

	for (int i = from; i < to; i++) {
		snprintf(address, sizeof(address), "10.0.%d.%d", i / 200,
			 i % 200);
		id = kit_ban(s, jail, address, NOW - 2 * SOME + i,
			     over ? NOW - SOME : NOW + 99 + i);
		WRITE(s, offense_told(s, id, &write_why));
	}
	if (over)
		WRITE(s, offense_expire(s, jail, NOW, 10 * SOME, NULL, NULL,
					&write_why) < 0
				 ? -1
				 : 0);
}

struct cost {
	int rows;
	int runs;  /* of statements */
	int steps; /* of all statements */
};

static struct cost cost_of(struct store *s, struct offense_query q)
{
	struct cost c = {.rows = 0};

	q.now = NOW;
	for (size_t i = 0; i < s->statements; i++) {
		sqlite3_stmt *st = s->statement[i].prepared;

		sqlite3_stmt_status(st, SQLITE_STMTSTATUS_RUN, 1);
		sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1);
	}
	assert_int_equal(offense_each(s, &q, see, &c.rows, NULL), 0);
	for (size_t i = 0; i < s->statements; i++) {
		sqlite3_stmt *st = s->statement[i].prepared;

		c.runs += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_RUN, 0);
		c.steps +=
			sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 0);
	}
	return c;
}

static void steps_test(void **state)
{
	const struct steps_row *r = *state;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct cost few, many;

	add_bans(s, jail, 0, SOME, r->over);
	few = cost_of(s, r->query);
	add_bans(s, jail, SOME, 2 * SOME, r->over);
	many = cost_of(s, r->query);
	assert_int_equal(few.rows, r->query.limit > 0 ? 5 : SOME);
	assert_int_equal(many.rows, r->query.limit > 0 ? 5 : 2 * SOME);
	assert_int_equal(few.runs, 1);
	assert_int_equal(many.runs, 1);
	if (many.steps - few.steps > r->most * SOME)
		fail_msg("%.1f steps", (many.steps - few.steps) / (double)SOME);
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, steps_rows, steps_test);
	return _cmocka_run_group_tests("store_steps", tests, n, NULL, NULL);
}
