/* forget: whose rows go, and whose stay. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/breach.h"
#include "saslban/failure.h"
#include "saslban/forget.h"
#include "saslban/login.h"
#include "saslban/outage.h"

struct row {
	const char *title;
	const char *at;   /* NULL: all */
	const char *user; /* NULL: all */
	int64_t before;   /* seconds back from NOW; 0: whenever */
	struct forgotten expected;
};

/* Two hosts of a /24 and one of another; two users. Of the first host a ban
 * runs, and one is over. */
static struct store *fill(void)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	static const struct {
		const char *host, *user;
		int64_t ago;
	} tries[] = {
		{"192.0.2.1", "bob", 10},     {"192.0.2.1", "alice", 100},
		{"192.0.2.2", "bob", 1000},   {"198.51.100.1", "bob", 10},
		{"198.51.100.1", "bo", 5000},
	};

	assert_int_equal(store_begin(s, NULL), 0);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct address a = kit_address(tries[i].host);
		struct failure f = {.jail = jail,
				    .host = a,
				    .address = a,
				    .at = NOW - tries[i].ago,
				    .count = 1};
		struct login l = {.address = a,
				  .first = NOW - tries[i].ago,
				  .last = NOW - tries[i].ago};
		struct breach_row b = {
			.jail = jail, .at = NOW - tries[i].ago, .host = a};
		bool fresh;

		strcpy(f.user, tries[i].user);
		strcpy(l.user, tries[i].user);
		strcpy(b.user, tries[i].user);
		assert_int_equal(failure_add(s, &f, NULL), 0);
		assert_int_equal(login_put(s, &l, NULL), 0);
		assert_int_equal(breach_add(s, &b, &fresh, NULL), 0);
	}
	assert_int_equal(store_commit(s, NULL), 0);
	for (int i = 0; i < 2; i++) {
		struct offense o = {.jail = jail,
				    .address = kit_address("192.0.2.1"),
				    .strike = 1,
				    .at = NOW - 2000 + i * 1500,
				    .until = i == 0 ? NOW - 1000 : NOW + 90,
				    .ended = i == 0 ? NOW - 1000 : 0};

		strcpy(o.why, i == 0 ? "a failure for 'bob', under attack"
				     : "a failure for 'bobby', under attack");
		WRITE(s, offense_add(s, &o, &write_why));
	}
	kit_ban(s, jail, "192.0.2.0/24", NOW - 50, NOW + 50);
	kit_lift(s, jail, "192.0.2.0/24", NOW - 20);
	return s;
}

static const struct row rows[] = {
	{"a host", "192.0.2.1", NULL, 0, {2, 1, 2, 2, 0}},
	{"its older part", "192.0.2.1", NULL, 50, {1, 1, 1, 1, 0}},
	{"a network, and bans of all of it",
	 "192.0.2.0/24",
	 NULL,
	 0,
	 {3, 2, 3, 3, 0}},
	{"half of it has no ban of the whole",
	 "192.0.2.0/25",
	 NULL,
	 0,
	 {3, 1, 3, 3, 0}},
	{"a user, by his whole name", NULL, "bob", 0, {3, 0, 3, 3, 1}},
	{"a user whose name is the begin of another's",
	 NULL,
	 "bo",
	 0,
	 {1, 0, 1, 1, 0}},
	{"a user's older part", NULL, "bob", 500, {1, 0, 1, 1, 1}},
	{"a time", NULL, NULL, 500, {2, 1, 2, 2, 0}},
	{"all but what runs", NULL, NULL, 0, {5, 2, 5, 5, 0}},
	{"nobody", "203.0.113.1", NULL, 0, {0, 0, 0, 0, 0}},
	{"of the other family", "::/0", NULL, 0, {0, 0, 0, 0, 0}},
};

static void go_through(struct store *s, const struct row *row, bool count,
		       struct forgotten *sum)
{
	struct forget f = {.user = row->user,
			   .before = row->before == 0 ? INT64_MAX
						      : NOW - row->before,
			   .count = count};
	struct fault why;
	struct address at;
	bool more = true;

	if (row->at != NULL) {
		at = kit_address(row->at);
		f.at = &at;
	}
	while (more)
		if (forget_step(&f, s, &more, &why) < 0)
			fail_msg("%s", why.text);
	*sum = f.sum;
}

static void assert_sum(const struct forgotten *sum,
		       const struct forgotten *expected)
{
	assert_int_equal(sum->failures, expected->failures);
	assert_int_equal(sum->bans, expected->bans);
	assert_int_equal(sum->logins, expected->logins);
	assert_int_equal(sum->breaches, expected->breaches);
	assert_int_equal(sum->names, expected->names);
}

static void row_test(void **state)
{
	static const struct forgotten none = {0, 0, 0, 0, 0};
	const struct row *row = *state;
	struct store *s = fill();
	struct forgotten sum;
	struct offense_query running = {.running = true, .now = NOW};
	struct kit_seen seen = {"", 0, 0};

	go_through(s, row, true, &sum);
	assert_sum(&sum, &row->expected);
	go_through(s, row, false, &sum);
	assert_sum(&sum, &row->expected);
	go_through(s, row, true, &sum);
	assert_sum(&sum, &none);
	assert_int_equal(
		offense_each(s, &running, kit_see_offense, &seen, NULL), 0);
	assert_string_equal(seen.text, "192.0.2.1");
	store_close(s);
}

/* More than a window of each, and what is not asked for between them. */
static void many_test(void **state)
{
	struct row row = {"", "10.0.0.0/8", NULL, 0, {0, 0, 0, 0, 0}};
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct forgotten sum;
	char text[32];

	(void)state;
	assert_int_equal(store_begin(s, NULL), 0);
	for (int i = 0; i < 45000; i++) {
		struct failure f = {
			.jail = jail, .at = NOW - i, .count = 1, .user = "bob"};
		struct login l = {.first = NOW, .last = NOW, .user = "bob"};

		snprintf(text, sizeof(text), "%d.%d.%d.1", i % 3 ? 10 : 11,
			 i >> 8 & 255, i & 255);
		f.host = f.address = l.address = kit_address(text);
		assert_int_equal(failure_add(s, &f, NULL), 0);
		if (i < 9000)
			assert_int_equal(login_put(s, &l, NULL), 0);
	}
	assert_int_equal(store_commit(s, NULL), 0);
	go_through(s, &row, false, &sum);
	assert_int_equal(sum.failures, 30000);
	assert_int_equal(sum.logins, 6000);
	row.at = NULL;
	go_through(s, &row, true, &sum);
	assert_int_equal(sum.failures, 15000);
	assert_int_equal(sum.logins, 3000);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest singles[] = {
		cmocka_unit_test(many_test),
	};
	struct CMUnitTest tests[32];
	size_t n = 0;

	ROWS(tests, n, rows, row_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("forget", tests, n, NULL, NULL);
}
