/* store: what filters and their rules have seen. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/offense.h"
#include "saslban/filter_stats.h"
#include "saslban/stats.h"

enum { DAY = 86400 };

static void add(struct store *s, struct filter_stats more, const char *filter,
		int64_t now)
{
	snprintf(more.filter, sizeof(more.filter), "%s", filter);
	WRITE(s, stats_filter_add(s, &more, now, &write_why));
}

static void add_rule(struct store *s, int64_t jail, const char *regex,
		     int64_t hits, int64_t now)
{
	struct rule_stats more = {
		.jail = jail,
		.filter = "postfix",
		.name = "postfix:1",
		.kind = "failure",
		.regex = regex,
		.hits = hits,
		.overruns = hits > 0,
	};

	WRITE(s, stats_rule_add(s, &more, now, &write_why));
}

struct found {
	struct filter_stats filter[4];
	struct rule_stats rule[4];
	char regex[4][32];
	size_t filters, rules;
};

static int see_filter(void *context, const struct filter_stats *s)
{
	struct found *f = context;

	f->filter[f->filters++] = *s;
	return f->filters == 4;
}

static int see_rule(void *context, const struct rule_stats *r)
{
	struct found *f = context;

	f->rule[f->rules] = *r;
	snprintf(f->regex[f->rules++], sizeof(f->regex[0]), "%s", r->regex);
	return f->rules == 4;
}

static struct found find(struct store *s, int64_t jail)
{
	struct found f = {.filters = 0};

	assert_int_equal(stats_filter_each(s, jail, see_filter, &f, NULL), 0);
	assert_int_equal(stats_rule_each(s, jail, see_rule, &f, NULL), 0);
	return f;
}

static void filter_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct filter_stats more = {.jail = jail, .lines = 0};
	struct found f;

	(void)state;
	add(s, more, "postfix", NOW);
	f = find(s, jail);
	assert_int_equal(f.filters, 1);
	assert_int_equal(f.filter[0].first, 0);
	assert_int_equal(f.filter[0].last, 0);
	more = (struct filter_stats){.jail = jail,
				     .lines = 9,
				     .unmatched = 4,
				     .ambiguous = 3,
				     .orphans = 7,
				     .example = "a: *"};
	add(s, more, "postfix", NOW + 60);
	more = (struct filter_stats){.jail = jail,
				     .lines = 1,
				     .unmatched = 1,
				     .ambiguous = 2,
				     .orphans = 1};
	add(s, more, "postfix", NOW + 120);
	f = find(s, jail);
	assert_int_equal(f.filter[0].lines, 10);
	assert_int_equal(f.filter[0].unmatched, 5);
	assert_int_equal(f.filter[0].unmatched_since_match, 5);
	assert_int_equal(f.filter[0].ambiguous, 5);
	assert_int_equal(f.filter[0].orphans, 8);
	assert_int_equal(f.filter[0].first, NOW + 60);
	assert_int_equal(f.filter[0].last, NOW + 120);
	assert_int_equal(f.filter[0].matched, 0);
	assert_string_equal(f.filter[0].example, "a: *");
	/* A match in the same minute: which was first is not known. */
	more.matched = 1;
	more.overruns = 2;
	add(s, more, "postfix", NOW + 180);
	f = find(s, jail);
	assert_int_equal(f.filter[0].unmatched, 6);
	assert_int_equal(f.filter[0].unmatched_since_match, 0);
	assert_int_equal(f.filter[0].overruns, 2);
	assert_int_equal(f.filter[0].matched, NOW + 180);
	WRITE(s,
	      stats_filter_warned(s, jail, "postfix", NOW + 200, &write_why));
	assert_int_equal(find(s, 0).filter[0].warned, NOW + 200);
	assert_int_equal(find(s, jail + 1).filters, 0);
	store_close(s);
}

static void rule_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct found f;

	(void)state;
	add_rule(s, jail, "^a$", 0, NOW);
	f = find(s, jail);
	assert_int_equal(f.rules, 1);
	assert_int_equal(f.rule[0].hits, 0);
	assert_int_equal(f.rule[0].first, 0);
	add_rule(s, jail, "^a$", 3, NOW + 60);
	add_rule(s, jail, "^a$", 2, NOW + 120);
	f = find(s, jail);
	assert_int_equal(f.rules, 1);
	assert_int_equal(f.rule[0].hits, 5);
	assert_int_equal(f.rule[0].overruns, 2);
	assert_int_equal(f.rule[0].first, NOW + 60);
	assert_int_equal(f.rule[0].last, NOW + 120);
	assert_string_equal(f.regex[0], "^a$");
	store_close(s);
}

