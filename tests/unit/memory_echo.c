/* memory: which lines are about one attempt. */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "saslban/memory.h"

enum { BASE = 1700000000 };

/* A line: seconds, service, user, session, count. `?` before the service: a
 * summary. */
struct line {
	int at;
	const char *service;
	const char *user;
	const char *session;
	unsigned count;
};

struct echo_row {
	const char *title;
	struct line line[8];
	unsigned attempts; /* that there were, all lines together */
};

#define SMTPD "postfix/smtpd"
#define AUTH "dovecot/auth"
#define WORKER "dovecot/auth-worker"
#define PAM "auth/pam"
#define IMAP "dovecot"

static const struct echo_row echo_rows[] = {
	{"one line", {{0, SMTPD, "bob", "", 1}}, 1},
	{"two of one witness are two",
	 {{0, SMTPD, "bob", "", 1}, {1, SMTPD, "bob", "", 1}},
	 2},
	{"Postfix, then auth",
	 {{0, SMTPD, "bob", "", 1}, {1, AUTH, "bob", "", 1}},
	 1},
	{"auth, then Postfix",
	 {{0, AUTH, "bob", "", 1}, {2, SMTPD, "bob", "", 1}},
	 1},
	{"PAM, auth's worker, auth, Postfix",
	 {{0, PAM, "bob", "", 1},
	  {0, WORKER, "bob", "", 1},
	  {0, AUTH, "bob", "", 1},
	  {2, SMTPD, "bob", "", 1}},
	 1},
	{"the other way round",
	 {{0, SMTPD, "bob", "", 1},
	  {0, AUTH, "bob", "", 1},
	  {1, WORKER, "bob", "", 1},
	  {1, PAM, "bob", "", 1}},
	 1},
	{"two attempts, all told twice, mixed",
	 {{0, AUTH, "bob", "", 1},
	  {2, AUTH, "bob", "", 1},
	  {2, SMTPD, "bob", "", 1},
	  {4, SMTPD, "bob", "", 1}},
	 2},
	{"auth knows no names, Postfix does",
	 {{0, AUTH, "", "", 1}, {1, SMTPD, "bob", "", 1}},
	 1},
	{"a domain that auth adds",
	 {{0, AUTH, "bob@example.org", "", 1}, {1, SMTPD, "bob", "", 1}},
	 1},
	{"another user is another attempt",
	 {{0, AUTH, "eve", "", 1}, {1, SMTPD, "bob", "", 1}},
	 2},
	{"two front ends are two attempts",
	 {{0, SMTPD, "bob", "", 1}, {1, "dovecot", "bob", "", 1}},
	 2},
	{"too long after it",
	 {{0, AUTH, "bob", "", 1}, {11, SMTPD, "bob", "", 1}},
	 2},
	{"just in time",
	 {{0, AUTH, "bob", "", 1}, {10, SMTPD, "bob", "", 1}},
	 1},
	{"three of auth in a session, and what imap-login says at its end",
	 {{0, AUTH, "bob", "s1", 1},
	  {20, AUTH, "bob", "s1", 1},
	  {40, AUTH, "bob", "s1", 1},
	  {170, IMAP, "bob", "s1", 3}},
	 3},
	{"imap-login says more than auth did",
	 {{0, AUTH, "bob", "s1", 1}, {60, IMAP, "bob", "s1", 3}},
	 3},
	{"without sessions, within three minutes",
	 {{0, AUTH, "bob", "", 1},
	  {20, AUTH, "bob", "", 1},
	  {150, IMAP, "bob", "", 2}},
	 2},
	{"another session is another attempt",
	 {{0, AUTH, "bob", "s1", 1}, {1, IMAP, "bob", "s2", 1}},
	 2},
	{"a sum tells of what others told",
	 {{0, SMTPD, "bob", "", 1},
	  {30, SMTPD, "eve", "", 1},
	  {300, "?" SMTPD, "", "", 2}},
	 2},
	{"... and of more",
	 {{0, SMTPD, "bob", "", 1}, {300, "?" SMTPD, "", "", 7}},
	 7},
	{"a sum first",
	 {{0, "?" SMTPD, "", "", 2}, {1, AUTH, "bob", "", 1}},
	 2},
	{"a sum of an hour before",
	 {{0, SMTPD, "bob", "", 1}, {3601, "?" SMTPD, "", "", 1}},
	 2},
	{"two sums of two connections",
	 {{0, "?" SMTPD, "", "", 2}, {60, "?" SMTPD, "", "", 3}},
	 5},
	{"saslauthd and PAM below it",
	 {{0, PAM, "bob", "", 1},
	  {0, "saslauthd", "bob", "", 1},
	  {1, SMTPD, "bob", "", 1}},
	 1},
	{"a line of many and one of few",
	 {{0, IMAP, "bob", "", 5}, {1, AUTH, "bob", "", 2}},
	 5},
};

static const struct policy policy = {
	.maxretry = 1000,
	.findtime = 86400,
	.steps = 1,
	.ladder = {3600},
	.account_window = 1,
	.network_window = 1,
};

static void echo_test(void **state)
{
	const struct echo_row *r = *state;
	const struct siphash_key key = {{3, 4}};
	struct fault why = {.text = ""};
	struct memory_rows rows;
	struct memory *m;
	int64_t attempts = 0;

	assert_int_equal(memory_open(&m, &policy, &key, &why), 0);
	for (const struct line *l = r->line; l->service != NULL; l++) {
		bool summary = l->service[0] == '?';
		struct trace t = {.address = {ADDRESS_V4, 32, {192, 0, 2, 1}},
				  .user = l->user,
				  .service = l->service + summary,
				  .session = l->session,
				  .count = l->count,
				  .summary = summary,
				  .at = BASE + l->at};
		struct history h = {0};
		struct verdict v;

		memory_recall(m, &t, t.at, &h);
		assert_in_range(h.echoed, 0, t.count);
		v = policy_decide(&policy, &h, t.count, t.at, t.at);
		assert_int_equal(v.kind, h.echoed == t.count ? VERDICT_ECHO
							     : VERDICT_COUNT);
		assert_int_equal(h.failures, attempts);
		attempts += t.count - h.echoed;
		assert_int_equal(memory_note(m, &t, v.kind, t.at, &rows, &why),
				 0);
	}
	assert_int_equal(attempts, r->attempts);
	memory_close(m);
}

int main(void)
{
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, echo_rows, echo_test);
	return _cmocka_run_group_tests("memory_echo", tests, n, NULL, NULL);
}
