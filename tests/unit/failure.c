/* failure: what is written comes back, and late ones are folded. */
#include "storekit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saslban/failure.h"

/* ---- failures ---- */

static void failures_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct address a = kit_address("192.0.2.1");
	struct failure late = {.jail = jail,
			       .host = a,
			       .address = a,
			       .at = NOW,
			       .count = 50,
			       .verdict = VERDICT_LATE};
	int64_t sum = -1;

	(void)state;
	assert_int_equal(failure_sum(s, jail, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 0);
	kit_failure(s, jail, "192.0.2.1", NOW - 100, 1);
	kit_failure(s, jail, "192.0.2.1", NOW - 10, 4);
	kit_failure(s, jail, "192.0.2.2", NOW, 100);
	kit_failure(s, other, "192.0.2.1", NOW, 1000);
	WRITE(s, failure_add(s, &late, &write_why));
	assert_int_equal(failure_sum(s, jail, &a, NOW - 100, &sum, NULL), 0);
	assert_int_equal(sum, 5);
	assert_int_equal(failure_sum(s, jail, &a, NOW - 99, &sum, NULL), 0);
	assert_int_equal(sum, 4);
	store_close(s);
}

static int copy_failure(void *context, const struct failure *f)
{
	*(struct failure *)context = *f;
	return 7;
}

/* What the remote says is kept byte for byte, SQL and all. */
static void remote_text_test(void **state)
{
	static const char user[] =
		"'); DROP TABLE failure;--\xff\xc3\x28\x1b[2J\n%s?1";
	struct store *s = kit_memory();
	struct address a = kit_address("2001:db8::5");
	struct failure f = {.jail = kit_jail(s, "sasl", "saslban"),
			    .host = a,
			    .address = address_mask(&a, 64),
			    .mech = "",
			    .at = NOW,
			    .count = 3,
			    .verdict = VERDICT_LATE};
	struct failure back;

	(void)state;
	memset(f.service, 'x', sizeof(f.service) - 1);
	memcpy(f.user, user, sizeof(user));
	snprintf(f.rule, sizeof(f.rule), "postfix:3");
	WRITE(s, failure_add(s, &f, &write_why));
	assert_int_equal(failure_each(s, &a, 0, copy_failure, &back, NULL), 7);
	assert_string_equal(back.user, user);
	assert_string_equal(back.service, f.service);
	assert_string_equal(back.mech, "");
	assert_string_equal(back.rule, "postfix:3");
	assert_true(address_equal(&back.host, &f.host));
	assert_true(address_equal(&back.address, &f.address));
	assert_int_equal(back.jail, f.jail);
	assert_int_equal(back.at, NOW);
	assert_int_equal(back.count, 3);
	assert_int_equal(back.verdict, VERDICT_LATE);
	store_close(s);
}

/* ---- late failures are folded ---- */

struct fold_failure {
	const char *host; /* NULL: no more of them */
	int64_t at;       /* behind HOUR */
	unsigned count;
	const char *user;
	bool counted; /* not late */
	bool other;   /* of another jail */
};

struct fold_row {
	const char *title;
	struct fold_failure failure[4];
	const char *expected; /* host user at count, newest first */
};

/* A full hour. */
#define HOUR (NOW - NOW % 3600)

static const struct fold_row fold_rows[] = {
	{"one is as it was",
	 {{"2001:db8::1", 5, 3, "bob", 0, 0}},
	 "2001:db8::1 bob +5 3"},
	{"a second one is added to it, which it replaces",
	 {{"2001:db8::1", 5, 3, "bob", 0, 0},
	  {"2001:db8::2", 9, 1, "eve", 0, 0}},
	 "2001:db8::2 eve +9 4"},
	{"one of the same second replaces it, too",
	 {{"2001:db8::1", 5, 1, "bob", 0, 0},
	  {"2001:db8::2", 5, 1, "eve", 0, 0}},
	 "2001:db8::2 eve +5 2"},
	{"one that comes too late is added to it, and replaces nothing",
	 {{"2001:db8::1", 9, 3, "bob", 0, 0},
	  {"2001:db8::2", 5, 1, "eve", 0, 0}},
	 "2001:db8::1 bob +9 4"},
	{"the last second of an hour and the first of the next are two rows",
	 {{"2001:db8::1", 3599, 3, "bob", 0, 0},
	  {"2001:db8::1", 3600, 1, "eve", 0, 0}},
	 "2001:db8::1 eve +3600 1, 2001:db8::1 bob +3599 3"},
	{"one that comes an hour too late has a row of its own",
	 {{"2001:db8::1", 3600, 3, "bob", 0, 0},
	  {"2001:db8::1", 3599, 1, "eve", 0, 0}},
	 "2001:db8::1 bob +3600 3, 2001:db8::1 eve +3599 1"},
	{"the first and the last second of an hour are one",
	 {{"2001:db8::1", 0, 3, "bob", 0, 0},
	  {"2001:db8::1", 3599, 1, "eve", 0, 0}},
	 "2001:db8::1 eve +3599 4"},
	{"each offender has a row",
	 {{"2001:db8::1", 5, 3, "bob", 0, 0},
	  {"2001:db8:0:1::1", 6, 1, "eve", 0, 0},
	  {"2001:db8::3", 7, 1, "joe", 0, 0}},
	 "2001:db8::3 joe +7 4, 2001:db8:0:1::1 eve +6 1"},
	{"each jail has a row",
	 {{"2001:db8::1", 5, 3, "bob", 0, 0},
	  {"2001:db8::1", 6, 1, "eve", 0, 1}},
	 "2001:db8::1 eve +6 1, 2001:db8::1 bob +5 3"},
	{"what counts is never folded, and nothing into it",
	 {{"2001:db8::1", 5, 3, "bob", 1, 0},
	  {"2001:db8::1", 6, 1, "eve", 1, 0},
	  {"2001:db8::1", 7, 1, "joe", 0, 0},
	  {"2001:db8::1", 8, 2, "sue", 0, 0}},
	 "2001:db8::1 sue +8 3, 2001:db8::1 eve +6 1, 2001:db8::1 bob +5 3"},
};

