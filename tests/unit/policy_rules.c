/* policy: who is at home, who is not, and what is no failure: each rule by
 * itself, with what is just enough for it and just not. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/policy.h"

enum { NOW = 1700000000, HOUR = 3600, DAY = 86400 };

/* All that is asked for is on, and none of it is a default. */
static const struct policy policy = {
	.maxretry = 3,
	.findtime = DAY,
	.ladder = {HOUR, 2 * DAY, 8 * DAY},
	.steps = 3,
	.factor = 1,
	.longest = DURATION_FOREVER,
	.forget = 32 * DAY,
	.known_maxretry = 10,
	.known_window = 30 * DAY,
	.known_bantime = 600,
	.repeat_window = DAY,
	.account_hosts = 5,
	.account_window = DAY,
	.account_grace = 120,
	.trap_hosts = 0,
	.network_hosts = 8,
	.network_window = DAY,
	.breaker = 4,
};

/* ---- patience ---- */

struct patience_row {
	const char *title;
	unsigned customers, neighbours, movers, hosts;
	unsigned patience;
	int64_t window; /* back from now */
};

static const struct patience_row patience_rows[] = {
	{"a stranger", 0, 0, 0, 0, 3, DAY},
	{"one customer", 1, 1, 0, 0, 10, DAY},
	{"two, and only an hour", 2, 2, 0, 0, 20, HOUR},
	{"twelve", 12, 12, 0, 0, 120, HOUR},
	{"more than a crowd", 99, 99, 0, 0, 160, HOUR},
	{"a customer's neighbour", 0, 1, 0, 0, 10, DAY},
	{"three neighbours", 0, 3, 0, 0, 30, HOUR},
	{"no more than three count", 0, 50, 0, 0, 30, HOUR},
	{"one here, more around", 1, 3, 0, 0, 30, HOUR},
	{"two who move about", 0, 2, 2, 0, 20, HOUR},
	{"a carrier's", 0, 3, 3, 0, 600, HOUR},
	{"... of which few others fail", 0, 3, 3, 7, 600, HOUR},
	{"... of which many fail", 0, 3, 3, 8, 30, HOUR},
};

static void patience_test(void **state)
{
	const struct patience_row *r = *state;
	struct policy off = policy;
	struct history h = {.customers = r->customers,
			    .neighbours = r->neighbours,
			    .movers = r->movers,
			    .hosts = r->hosts};

	assert_int_equal(policy_patience(&policy, &h), r->patience);
	assert_int_equal(policy_window(&policy, &h, NOW), NOW - r->window);
	off.known_maxretry = 0;
	assert_int_equal(policy_patience(&off, &h), 3);
	assert_int_equal(policy_window(&off, &h, NOW), NOW - DAY);
}

/* ---- what a failure is ---- */

struct rule_row {
	const char *title;
	struct history history;
	unsigned count;
	int64_t age; /* of the line */
	enum verdict_kind kind;
	enum ground ground;
	unsigned strike;
	int64_t length; /* of the ban */
};

