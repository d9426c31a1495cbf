/* store: logins, outages, breaches, the secret, and what becomes of failures.
 */
#include "storekit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/breach.h"
#include "saslban/failure.h"
#include "saslban/jail.h"
#include "saslban/login.h"
#include "saslban/outage.h"
#include "saslban/secret.h"

/* ---- logins ---- */

static void put(struct store *s, const char *address, const char *user,
		int64_t first, int64_t last)
{
	struct login l = {.address = kit_address(address),
			  .first = NOW + first,
			  .last = NOW + last};

	snprintf(l.user, sizeof(l.user), "%s", user);
	WRITE(s, login_put(s, &l, &write_why));
}

struct seen {
	char text[KIT_TEXT];
	size_t stop_after, n;
};

static int see_login(void *context, const struct login *l)
{
	struct seen *x = context;
	size_t end = strlen(x->text);
	char address[ADDRESS_TEXT];

	snprintf(x->text + end, sizeof(x->text) - end, "%s%s@%s %+lld%+lld",
		 end == 0 ? "" : ", ", l->user,
		 address_print(&l->address, address),
		 (long long)(l->first - NOW), (long long)(l->last - NOW));
	return ++x->n == x->stop_after ? 42 : 0;
}

static struct store *with_logins(void)
{
	struct store *s = kit_memory();

	put(s, "192.0.2.1", "bob", 10, 20);
	put(s, "192.0.2.1", "bob", 5, 15);
	put(s, "192.0.2.1", "eve", 30, 30);
	put(s, "198.51.100.1", "bob", 40, 40);
	put(s, "2001:db8:1:2::/64", "joe", 1, 50);
	return s;
}

enum way { BY_TIME, BY_ADDRESS, BY_USER };

struct login_row {
	const char *title;
	enum way way;
	const char *what; /* seconds, an address or a user */
	size_t limit;
	const char *expected;
};

static const struct login_row login_rows[] = {
	{"of a time, the earliest first", BY_TIME, "30", 0,
	 "eve@192.0.2.1 +30+30, bob@198.51.100.1 +40+40, "
	 "joe@2001:db8:1:2::/64 +1+50"},
	{"the earlier first time, the later last one", BY_TIME, "0", 9,
	 "bob@192.0.2.1 +5+20, eve@192.0.2.1 +30+30, "
	 "bob@198.51.100.1 +40+40, joe@2001:db8:1:2::/64 +1+50"},
	{"a few: the latest, the earliest first", BY_TIME, "0", 2,
	 "bob@198.51.100.1 +40+40, joe@2001:db8:1:2::/64 +1+50"},
	{"of an address", BY_ADDRESS, "192.0.2.1", 0,
	 "eve@192.0.2.1 +30+30, bob@192.0.2.1 +5+20"},
	{"of a network", BY_ADDRESS, "192.0.2.0/24", 1, "eve@192.0.2.1 +30+30"},
	{"of a network of IPv6", BY_ADDRESS, "2001:db8::/32", 0,
	 "joe@2001:db8:1:2::/64 +1+50"},
	{"of nobody's address", BY_ADDRESS, "192.0.2.2", 0, ""},
	{"of a user", BY_USER, "bob", 0,
	 "bob@198.51.100.1 +40+40, bob@192.0.2.1 +5+20"},
	{"of nobody", BY_USER, "Bob", 0, ""},
};

static void login_test(void **state)
{
	const struct login_row *r = *state;
	struct store *s = with_logins();
	struct seen seen = {.text = ""};
	struct address a;
	int result;

	if (r->way == BY_TIME) {
		result = login_each(s, NOW + atoi(r->what), r->limit, see_login,
				    &seen, NULL);
	} else if (r->way == BY_USER) {
		result = login_of_user(s, r->what, r->limit, see_login, &seen,
				       NULL);
	} else {
		a = kit_address(r->what);
		result = login_of_address(s, &a, r->limit, see_login, &seen,
					  NULL);
	}
	assert_int_equal(result, 0);
	assert_string_equal(seen.text, r->expected);
	store_close(s);
}

static void login_stop_test(void **state)
{
	struct store *s = with_logins();
	struct seen seen = {.stop_after = 2};

	(void)state;
	assert_int_equal(login_each(s, 0, 0, see_login, &seen, NULL), 42);
	assert_int_equal(seen.n, 2);
	store_close(s);
}

