/* forget: whose rows go, and whose stay. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/breach.h"
#include "saslban/failure.h"
#include "saslban/forget.h"
#include "saslban/jail.h"
#include "saslban/login.h"
#include "saslban/outage.h"
#include "saslban/outbox.h"

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

/* ---- a jail ---- */

/* Of two jails that have a set in common, or one each, as much of all as there
 * is; nothing of the first one's runs. */
struct two {
	struct store *s;
	int64_t jail, other;
};

static void fill_jail(struct store *s, int64_t jail, const char *host)
{
	struct address a = kit_address(host);
	struct failure f = {
		.jail = jail, .host = a, .address = a, .at = NOW, .count = 1};
	struct breach_row b = {.jail = jail, .at = NOW, .host = a};
	struct outbox_row n = {
		.jail = jail, .kind = NOTICE_BAN, .address = a, .due = NOW};
	bool fresh;

	for (int i = 0; i < 3; i++)
		WRITE(s, failure_add(s, &f, &write_why));
	WRITE(s, breach_add(s, &b, &fresh, &write_why));
	WRITE(s, outbox_add(s, &n, &write_why));
	kit_ban(s, jail, host, NOW, NOW + 90);
}

static struct two two_jails(const char *set)
{
	struct two t = {.s = kit_memory()};

	t.jail = kit_jail(t.s, "old", "old");
	t.other = kit_jail(t.s, "sasl", set);
	fill_jail(t.s, t.jail, "192.0.2.1");
	fill_jail(t.s, t.other, "192.0.2.2");
	return t;
}

static struct forget_hold hold_of(const struct two *t, int64_t now)
{
	struct forget_hold hold;

	assert_int_equal(forget_jail_hold(t->s, t->jail, now, &hold, NULL), 0);
	return hold;
}

/* The jail's ban is over then. */
static struct forget_jail over_of(const struct two *t)
{
	return (struct forget_jail){.jail = t->jail,
				    .configured = hold_of(t, NOW).configured,
				    .now = NOW + 90};
}

static bool has_entry(struct store *s, const char *set, const char *address)
{
	struct address a = kit_address(address);
	struct entry e;
	bool found;

	assert_int_equal(entry_get(s, set, &a, &e, &found, NULL), 0);
	return found;
}

static int count_jail(void *context, const struct jail *j)
{
	snprintf(context, SETTINGS_NAME, "%s", j->settings.name);
	return 0;
}

static void assert_forgotten(struct two *t, int64_t failures, int64_t bans)
{
	struct forgotten n;

	assert_int_equal(forget_jail_count(t->s, t->jail, &n, NULL), 0);
	assert_int_equal(n.failures, failures);
	assert_int_equal(n.bans, bans);
}

static void jail_test(void **state)
{
	struct two t = two_jails("saslban");
	struct forget_jail f = over_of(&t);
	struct outbox_delay d;
	struct forgotten n;
	struct fault why;
	char names[SETTINGS_NAME] = "";
	bool more = true;
	int steps = 0;

	(void)state;
	assert_forgotten(&t, 3, 1);
	for (; more; steps++)
		if (forget_jail_step(&f, t.s, &more, &why) < 0)
			fail_msg("%s", why.text);
	assert_int_equal(steps, 7);
	assert_int_equal(f.sum.failures, 3);
	assert_int_equal(f.sum.bans, 1);
	assert_int_equal(f.sum.breaches, 1);
	assert_forgotten(&t, 0, 0);
	assert_false(has_entry(t.s, "old4", "192.0.2.1"));
	assert_true(has_entry(t.s, "saslban4", "192.0.2.2"));
	assert_int_equal(jail_each(t.s, count_jail, names, NULL), 0);
	assert_string_equal(names, "sasl");
	assert_int_equal(forget_jail_count(t.s, t.other, &n, NULL), 0);
	assert_int_equal(n.failures + n.bans + n.breaches, 5);
	assert_int_equal(outbox_delay(t.s, t.other, NOW + 1, &d, NULL), 0);
	assert_int_equal(d.notices, 1);
	store_close(t.s);
}

