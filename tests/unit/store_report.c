/* store: answers for people. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/offense.h"

/* ---- reports: who is inside whom ---- */

struct inside_row {
	const char *title;
	const char *at;
	const char *offenses; /* newest first */
	const char *failures;
};

static const char *const inside_bans[] = {
	"192.0.2.1",       "192.0.2.0/24", "192.0.2.128/25", "192.0.3.1",
	"0.0.0.0/0",       "::/0",         "2001:db8::/32",  "2001:db8::/64",
	"2001:db8:0:1::5", "fe00::",
};

static const char *const inside_hosts[] = {"192.0.2.1", "192.0.2.200",
					   "2001:db8::1", "2001:db8::2",
					   "2001:db8:1::1"};

static const struct inside_row inside_rows[] = {
	{"an IPv4 host and what contains it", "192.0.2.1",
	 "0.0.0.0/0 192.0.2.0/24 192.0.2.1", "192.0.2.1"},
	{"an IPv4 prefix, what it contains and what contains it",
	 "192.0.2.0/24", "0.0.0.0/0 192.0.2.128/25 192.0.2.0/24 192.0.2.1",
	 "192.0.2.200 192.0.2.1"},
	{"a prefix that was never banned", "192.0.2.0/23",
	 "0.0.0.0/0 192.0.3.1 192.0.2.128/25 192.0.2.0/24 192.0.2.1",
	 "192.0.2.200 192.0.2.1"},
	{"all of IPv4 and nothing else", "0.0.0.0/0",
	 "0.0.0.0/0 192.0.3.1 192.0.2.128/25 192.0.2.0/24 192.0.2.1",
	 "192.0.2.200 192.0.2.1"},
	{"all of IPv6 and nothing else", "::/0",
	 "fe00:: 2001:db8:0:1::5 2001:db8::/64 2001:db8::/32 ::/0",
	 "2001:db8:1::1 2001:db8::2 2001:db8::1"},
	{"an IPv6 host: the ban of its /64, but only its own failures",
	 "2001:db8::1", "2001:db8::/64 2001:db8::/32 ::/0", "2001:db8::1"},
	{"an IPv6 prefix", "2001:db8::/63",
	 "2001:db8:0:1::5 2001:db8::/64 2001:db8::/32 ::/0",
	 "2001:db8::2 2001:db8::1"},
	{"the IPv4-mapped range is not IPv4", "::/64", "::/0", ""},
	{"nobody", "198.51.100.1", "0.0.0.0/0", ""},
};

static int see_host(void *context, const struct failure *f)
{
	struct offense o = {.address = f->host};

	return kit_see_offense(context, &o);
}

static void inside_test(void **state)
{
	const struct inside_row *r = *state;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct address at = kit_address(r->at);
	struct offense_query query = {.at = &at, .now = NOW};
	struct kit_seen offenses = {"", 0, 0}, failures = {"", 0, 0};

	for (size_t i = 0; i < sizeof(inside_bans) / sizeof(char *); i++)
		kit_ban(s, jail, inside_bans[i], NOW + (int64_t)i, NOW + 900);
	for (size_t i = 0; i < sizeof(inside_hosts) / sizeof(char *); i++)
		kit_failure(s, jail, inside_hosts[i], NOW + (int64_t)i, 1);
	assert_int_equal(
		offense_each(s, &query, kit_see_offense, &offenses, NULL), 0);
	assert_string_equal(offenses.text, r->offenses);
	assert_int_equal(failure_each(s, &at, 0, see_host, &failures, NULL), 0);
	assert_string_equal(failures.text, r->failures);
	store_close(s);
}

struct query_row {
	const char *title;
	int jail; /* 0 all, 1 sasl, 2 rbl */
	bool running;
	size_t limit;
	size_t stop_after;
	int result;
	const char *expected;
};

static const struct query_row query_rows[] = {
	{"all, newest first", 0, false, 0, 0, 0,
	 "192.0.2.5 192.0.2.4 192.0.2.3 192.0.2.2 192.0.2.1"},
	{"a limit", 0, false, 2, 0, 0, "192.0.2.5 192.0.2.4"},
	{"a jail", 2, false, 0, 0, 0, "192.0.2.5"},
	{"those that run", 0, true, 0, 0, 0, "192.0.2.5 192.0.2.4 192.0.2.1"},
	{"those that run in a jail", 1, true, 0, 0, 0, "192.0.2.4 192.0.2.1"},
	{"those that run, the first one", 1, true, 1, 0, 0, "192.0.2.4"},
	{"an answer that is not 0 stops, and comes back", 0, false, 0, 2, 42,
	 "192.0.2.5 192.0.2.4"},
};

/* 1 runs, 2 ran out, 3 was lifted, 4 runs for ever, 5 is of another jail. */
static struct store *five_bans(void)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct offense observed = {.jail = other,
				   .address = kit_address("192.0.2.5"),
				   .strike = 1,
				   .at = NOW - 50,
				   .until = NOW + 90,
				   .observed = true};

	kit_ban(s, jail, "192.0.2.1", NOW - 90, NOW + 90);
	kit_ban(s, jail, "192.0.2.2", NOW - 80, NOW);
	kit_ban(s, jail, "192.0.2.3", NOW - 70, NOW + 90);
	kit_lift(s, jail, "192.0.2.3", NOW - 5);
	kit_ban(s, jail, "192.0.2.4", NOW - 60, FOREVER);
	WRITE(s, offense_add(s, &observed, &write_why));
	return s;
}

static void query_test(void **state)
{
	const struct query_row *r = *state;
	struct store *s = five_bans();
	struct offense_query query = {.jail = r->jail,
				      .running = r->running,
				      .now = NOW,
				      .limit = r->limit};
	struct kit_seen seen = {"", r->stop_after, 0};

	assert_int_equal(offense_each(s, &query, kit_see_offense, &seen, NULL),
			 r->result);
	assert_string_equal(seen.text, r->expected);
	store_close(s);
}

static void totals_test(void **state)
{
	struct store *s = five_bans();
	struct offense_running running;
	struct jail_totals t;

	(void)state;
	kit_failure(s, 1, "192.0.2.1", NOW - 60, 3);
	kit_failure(s, 1, "192.0.2.1", NOW - 61, 100);
	kit_failure(s, 2, "192.0.2.1", NOW - 1, 20);
	kit_held(s, "saslban4", "192.0.2.1", NOW + 90);
	assert_int_equal(jail_totals(s, 0, NOW, NOW - 60, &t, NULL), 0);
	assert_int_equal(t.failures, 23);
	assert_int_equal(t.pending, 1);
	assert_int_equal(t.offenses, 2);
	assert_int_equal(t.lifted, 1);
	assert_int_equal(jail_totals(s, 2, NOW, NOW, &t, NULL), 0);
	assert_int_equal(t.failures, 0);
	assert_int_equal(t.pending, 0);
	assert_int_equal(t.offenses, 0);
	assert_int_equal(t.lifted, 0);
	assert_int_equal(offense_running(s, 1, NOW, &running, NULL), 0);
	assert_int_equal(running.all, 2);
	assert_int_equal(running.observed, 0);
	assert_int_equal(offense_running(s, 2, NOW, &running, NULL), 0);
	assert_int_equal(running.all, 1);
	assert_int_equal(running.observed, 1);
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, inside_rows, inside_test);
	ROWS(tests, n, query_rows, query_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(totals_test);
	return _cmocka_run_group_tests("store_report", tests, n, NULL, NULL);
}