static void login_forget_test(void **state)
{
	struct address a = kit_address("192.0.2.1");
	struct store *s = with_logins();
	struct seen seen = {.text = ""};
	size_t n;

	(void)state;
	WRITE(s, login_forget(s, &a, "bob", &write_why));
	WRITE(s, login_forget(s, &a, "nobody", &write_why));
	WRITE(s, login_prune(s, NOW + 40, 9, &n, &write_why));
	assert_int_equal(n, 1);
	WRITE(s, login_prune(s, NOW + 99, 1, &n, &write_why));
	assert_int_equal(n, 1);
	assert_int_equal(login_each(s, 0, 0, see_login, &seen, NULL), 0);
	assert_string_equal(seen.text, "joe@2001:db8:1:2::/64 +1+50");
	store_close(s);
}

/* A name is what the remote sent. */
static void login_odd_test(void **state)
{
	struct store *s = kit_memory();
	struct seen seen = {.text = ""};

	(void)state;
	put(s, "192.0.2.1", "a'b\"c\n\033\xff", 0, 0);
	assert_int_equal(login_each(s, 0, 0, see_login, &seen, NULL), 0);
	assert_string_equal(seen.text, "a'b\"c\n\033\xff@192.0.2.1 +0+0");
	store_close(s);
}

/* ---- outages ---- */

static int see_outage(void *context, const struct outage_row *o)
{
	struct seen *x = context;
	size_t end = strlen(x->text);

	snprintf(x->text + end, sizeof(x->text) - end,
		 "%s%lld %+lld%+lld%+lld %s'%s'", end == 0 ? "" : ", ",
		 (long long)o->jail, (long long)(o->since - NOW),
		 (long long)(o->opened - NOW),
		 (long long)(o->closed == 0 ? 0 : o->closed - NOW), o->why,
		 o->login);
	return 0;
}

static void begin(struct store *s, int64_t jail, int64_t opened)
{
	struct outage_row o = {.jail = jail,
			       .since = NOW + opened - 5,
			       .opened = NOW + opened,
			       .why = "x"};

	WRITE(s, outage_begin(s, &o, &write_why));
}

static void outage_test(void **state)
{
	struct store *s = kit_memory();
	struct seen all = {.text = ""}, one = {.text = ""};
	int64_t a = kit_jail(s, "sasl", "saslban");
	int64_t b = kit_jail(s, "rbl", "saslban");

	(void)state;
	begin(s, a, 10);
	WRITE(s, outage_login(s, a, "bob", &write_why));
	WRITE(s, outage_login(s, a, "eve", &write_why));
	WRITE(s, outage_end(s, a, NOW + 20, &write_why));
	WRITE(s, outage_end(s, a, NOW + 25, &write_why)); /* it was over */
	begin(s, b, 30);
	begin(s, a, 40);
	begin(s, a, 50); /* one that nobody has closed */
	assert_int_equal(outage_each(s, 0, 0, see_outage, &all, NULL), 0);
	assert_string_equal(all.text, "1 +45+50+0 x'', 1 +35+40+50 x'', "
				      "2 +25+30+0 x'', 1 +5+10+20 x'bob'");
	assert_int_equal(outage_each(s, b, 1, see_outage, &one, NULL), 0);
	assert_string_equal(one.text, "2 +25+30+0 x''");
	store_close(s);
}

/* ---- breaches ---- */

static bool breach(struct store *s, int64_t jail, const char *user,
		   const char *host, int64_t at)
{
	struct breach_row b = {.jail = jail,
			       .at = NOW + at,
			       .host = kit_address(host),
			       .service = "dovecot",
			       .kind = "others",
			       .why = "y"};
	bool fresh;

	snprintf(b.user, sizeof(b.user), "%s", user);
	WRITE(s, breach_add(s, &b, &fresh, &write_why));
	return fresh;
}

static int see_breach(void *context, const struct breach_row *b)
{
	struct seen *x = context;
	size_t end = strlen(x->text);
	char host[ADDRESS_TEXT];

	snprintf(x->text + end, sizeof(x->text) - end,
		 "%s%lld %s@%s %+lld%+lld*%lld %s %s %s", end == 0 ? "" : ", ",
		 (long long)b->jail, b->user, address_print(&b->host, host),
		 (long long)(b->at - NOW), (long long)(b->last - NOW),
		 (long long)b->count, b->service, b->kind, b->why);
	return 0;
}