/* What speaks against it, and from when on nothing does. */
static void hold_test(void **state)
{
	struct two t = two_jails("saslban");
	struct address a = kit_address("192.0.2.1");

	(void)state;
	assert_int_equal(hold_of(&t, NOW + 89).bans, 1);
	assert_int_equal(hold_of(&t, NOW + 90).bans, 0);
	assert_int_equal(hold_of(&t, NOW).entries, 0);
	WRITE(t.s, entry_held(t.s, "old4", &a, NOW + 90, &write_why));
	kit_lift(t.s, t.jail, "192.0.2.1", NOW + 1);
	assert_int_equal(hold_of(&t, NOW + 2).bans, 0);
	assert_int_equal(hold_of(&t, NOW + 2).entries, 1);
	assert_int_equal(hold_of(&t, NOW + 90).entries, 0);
	WRITE(t.s, entry_held(t.s, "old4", &a, 0, &write_why));
	assert_int_equal(hold_of(&t, NOW + 2).entries, 0);
	kit_observed(t.s, t.jail, "192.0.2.7", NOW, NOW + 90);
	assert_int_equal(hold_of(&t, NOW + 2).bans, 0);
	store_close(t.s);
}

/* More than a piece and than a window, with the other's between. */
static void many_of_jail_test(void **state)
{
	struct two t = two_jails("saslban");
	struct forget_jail f = over_of(&t);
	struct address a = kit_address("192.0.2.1");
	struct failure row = {.host = a, .address = a, .at = NOW, .count = 1};
	struct forgotten n;
	bool more = true;

	(void)state;
	assert_int_equal(store_begin(t.s, NULL), 0);
	for (int i = 0; i < 45000; i++) {
		row.jail = i % 3 == 0 ? t.other : t.jail;
		assert_int_equal(failure_add(t.s, &row, NULL), 0);
	}
	assert_int_equal(store_commit(t.s, NULL), 0);
	while (more)
		assert_int_equal(forget_jail_step(&f, t.s, &more, NULL), 0);
	assert_int_equal(f.sum.failures, 30003);
	assert_forgotten(&t, 0, 0);
	assert_int_equal(forget_jail_count(t.s, t.other, &n, NULL), 0);
	assert_int_equal(n.failures, 15003);
	store_close(t.s);
}

/* A set that another jail has, too, keeps its entries, and removes them. */
static void shared_test(void **state)
{
	struct two t = two_jails("old");
	struct forget_jail f = over_of(&t);
	struct address a = kit_address("192.0.2.1");
	bool more = true;

	(void)state;
	WRITE(t.s, entry_held(t.s, "old4", &a, NOW + 90, &write_why));
	kit_lift(t.s, t.jail, "192.0.2.1", NOW + 1);
	assert_int_equal(hold_of(&t, NOW + 2).entries, 0);
	while (more)
		assert_int_equal(forget_jail_step(&f, t.s, &more, NULL), 0);
	assert_true(has_entry(t.s, "old4", "192.0.2.1"));
	assert_true(has_entry(t.s, "old4", "192.0.2.2"));
	store_close(t.s);
}

/* Somebody bans between two steps: the ban stays. */
static void banned_test(void **state)
{
	struct two t = two_jails("saslban");
	struct forget_jail f = over_of(&t);
	struct fault why;
	bool more;

	(void)state;
	assert_int_equal(forget_jail_step(&f, t.s, &more, NULL), 0);
	kit_ban(t.s, t.jail, "192.0.2.9", NOW + 90, NOW + 180);
	do {
		assert_true(more);
	} while (forget_jail_step(&f, t.s, &more, &why) == 0);
	assert_int_equal(why.kind, FAULT_SETTING);
	assert_forgotten(&t, 0, 2);
	store_close(t.s);
}

/* An engine starts between two steps: what is there stays. */
static void started_test(void **state)
{
	struct two t = two_jails("saslban");
	struct forget_jail f = over_of(&t);
	static struct settings settings;
	char names[SETTINGS_NAME] = "";
	struct fault why;
	int64_t id;
	bool more;

	(void)state;
	assert_int_equal(forget_jail_step(&f, t.s, &more, NULL), 0);
	assert_true(more);
	settings_init(&settings);
	strcpy(settings.name, "old");
	strcpy(settings.set, "old");
	WRITE(t.s, jail_put(t.s, &settings, NOW + 1, &id, &write_why));
	assert_int_equal(id, t.jail);
	assert_int_equal(forget_jail_step(&f, t.s, &more, &why), -1);
	assert_int_equal(why.kind, FAULT_SETTING);
	assert_forgotten(&t, 0, 1);
	assert_int_equal(jail_each(t.s, count_jail, names, NULL), 0);
	store_close(t.s);
}

int main(void)
{
	const struct CMUnitTest singles[] = {
		cmocka_unit_test(many_test),
		cmocka_unit_test(jail_test),
		cmocka_unit_test(hold_test),
		cmocka_unit_test(shared_test),
		cmocka_unit_test(banned_test),
		cmocka_unit_test(started_test),
		cmocka_unit_test(many_of_jail_test),
	};
	struct CMUnitTest tests[32];
	size_t n = 0;

	ROWS(tests, n, rows, row_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("forget", tests, n, NULL, NULL);
}