static const struct rule_row rule_rows[] = {
	{"the first", {.failures = 0}, 1, 0, VERDICT_COUNT, 0, 0, 0},
	{"the third",
	 {.failures = 2},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_COUNT,
	 1,
	 HOUR},
	{"three at once", {0}, 3, 0, VERDICT_BAN, GROUND_COUNT, 1, HOUR},
	{"told by another line",
	 {.failures = 2, .echoed = 1},
	 1,
	 0,
	 VERDICT_ECHO,
	 0,
	 0,
	 0},
	{"in part told by another line",
	 {.failures = 1, .echoed = 2},
	 3,
	 0,
	 VERDICT_COUNT,
	 0,
	 0,
	 0},
	{"a doubtful one alone",
	 {.doubtful = true},
	 1,
	 0,
	 VERDICT_DOUBT,
	 0,
	 0,
	 0},
	{"... after a clear one",
	 {.doubtful = true, .failed = true, .failures = 2},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_COUNT,
	 1,
	 HOUR},
	{"... where a customer is",
	 {.doubtful = true,
	  .failed = true,
	  .failures = 99,
	  .customers = 1,
	  .neighbours = 1},
	 1,
	 0,
	 VERDICT_DOUBT,
	 0,
	 0,
	 0},
	{"the same wrong password",
	 {.failures = 9, .repeated = true},
	 1,
	 0,
	 VERDICT_REPEAT,
	 0,
	 0,
	 0},
	{"in an outage",
	 {.failures = 9, .outage = true},
	 1,
	 0,
	 VERDICT_OUTAGE,
	 0,
	 0,
	 0},
	{"a trap user in an outage",
	 {.trap = true, .outage = true},
	 1,
	 0,
	 VERDICT_OUTAGE,
	 0,
	 0,
	 0},
	{"banned by now",
	 {.banned = true, .last_end = NOW + 9, .trap = true},
	 1,
	 0,
	 VERDICT_LATE,
	 0,
	 0,
	 0},
	{"a day old",
	 {.failures = 9},
	 1,
	 DAY,
	 VERDICT_BAN,
	 GROUND_COUNT,
	 1,
	 HOUR},
	{"a second older", {.failures = 9}, 1, DAY + 1, VERDICT_OLD, 0, 0, 0},
	{"a trap user: the step for customers is left out",
	 {.trap = true},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_TRAP,
	 2,
	 2 * DAY},
	{"... for the second time",
	 {.trap = true, .strikes = 2, .last_end = NOW - DAY},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_TRAP,
	 3,
	 8 * DAY},
	{"... at a customer's address",
	 {.trap = true, .customers = 1, .neighbours = 1},
	 1,
	 0,
	 VERDICT_COUNT,
	 0,
	 0,
	 0},
	{"... in a carrier's network",
	 {.trap = true, .movers = 1, .neighbours = 1},
	 1,
	 0,
	 VERDICT_COUNT,
	 0,
	 0,
	 0},
	{"an account that four others try",
	 {.account_hosts = 4, .account_known = true},
	 1,
	 0,
	 VERDICT_COUNT,
	 0,
	 0,
	 0},
	{"... five others: a little time",
	 {.account_hosts = 5, .account_known = true},
	 1,
	 0,
	 VERDICT_GRACE,
	 0,
	 0,
	 0},
	{"... who tries again at once",
	 {.account_hosts = 5, .failures = 1, .waiting = true},
	 1,
	 0,
	 VERDICT_COUNT,
	 0,
	 0,
	 0},
	{"... who has failed before",
	 {.account_hosts = 5, .failures = 1},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_ACCOUNT,
	 2,
	 2 * DAY},
	{"... who has tried another account",
	 {.account_hosts = 5, .others = 1},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_ACCOUNT,
	 2,
	 2 * DAY},
	{"... the user, near home",
	 {.account_hosts = 5, .near = true, .neighbours = 1},
	 1,
	 0,
	 VERDICT_COUNT,
	 0,
	 0,
	 0},
	{"the tenth of a customer",
	 {.failures = 9, .customers = 1, .neighbours = 1},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_COUNT,
	 1,
	 HOUR},
	{"the twentieth where two are: not for long",
	 {.failures = 19,
	  .customers = 2,
	  .neighbours = 2,
	  .strikes = 2,
	  .last_end = NOW - DAY},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_COUNT,
	 3,
	 600},
	{"a sweep in an outage",
	 {.outage = true, .excused = 30, .excused_accounts = 2},
	 1,
	 0,
	 VERDICT_BAN,
	 GROUND_COUNT,
	 1,
	 HOUR},
	{"... of one account",
	 {.outage = true, .excused = 99, .excused_accounts = 1},
	 1,
	 0,
	 VERDICT_OUTAGE,
	 0,
	 0,
	 0},
	{"... where a customer is",
	 {.outage = true,
	  .excused = 99,
	  .excused_accounts = 9,
	  .neighbours = 1},
	 1,
	 0,
	 VERDICT_OUTAGE,
	 0,
	 0,
	 0},
};

static void rule_test(void **state)
{
	const struct rule_row *r = *state;
	struct verdict v = policy_decide(&policy, &r->history, r->count,
					 NOW - r->age, NOW);

	assert_string_equal(verdict_word(v.kind), verdict_word(r->kind));
	if (r->kind != VERDICT_BAN)
		return;
	assert_string_equal(ground_word(v.ground), ground_word(r->ground));
	assert_int_equal(v.strike, r->strike);
	assert_int_equal(v.from, NOW);
	assert_int_equal(v.until - v.from, r->length);
}

