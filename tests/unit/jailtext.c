/* jailtext: values of fail2ban's jails, in our words. */
#include "jailtext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "saslban/duration.h"

/* ---- durations ---- */

struct duration_row {
	const char *text;
	int64_t seconds; /* -1: refused */
};

static const struct duration_row durations[] = {
	{"600", 600},
	{"10m", 600},
	{"1h", 3600},
	{"1d 12h", 129600},
	{"1d12h", 129600},
	{"1 day 2 hours", 93600},
	{"5w", 3024000},
	{"1mo", 2629800},
	{"6 months", 15778800},
	{"1year", 31557600},
	{"1.5h", 5400},
	{"0", 0},
	{"-1", DURATION_FOREVER},
	{"", -1},
	{"h", -1},
	{"1 fortnight", -1},
	{"-", -1},
	{"nan", -1},
	{"1e30", -1},
	{"101y", -1},
};

static void test_durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		const struct duration_row *row = &durations[i];
		int64_t seconds = -1;

		if (jailtext_duration(row->text, &seconds) < 0)
			seconds = -1;
		if (seconds != row->seconds)
			fail_msg("'%s': %lld", row->text, (long long)seconds);
	}
}

/* ---- ladders ---- */

struct ladder_row {
	const char *title;
	struct jailtext_growth growth;
	int result;
	int64_t step[8]; /* 0 ends them */
	bool doubles;
	int64_t longest;
};

#define EVER DURATION_FOREVER

static const struct ladder_row ladders[] = {
	{"the same each time",
	 {600, false, "5", "1 2", EVER},
	 0,
	 {600},
	 false,
	 EVER},
	{"doubled",
	 {600, true, NULL, NULL, EVER},
	 0,
	 {600, 1200},
	 true,
	 600LL << 20},
	{"doubled up to a limit",
	 {600, true, NULL, NULL, 604800},
	 0,
	 {600, 1200},
	 true,
	 604800},
	{"with a factor",
	 {3600, true, "24", NULL, 604800},
	 0,
	 {3600, 172800},
	 true,
	 604800},
	{"a factor that would make them shorter",
	 {3600, true, "0.1", NULL, EVER},
	 0,
	 {3600, 3600},
	 true,
	 (3600LL << 20) / 2},
	{"multipliers, of which the first is of no repetition",
	 {300, true, NULL, "1 5 30 60", EVER},
	 0,
	 {300, 1500, 9000, 18000},
	 false,
	 EVER},
	{"multipliers with a factor and a limit",
	 {300, true, "2", "1 5 30", 10000},
	 0,
	 {300, 3000, 10000},
	 false,
	 10000},
	{"one multiplier",
	 {300, true, NULL, "4", EVER},
	 0,
	 {300, 1200},
	 false,
	 EVER},
	{"for ever", {EVER, true, NULL, NULL, EVER}, 0, {EVER}, false, EVER},
	{"a factor that is computed",
	 {300, true, "1 / 24", NULL, EVER},
	 -1,
	 {0},
	 false,
	 0},
	{"multipliers that are none",
	 {300, true, NULL, "1 two", EVER},
	 -1,
	 {0},
	 false,
	 0},
};

static void test_ladders(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ladders) / sizeof(ladders[0]); i++) {
		const struct ladder_row *row = &ladders[i];
		struct jailtext_ladder l;
		size_t n = 0;

		if (jailtext_ladder(&row->growth, &l) != row->result)
			fail_msg("%s: result", row->title);
		if (row->result < 0)
			continue;
		while (n < 8 && row->step[n] != 0)
			n++;
		if (l.steps != n ||
		    memcmp(l.step, row->step, n * sizeof(l.step[0])) != 0)
			fail_msg("%s: steps: %zu", row->title, l.steps);
		if (l.doubles != row->doubles || l.longest != row->longest)
			fail_msg("%s: %lld", row->title, (long long)l.longest);
	}
}

/* ---- filters and jails ---- */

struct filter_row {
	const char *text;
	const char *ours; /* NULL: none */
};

static const struct filter_row filters[] = {
	{"postfix[mode=auth]", "postfix"},
	{"postfix[mode=\"rbl\"]", "postfix[mode=rbl]"},
	{"postfix[mode=aggressive]", "postfix[mode=all]"},
	{"postfix[mode=more]", "postfix[mode=reject]"},
	{"postfix", "postfix[mode=reject]"},
	{"postfix-sasl", "postfix"},
	{"dovecot[mode=normal]", "dovecot"},
	{"dovecot[mode=aggressive]", "dovecot[mode=aggressive]"},
	{"sieve", "cyrus-imap"},
	{"uwimap-auth", "uw-imap"},
	{"sshd", NULL},
	{"", NULL},
};

static void test_filters(void **state)
{
	char name[SETTINGS_ITEM], ours[SETTINGS_ITEM];

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		const char *got = jailtext_filter(filters[i].text, name, ours);

		if (filters[i].ours == NULL
			    ? got != NULL
			    : got == NULL || strcmp(got, filters[i].ours) != 0)
			fail_msg("'%s': %s", filters[i].text,
				 got == NULL ? "none" : got);
	}
}

static void test_mail(void **state)
{
	(void)state;
	assert_true(jailtext_is_mail("a", "postfix[mode=auth]", ""));
	assert_true(jailtext_is_mail("a", "own", "http,https,smtp"));
	assert_true(jailtext_is_mail("a", "own", "993"));
	assert_true(jailtext_is_mail("my-sasl", "own", "any"));
	assert_false(jailtext_is_mail("sshd", "sshd", "ssh"));
	assert_false(jailtext_is_mail("web", "nginx", "80,4430,2525"));
}

static void test_options(void **state)
{
	(void)state;
	assert_null(jailtext_instead("maxretry"));
	assert_non_null(strstr(jailtext_instead("port"), "firewall"));
	assert_non_null(strstr(jailtext_instead("action_mwl"), "kernel set"));
	assert_string_equal(jailtext_instead("nil"),
			    "nothing here is called so");
	assert_true(jailtext_is_on("True") && jailtext_is_on("yes"));
	assert_false(jailtext_is_on("false") || jailtext_is_on(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_ladders),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests_name("jailtext", tests, NULL, NULL);
}