/* After a start with another file: the rule's number has a new expression. */
static void another_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct filter_stats more = {.jail = jail, .lines = 1};
	struct found f;

	(void)state;
	add(s, more, "postfix", NOW);
	add(s, more, "dovecot", NOW);
	add_rule(s, jail, "^a$", 3, NOW);
	WRITE(s, stats_unload(s, jail, NOW - DAY, &write_why));
	assert_int_equal(find(s, jail).rules, 0);
	add(s, more, "postfix", NOW + 60);
	add_rule(s, jail, "^b$", 0, NOW + 60);
	f = find(s, jail);
	assert_int_equal(f.filters, 1);
	assert_int_equal(f.filter[0].lines, 2);
	assert_int_equal(f.rules, 1);
	assert_int_equal(f.rule[0].hits, 0);
	/* The old one comes back with what it had, for a while. */
	WRITE(s, stats_unload(s, jail, NOW - DAY, &write_why));
	add_rule(s, jail, "^a$", 0, NOW + 120);
	assert_int_equal(find(s, jail).rule[0].hits, 3);
	WRITE(s, stats_unload(s, jail, NOW - DAY, &write_why));
	WRITE(s, stats_unload(s, jail, NOW + DAY, &write_why));
	add_rule(s, jail, "^a$", 0, NOW + 180);
	assert_int_equal(find(s, jail).rule[0].hits, 0);
	store_close(s);
}

static void shift_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	struct filter_stats more = {.jail = jail, .lines = 1, .matched = 1};
	struct found f;

	(void)state;
	add(s, more, "postfix", NOW);
	add_rule(s, jail, "^a$", 1, NOW - 2 * DAY);
	add_rule(s, jail, "^a$", 1, NOW);
	WRITE(s, store_shift(s, jail, NOW - DAY, -DAY, &write_why));
	f = find(s, jail);
	assert_int_equal(f.filter[0].first, NOW - DAY);
	assert_int_equal(f.filter[0].last, NOW - DAY);
	assert_int_equal(f.filter[0].matched, NOW - DAY);
	assert_int_equal(f.filter[0].warned, 0);
	assert_int_equal(f.rule[0].first, NOW - 2 * DAY);
	assert_int_equal(f.rule[0].last, NOW - DAY);
	/* Forward: the time for which nothing matched stays what it was. */
	WRITE(s, store_shift(s, jail, NOW, DAY, &write_why));
	f = find(s, jail);
	assert_int_equal(f.filter[0].first, NOW);
	assert_int_equal(f.filter[0].matched, NOW);
	assert_int_equal(f.filter[0].warned, 0);
	store_close(s);
}

static void wants_transaction_test(void **state)
{
	struct store *s = kit_memory();
	struct filter_stats filter = {.jail = kit_jail(s, "sasl", "saslban")};
	struct rule_stats rule = {
		.jail = filter.jail, .kind = "failure", .regex = "a"};

	(void)state;
	assert_int_equal(stats_filter_add(s, &filter, NOW, NULL), -1);
	assert_int_equal(stats_rule_add(s, &rule, NOW, NULL), -1);
	assert_int_equal(stats_unload(s, filter.jail, 0, NULL), -1);
	assert_int_equal(stats_filter_warned(s, filter.jail, "", NOW, NULL),
			 -1);
	store_close(s);
}

/* ---- blind ---- */

struct blind_row {
	const char *title;
	int64_t unmatched_since_match;
	int64_t first;
	int64_t matched; /* seconds before NOW; 0 never */
	bool blind;
};

static const struct blind_row blind_rows[] = {
	{"20 lines, 7 days", 20, 9 * DAY, 7 * DAY, true},
	{"19 lines", 19, 9 * DAY, 7 * DAY, false},
	{"one second less", 20, 9 * DAY, 7 * DAY - 1, false},
	{"never matched, lines for 7 days", 20, 7 * DAY, 0, true},
	{"never matched, lines for 6 days", 20, 6 * DAY, 0, false},
	{"no line yet", 20, 0, 0, false},
	{"matched in the future", 20, 9 * DAY, -DAY, false},
};

static void blind_test(void **state)
{
	const struct blind_row *r = *state;
	struct filter_stats s = {
		.unmatched_since_match = r->unmatched_since_match,
		.first = r->first == 0 ? 0 : NOW - r->first,
		.last = r->first == 0 ? 0 : NOW,
		.matched = r->matched == 0 ? 0 : NOW - r->matched,
	};

	assert_int_equal(filter_stats_blind(&s), r->blind);
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, blind_rows, blind_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(filter_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(rule_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(another_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(shift_test);
	tests[n++] =
		(struct CMUnitTest)cmocka_unit_test(wants_transaction_test);
	return _cmocka_run_group_tests("store_source", tests, n, NULL, NULL);
}