/* ---- rhythms ---- */

struct rhythm_row {
	const char *title;
	const char *gaps; /* seconds between tries, the first first */
	bool steady;
};

static const struct rhythm_row rhythm_rows[] = {
	{"nothing yet", "", false},
	{"two tries", "300", false},
	{"a telephone, after three tries", "300 300", true},
	{"... that was busy", "300 440", true},
	{"... too busy to be sure", "300 460", false},
	{"a telephone that checks IMAP and SMTP at once", "2 300 3 298 1 301",
	 true},
	{"push: every 29 minutes", "1740 1741 1739 1740", true},
	{"it sleeps at night", "900 900 900 28000 900 900 900 900", true},
	{"Outlook: thrice in a row, each ten minutes",
	 "5 5 590 5 5 590 5 5 590", true},
	{"somebody who tries what comes to his mind", "8 20 35 60 12", false},
	{"and tries again after lunch", "8 20 3600 15 40", false},
	{"a guesser as fast as can be", "1 1 1 1 1 1 1", false},
	{"one each ten seconds", "10 10 10 10 10", false},
	{"one each 29 seconds", "29 29 29 29", false},
	{"a guesser who draws lots", "61 412 95 1800 240 37 920 133", false},
	{"slower and slower", "30 60 120 240 480 960", false},
};

static void rhythm_test(void **state)
{
	const struct rhythm_row *r = *state;
	int64_t at[32] = {NOW};
	size_t n = 1;
	char *end;

	for (const char *c = r->gaps; *c != '\0'; c = end, n++) {
		at[n] = at[n - 1] + strtoll(c, &end, 10);
		assert_true(end != c);
	}
	assert_int_equal(policy_is_steady(at, n), r->steady);
	/* In any order. */
	for (size_t i = 0; i < n / 2; i++) {
		int64_t x = at[i];

		at[i] = at[n - 1 - i];
		at[n - 1 - i] = x;
	}
	assert_int_equal(policy_is_steady(at, n), r->steady);
}

/* ---- networks ---- */

struct network_row {
	const char *title;
	struct history history;
	bool ban;
};

static const struct network_row network_rows[] = {
	{"seven", {.hosts = 7}, false},
	{"eight", {.hosts = 8}, true},
	{"one of which is a customer's", {.hosts = 60, .neighbours = 1}, false},
	{"banned already",
	 {.hosts = 60, .banned = true, .last_end = NOW + 9},
	 false},
	{"in an outage", {.hosts = 15, .outage = true}, false},
	{"in an outage, twice as many", {.hosts = 16, .outage = true}, true},
};

static void network_test(void **state)
{
	const struct network_row *r = *state;
	struct policy off = policy;
	struct verdict v = policy_network(&policy, &r->history, NOW);

	assert_int_equal(v.kind == VERDICT_BAN, r->ban);
	if (r->ban) {
		assert_int_equal(v.ground, GROUND_NETWORK);
		assert_int_equal(v.strike, 2);
	}
	off.network_hosts = 0;
	assert_int_not_equal(policy_network(&off, &r->history, NOW).kind,
			     VERDICT_BAN);
}

/* ---- outages ---- */

struct outage_row {
	const char *title;
	struct signs signs;
	bool open;
};

static const struct outage_row outage_rows[] = {
	{"three customers", {.customers = 3}, false},
	{"four", {.customers = 4}, true},
	{"two, and the servers report trouble",
	 {.customers = 2, .trouble = true},
	 true},
	{"one, and trouble", {.customers = 1, .trouble = true}, false},
	{"trouble alone", {.trouble = true}, false},
	{"open, a moment ago", {.open = true, .last = NOW - 1}, true},
	{"nothing for a quarter of an hour less a second",
	 {.open = true, .last = NOW - 899},
	 true},
	{"nothing for a quarter of an hour",
	 {.open = true, .last = NOW - 900},
	 false},
	{"somebody logs in",
	 {.open = true, .last = NOW - 1, .logins = 1},
	 true},
	{"two do", {.open = true, .last = NOW - 1, .logins = 2}, false},
	{"those who failed before go on",
	 {.open = true,
	  .opened = NOW - HOUR,
	  .last = NOW - HOUR,
	  .again = NOW - 60},
	 true},
	{"... for a day",
	 {.open = true, .opened = NOW - DAY, .last = NOW - DAY, .again = NOW},
	 false},
};