static int print_failure(void *context, const struct failure *f)
{
	char *text = context, host[ADDRESS_TEXT];
	size_t end = strlen(text);

	snprintf(text + end, KIT_TEXT - end, "%s%s %s %+" PRId64 " %u",
		 end == 0 ? "" : ", ", address_print(&f->host, host), f->user,
		 f->at - HOUR, f->count);
	return 0;
}

static void fold_test(void **state)
{
	const struct fold_row *r = *state;
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban");
	struct address all = kit_address("::/0");
	char text[KIT_TEXT] = "";

	for (const struct fold_failure *x = r->failure;
	     x < r->failure + 4 && x->host != NULL; x++) {
		struct failure f = {.jail = x->other ? other : jail,
				    .host = kit_address(x->host),
				    .at = HOUR + x->at,
				    .count = x->count,
				    .verdict = x->counted ? VERDICT_COUNT
							  : VERDICT_LATE};

		f.address = address_mask(&f.host, 64);
		snprintf(f.user, sizeof(f.user), "%s", x->user);
		WRITE(s, failure_add(s, &f, &write_why));
	}
	assert_int_equal(failure_each(s, &all, 0, print_failure, text, NULL),
			 0);
	assert_string_equal(text, r->expected);
	store_close(s);
}

/* The row is the newest one's in every column. */
static void fold_whole_test(void **state)
{
	struct store *s = kit_memory();
	struct failure f = {.jail = kit_jail(s, "sasl", "saslban"),
			    .host = kit_address("2001:db8::1"),
			    .address = kit_address("2001:db8::/64"),
			    .user = "bob",
			    .service = "postfix/smtpd",
			    .mech = "LOGIN",
			    .rule = "postfix:1",
			    .at = HOUR,
			    .count = 1,
			    .verdict = VERDICT_LATE};
	struct address first = f.host, net = kit_address("2001:db8::/32");
	char text[KIT_TEXT] = "";
	struct failure back;

	(void)state;
	WRITE(s, failure_add(s, &f, &write_why));
	f = (struct failure){.jail = f.jail,
			     .host = kit_address("2001:db8::2"),
			     .address = f.address,
			     .user = "eve",
			     .service = "dovecot",
			     .mech = "PLAIN",
			     .rule = "dovecot:2",
			     .at = HOUR + 1,
			     .count = 7,
			     .verdict = VERDICT_LATE};
	WRITE(s, failure_add(s, &f, &write_why));
	assert_int_equal(failure_each(s, &net, 0, copy_failure, &back, NULL),
			 7);
	f.count = 8;
	assert_true(address_equal(&back.host, &f.host));
	assert_true(address_equal(&back.address, &f.address));
	assert_string_equal(back.user, f.user);
	assert_string_equal(back.service, f.service);
	assert_string_equal(back.mech, f.mech);
	assert_string_equal(back.rule, f.rule);
	assert_int_equal(back.at, f.at);
	assert_int_equal(back.count, f.count);
	assert_int_equal(back.verdict, VERDICT_LATE);
	/* It is found by the host that it names, and by no other. */
	assert_int_equal(failure_each(s, &first, 0, print_failure, text, NULL),
			 0);
	assert_string_equal(text, "");
	assert_int_equal(failure_each(s, &f.host, 0, print_failure, text, NULL),
			 0);
	assert_string_equal(text, "2001:db8::2 eve +1 8");
	store_close(s);
}

/* ---- forgetting ---- */

static void prune_test(void **state)
{
	struct store *s = kit_memory();
	int64_t jail = kit_jail(s, "sasl", "saslban");
	int64_t other = kit_jail(s, "rbl", "saslban-rbl");
	struct address a = kit_address("192.0.2.1");
	static const size_t expected[] = {2, 2, 1, 0};
	int64_t sum;
	size_t n = 99;

	(void)state;
	for (int i = 0; i < 5; i++)
		kit_failure(s, jail, "192.0.2.1", NOW - 100 + i, 1);
	kit_failure(s, jail, "192.0.2.1", NOW - 50, 10);
	kit_failure(s, other, "192.0.2.1", NOW - 100, 100);
	for (size_t i = 0; i < 4; i++) {
		WRITE(s, failure_prune(s, jail, NOW - 50, 2, &n, &write_why));
		assert_int_equal(n, expected[i]);
	}
	assert_int_equal(failure_sum(s, jail, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 10);
	assert_int_equal(failure_sum(s, other, &a, 0, &sum, NULL), 0);
	assert_int_equal(sum, 100);
	store_close(s);
}

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, fold_rows, fold_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(failures_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(remote_text_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(fold_whole_test);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(prune_test);
	return _cmocka_run_group_tests("failure", tests, n, NULL, NULL);
}