static void breach_test(void **state)
{
	struct store *s = kit_memory();
	struct seen all = {.text = ""}, late = {.text = ""};
	int64_t a = kit_jail(s, "sasl", "saslban");
	int64_t b = kit_jail(s, "rbl", "saslban");

	(void)state;
	assert_true(breach(s, a, "bob", "192.0.2.1", 0));
	assert_false(breach(s, a, "bob", "192.0.2.1", 86400));
	assert_false(breach(s, a, "bob", "192.0.2.1", 80000));
	assert_true(breach(s, a, "bob", "192.0.2.2", 1));
	assert_true(breach(s, a, "eve", "192.0.2.1", 2));
	assert_true(breach(s, b, "bob", "192.0.2.1", 3));
	/* A day after the latest, not after the first. */
	assert_false(breach(s, a, "bob", "192.0.2.1", 172800));
	assert_true(breach(s, a, "bob", "192.0.2.1", 259201));
	assert_int_equal(breach_each(s, a, 0, 2, see_breach, &all, NULL), 0);
	assert_string_equal(all.text,
			    "1 bob@192.0.2.1 +259201+259201*1 dovecot others "
			    "y, 1 eve@192.0.2.1 +2+2*1 dovecot others y");
	WRITE(s, breach_prune(s, a, NOW + 100000, &write_why));
	assert_int_equal(breach_each(s, 0, 0, 0, see_breach, &late, NULL), 0);
	assert_string_equal(late.text,
			    "1 bob@192.0.2.1 +259201+259201*1 dovecot others "
			    "y, 2 bob@192.0.2.1 +3+3*1 dovecot others y, "
			    "1 bob@192.0.2.1 +0+172800*4 dovecot others y");
	store_close(s);
}

/* ---- the secret ---- */

/* Each database has its own, and keeps it. */
static void secret_test(void **state)
{
	char dir[KIT_DIR], path[KIT_DIR + 16];
	struct siphash_key first, again, other;
	struct store *s = kit_memory();

	(void)state;
	assert_int_equal(secret_get(s, &other, NULL), 0);
	store_close(s);
	snprintf(path, sizeof(path), "%s/a.db", kit_dir(dir));
	s = kit_open(path, STORE_CREATE);
	assert_int_equal(secret_get(s, &first, NULL), 0);
	store_close(s);
	s = kit_open(path, STORE_READ);
	assert_int_equal(secret_get(s, &again, NULL), 0);
	store_close(s);
	assert_memory_equal(&first, &again, sizeof(first));
	assert_memory_not_equal(&first, &other, sizeof(first));
	assert_int_not_equal(first.half[0], first.half[1]);
	kit_remove(dir);
}

/* ---- what becomes of failures ---- */

static void keep(struct store *s, int64_t jail, const char *host, int64_t at,
		 enum verdict_kind verdict)
{
	struct failure f = {.jail = jail,
			    .host = kit_address(host),
			    .address = kit_address(host),
			    .session = "s",
			    .at = NOW + at,
			    .count = 2,
			    .sort = SIGHTING_SUMMARY,
			    .verdict = verdict,
			    .wide = verdict == VERDICT_COUNT,
			    .guess = UINT64_MAX - 1};

	WRITE(s, failure_add(s, &f, &write_why));
}

static int see_failure(void *context, const struct failure *f)
{
	struct seen *x = context;
	size_t end = strlen(x->text);

	assert_string_equal(f->session, "s");
	assert_int_equal(f->sort, SIGHTING_SUMMARY);
	assert_true(f->guess == UINT64_MAX - 1);
	snprintf(x->text + end, sizeof(x->text) - end, "%s%lld %+lld %s%s",
		 end == 0 ? "" : ", ", (long long)f->id,
		 (long long)(f->at - NOW), verdict_word(f->verdict),
		 f->wide ? "!" : "");
	return 0;
}

#define RECENT(s, jail, since, expected)                                     \
	do {                                                                 \
		struct seen recent = {.text = ""};                           \
		assert_int_equal(failure_recent((s), (jail), NOW + (since),  \
						see_failure, &recent, NULL), \
				 0);                                         \
		assert_string_equal(recent.text, (expected));                \
	} while (0)