static void outage_test(void **state)
{
	const struct outage_row *r = *state;
	struct policy off = policy;

	assert_int_equal(policy_outage(&policy, &r->signs, NOW), r->open);
	off.breaker = 0;
	assert_false(policy_outage(&off, &r->signs, NOW));
}

/* ---- breaches ---- */

struct breach_row {
	const char *title;
	struct entrance entrance;
	enum breach breach;
};

static const struct breach_row breach_rows[] = {
	{"somebody new", {.guesses = 0}, BREACH_NONE},
	{"who mistypes first", {.guesses = 4}, BREACH_NONE},
	{"who mistypes often", {.guesses = 5}, BREACH_GUESSED},
	{"... and is at home",
	 {.known = true, .guesses = 99, .others = 99, .banned = true},
	 BREACH_NONE},
	{"who tries one other account", {.others = 1}, BREACH_NONE},
	{"who tries two", {.others = 2}, BREACH_OTHERS},
	{"... where a customer is", {.others = 2, .customers = 1}, BREACH_NONE},
	{"... where three are near",
	 {.others = 2, .neighbours = 3},
	 BREACH_NONE},
	{"one other account, and the account is under attack",
	 {.others = 1, .account_hosts = 5},
	 BREACH_OTHERS},
	{"a banned one", {.banned = true}, BREACH_BANNED},
	{"... where customers come and go",
	 {.banned = true, .movers = 1},
	 BREACH_NONE},
	{"from a new place, while the account is under attack",
	 {.account_hosts = 5, .settled = true, .elsewhere = 1},
	 BREACH_ATTACKED},
	{"... of one who travels",
	 {.account_hosts = 5, .elsewhere = 3},
	 BREACH_NONE},
	{"... of one who has never been seen",
	 {.account_hosts = 5},
	 BREACH_NONE},
};

/* In the early days: at the login, and when its user is seen elsewhere. */
struct late_row {
	const char *title;
	struct entrance entrance; /* at the time of the second */
	enum breach at_once, late;
};

static const struct late_row late_rows[] = {
	{"who tried others", {.others = 2}, BREACH_NONE, BREACH_OTHERS},
	{"a banned one", {.banned = true}, BREACH_NONE, BREACH_BANNED},
	{"who tried this account often",
	 {.guesses = 5},
	 BREACH_GUESSED,
	 BREACH_GUESSED},
	{"... at a carrier's",
	 {.guesses = 5, .movers = 1, .neighbours = 1},
	 BREACH_NONE,
	 BREACH_NONE},
	{"where one more was seen",
	 {.others = 9, .neighbours = 1},
	 BREACH_NONE,
	 BREACH_NONE},
	{"who did nothing", {.others = 1}, BREACH_NONE, BREACH_NONE},
};

static void late_test(void **state)
{
	const struct late_row *r = *state;
	struct entrance e = r->entrance;

	e.early = true;
	assert_int_equal(policy_breach(&policy, &e), r->at_once);
	assert_int_equal(policy_breach_late(&policy, &e), BREACH_NONE);
	e.elsewhere = 1;
	assert_int_equal(policy_breach_late(&policy, &e), r->late);
}

static void breach_test(void **state)
{
	const struct breach_row *r = *state;

	assert_string_equal(breach_word(policy_breach(&policy, &r->entrance)),
			    breach_word(r->breach));
}

int main(void)
{
	struct CMUnitTest tests[128];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, patience_rows, patience_test);
	ROWS(tests, n, rule_rows, rule_test);
	ROWS(tests, n, rhythm_rows, rhythm_test);
	ROWS(tests, n, network_rows, network_test);
	ROWS(tests, n, outage_rows, outage_test);
	ROWS(tests, n, breach_rows, breach_test);
	ROWS(tests, n, late_rows, late_test);
	return _cmocka_run_group_tests("policy_rules", tests, n, NULL, NULL);
}