static void become_test(void **state)
{
	struct store *s = kit_memory();
	int64_t a = kit_jail(s, "sasl", "saslban");
	int64_t b = kit_jail(s, "rbl", "saslban");
	int64_t ids[] = {1, 2, 99};

	(void)state;
	for (int kind = VERDICT_COUNT; kind < VERDICT_KINDS; kind++)
		keep(s, a, "192.0.2.1", kind, (enum verdict_kind)kind);
	keep(s, b, "192.0.2.1", 50, VERDICT_COUNT);
	RECENT(s, a, 3,
	       "4 +3 old, 5 +4 echo, 6 +5 repeat, 7 +6 outage, "
	       "8 +7 doubtful, 9 +8 grace, 10 +9 forgiven");
	RECENT(s, a, -9,
	       "1 +0 counted!, 2 +1 counted, 3 +2 late, 4 +3 old, "
	       "5 +4 echo, 6 +5 repeat, 7 +6 outage, 8 +7 doubtful, "
	       "9 +8 grace, 10 +9 forgiven");
	WRITE(s, failure_end_grace(s, 9, &write_why));
	WRITE(s, failure_end_grace(s, 10, &write_why));
	WRITE(s, failure_settle(s, ids, 3, VERDICT_FORGIVEN, &write_why));
	RECENT(s, a, -9,
	       "1 +0 forgiven!, 2 +1 forgiven, 3 +2 late, 4 +3 old, "
	       "5 +4 echo, 6 +5 repeat, 7 +6 outage, 8 +7 doubtful, "
	       "9 +8 counted, 10 +9 forgiven");
	WRITE(s, failure_excuse(s, a, NOW + 5, &write_why));
	RECENT(s, a, 4,
	       "5 +4 echo, 6 +5 outage, 7 +6 outage, 8 +7 doubtful, "
	       "9 +8 outage, 10 +9 forgiven");
	RECENT(s, b, 0, "11 +50 counted!");
	store_close(s);
}

/* Only what is late or old is folded, each by itself. */
static void fold_test(void **state)
{
	struct store *s = kit_memory();
	int64_t a = kit_jail(s, "sasl", "saslban");
	int64_t hour = 3600 - NOW % 3600; /* a full one begins */

	(void)state;
	keep(s, a, "192.0.2.1", hour, VERDICT_LATE);
	keep(s, a, "192.0.2.1", hour + 1, VERDICT_OLD);
	keep(s, a, "192.0.2.1", hour + 2, VERDICT_LATE);
	keep(s, a, "192.0.2.1", hour + 3, VERDICT_ECHO);
	keep(s, a, "192.0.2.1", hour + 4, VERDICT_ECHO);
	keep(s, a, "192.0.2.1", hour + 3599, VERDICT_LATE);
	keep(s, a, "192.0.2.1", hour + 3600, VERDICT_LATE);
	keep(s, a, "192.0.2.2", hour + 5, VERDICT_LATE);
	kit_failure(s, a, "192.0.2.3", NOW - 9, 1);
	{
		char expected[KIT_TEXT];

		snprintf(expected, sizeof(expected),
			 "1 %+lld late, 2 %+lld old, 3 %+lld echo, "
			 "4 %+lld echo, 5 %+lld late, 6 %+lld late",
			 (long long)hour + 3599, (long long)hour + 1,
			 (long long)hour + 3, (long long)hour + 4,
			 (long long)hour + 3600, (long long)hour + 5);
		RECENT(s, a, 0, expected);
	}
	store_close(s);
}

/* ---- of a jail ---- */

static void signs_test(void **state)
{
	struct store *s = kit_memory();
	int64_t a = kit_jail(s, "sasl", "saslban"), at;

	(void)state;
	assert_int_equal(jail_last_login(s, a, &at, NULL), 0);
	assert_int_equal(at, 0);
	WRITE(s, jail_logged_in(s, a, NOW, &write_why));
	WRITE(s, jail_logged_in(s, a, NOW - 5, &write_why));
	WRITE(s, jail_in_trouble(s, a, NOW + 7, &write_why));
	assert_int_equal(jail_last_login(s, a, &at, NULL), 0);
	assert_int_equal(at, NOW);
	assert_int_equal(jail_last_trouble(s, a, &at, NULL), 0);
	assert_int_equal(at, NOW + 7);
	store_close(s);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(login_stop_test),
		cmocka_unit_test(login_forget_test),
		cmocka_unit_test(login_odd_test),
		cmocka_unit_test(outage_test),
		cmocka_unit_test(breach_test),
		cmocka_unit_test(secret_test),
		cmocka_unit_test(become_test),
		cmocka_unit_test(fold_test),
		cmocka_unit_test(signs_test),
	};
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, login_rows, login_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("store_login", tests, n, NULL, NULL);
}
