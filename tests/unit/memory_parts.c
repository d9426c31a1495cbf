/* memory: its parts: the cache, names, and who failed where. */
#include "row.h"

#include <string.h>

#include "memory/cache.h"
#include "memory/hosts.h"
#include "memory/name.h"
#include "memory/offender.h"
#include "memory/outage.h"

static const struct siphash_key key = {{1, 2}};

/* ---- the cache ---- */

struct cache_row {
	const char *title;
	const char *steps; /* a letter: get it; capital: touch it, strong; `-`
			    * before it: remove it */
	const char *left;  /* of a cache for four, in alphabetical order */
};

static const struct cache_row cache_rows[] = {
	{"nothing", "", ""},
	{"as many as there is room for", "abcd", "abcd"},
	{"one more: the oldest goes", "abcde", "bcde"},
	{"what was asked for again is not the oldest", "abcdae", "acde"},
	{"what is strong stays", "aAbcdefg", "aefg"},
	{"of the strong the oldest goes, when there are no weak ones",
	 "aAbBcCdDe", "bcde"},
	{"the weak one goes before older strong ones", "aAbBcCdef", "abcf"},
	{"once strong, always strong", "aAabcdefg", "aefg"},
	{"a strong one that was asked for again", "aAbBcCdDae", "acde"},
	{"room that was made by hand", "abcd-be", "acde"},
	{"removed and back", "abcd-aa", "abcd"},
	{"one that was removed is weak again", "aA-aabcde", "bcde"},
};

struct thing {
	struct node node;
	unsigned alive;
};

static unsigned dropped;

static void count_drop(struct node *node)
{
	dropped += ((struct thing *)node)->alive;
}

static void step(struct cache *t, const char **at)
{
	bool remove = **at == '-';
	char c = *(*at += remove);
	struct node *node;

	++*at;
	if (remove) {
		cache_remove(t, cache_find(t, (uint64_t)c));
	} else if (c < 'a') {
		cache_touch(t, cache_find(t, (uint64_t)(c - 'A' + 'a')), true);
	} else {
		node = cache_get(t, (uint64_t)c);
		assert_non_null(node);
		((struct thing *)node)->alive = 1;
	}
}

static void count_each(void *context, struct node *node)
{
	(void)node;
	++*(size_t *)context;
}

static void cache_test(void **state)
{
	const struct cache_row *r = *state;
	char left[32] = "";
	struct cache t;
	size_t n = 0, each = 0;

	dropped = 0;
	assert_int_equal(cache_open(&t, sizeof(struct thing), 4, count_drop),
			 0);
	for (const char *at = r->steps; *at != '\0';)
		step(&t, &at);
	for (char c = 'a'; c <= 'z'; c++)
		if (cache_find(&t, (uint64_t)c) != NULL)
			left[n++] = c;
	assert_string_equal(left, r->left);
	assert_int_equal(t.n, n);
	cache_each(&t, count_each, &each);
	assert_int_equal(each, n);
	dropped = 0;
	cache_clear(&t);
	assert_int_equal(dropped, n);
	assert_int_equal(t.n, 0);
	cache_close(&t);
	cache_close(&t);
}

/* ---- names ---- */

struct name_row {
	const char *title;
	const char *a, *b;
	bool same;
};

#define LONG                                                             \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct name_row name_rows[] = {
	{"one name", "bob", "bob", true},
	{"two", "bob", "eve", false},
	{"case", "Bob", "bOB", true},
	{"a domain that one server adds", "bob", "bob@example.org", true},
	{"its case", "BOB", "bob@Example.ORG", true},
	{"two domains", "bob@example.org", "bob@example.net", false},
	{"one domain", "bob@example.org", "bob@EXAMPLE.org", true},
	{"another user of it", "eve", "bob@example.org", false},
	{"nobody", "", "", false},
	{"nobody and somebody", "", "bob", false},
	{"a domain alone and nobody", "@example.org", "", false},
	{"two @", "bob@a@b", "bob", true},
	{"bytes that are no ASCII are what they are", "\xc3\x84", "\xc3\xa4",
	 false},
	{"127 bytes", LONG, LONG, true},
};

static void name_test(void **state)
{
	const struct name_row *r = *state;
	struct name a = name_read(&key, r->a), b = name_read(&key, r->b);

	assert_int_equal(name_same(&a, &b), r->same);
	assert_int_equal(name_same(&b, &a), r->same);
}

/* ---- hosts ---- */

static void hosts_test(void **state)
{
	struct hosts h = {.host = NULL};

	(void)state;
	assert_int_equal(hosts_count(&h, 0, 0, false), 0);
	assert_int_equal(hosts_note(&h, 7, 100, false), 0);
	assert_int_equal(hosts_note(&h, 7, 90, false), 0);
	assert_int_equal(hosts_note(&h, 8, 120, false), 0);
	assert_int_equal(hosts_count(&h, 100, 0, false), 2);
	assert_int_equal(hosts_count(&h, 100, 7, false), 1);
	assert_int_equal(hosts_count(&h, 101, 0, false), 1);
	hosts_correct(&h, 8, 50, false);
	assert_int_equal(hosts_count(&h, 51, 0, false), 1);
	hosts_correct(&h, 8, INT64_MIN, false);
	hosts_correct(&h, 9, INT64_MIN, false); /* it was never there */
	assert_int_equal(hosts_count(&h, INT64_MIN, 0, false), 1);
	hosts_drop(&h.node);
}

/* More than are kept: of these the latest. */
static void many_hosts_test(void **state)
{
	struct hosts h = {.host = NULL};

	(void)state;
	for (int i = 1; i <= 2 * MEMORY_HOSTS; i++)
		assert_int_equal(hosts_note(&h, (uint64_t)i, 1000 + i, false),
				 0);
	assert_int_equal(hosts_count(&h, 0, 0, false), MEMORY_HOSTS);
	assert_int_equal(hosts_count(&h, 1001 + MEMORY_HOSTS, 0, false),
			 MEMORY_HOSTS);
	hosts_drop(&h.node);
}

/* ---- signs of an outage ---- */

struct sign_row {
	const char *title;
	const char *steps; /* at each second the next: a small letter fails, a
			    * capital one logs in, `!` is trouble, `(` opens,
			    * `)` closes, `.` nothing */
	unsigned customers, troubles, logins;
};

static const struct sign_row sign_rows[] = {
	{"nothing", "...", 0, 0, 0},
	{"three customers", "abc", 3, 0, 0},
	{"one of them again", "abcab", 3, 0, 0},
	{"anybody logs in", "abcX", 0, 0, 0},
	{"and they go on", "abXac", 2, 0, 0},
	{"trouble is once, from one place", "a!!b", 2, 1, 0},
	{"in an outage logins are counted", "ab(XYX", 0, 0, 2},
	{"nobody logs in", "ab(cd", 4, 0, 0},
	{"when it is over all begins anew", "ab(cX)d", 1, 0, 0},
	{"... logins, too", "ab(XY)(", 0, 0, 0},
};

static void sign_test(void **state)
{
	const struct sign_row *r = *state;
	struct outage o = {0};
	struct signs signs;
	int64_t at = 1000;

	for (const char *c = r->steps; *c != '\0'; c++, at++) {
		uint64_t who = (uint64_t)*c;

		if (*c == '(' || *c == ')')
			outage_set(&o, *c == '(', at);
		else if (*c == '!')
			outage_note_trouble(&o, at);
		else if (*c >= 'a' && *c <= 'z')
			outage_note_failure(&o, who, who, at);
		else if (*c >= 'A' && *c <= 'Z')
			(void)outage_note_login(&o, who, at);
	}
	outage_signs(&o, at, &signs);
	assert_int_equal(signs.customers, r->customers);
	assert_int_equal(signs.trouble, r->troubles > 0);
	assert_int_equal(signs.logins, r->logins);
}

/* What is noted late counts by its time. */
static void late_sign_test(void **state)
{
	struct outage o = {0};
	struct signs signs;

	(void)state;
	(void)outage_note_login(&o, 1, 1000);
	outage_note_failure(&o, 2, 2, 1000);
	outage_note_failure(&o, 3, 3, 1001);
	outage_signs(&o, 1002, &signs);
	assert_int_equal(signs.customers, 1);
	(void)outage_note_login(&o, 1, 1000); /* so does a login */
	outage_signs(&o, 1002, &signs);
	assert_int_equal(signs.customers, 1);
	outage_signs(&o, 1001 + POLICY_OUTAGE_WINDOW, &signs);
	assert_int_equal(signs.customers, 0);
	assert_int_equal(outage_since(&o, 1002), 1001);
	/* Trouble that goes on is trouble now. */
	outage_note_trouble(&o, 2000);
	outage_note_trouble(&o, 2500);
	outage_signs(&o, 2700, &signs);
	assert_true(signs.trouble);
}

/* ---- room for attempts ---- */

static void fails(struct offender *o, enum verdict_kind verdict, unsigned n,
		  int64_t at, size_t *spare)
{
	struct memory_rows rows;

	for (unsigned i = 0; i < n; i++) {
		struct trace t = {.user = "alice",
				  .service = "postfix/smtpd",
				  .session = "",
				  .count = 1,
				  .at = at + i};
		struct attempt a = attempt_read(&key, &t);

		a.guess = 1;
		assert_int_equal(offender_note(o, &a, verdict, 0, spare, &rows),
				 0);
	}
}

/* Who gets no more room loses no failure. */
static void room_test(void **state)
{
	struct offender one = {.n = 0}, other = {.n = 0};
	size_t spare = OFFENDER_OWN;

	(void)state;
	fails(&one, VERDICT_COUNT, 300, 1000, &spare);
	assert_int_equal(one.size, 2 * OFFENDER_OWN);
	assert_int_equal(spare, 0);
	assert_int_equal(offender_failures(&one, 0), 300);
	fails(&other, VERDICT_COUNT, 300, 1000, &spare);
	assert_int_equal(other.size, OFFENDER_OWN);
	assert_int_equal(offender_failures(&other, 0), 300);
	offender_drop(&one.node);
	assert_int_equal(spare, OFFENDER_OWN);
	fails(&other, VERDICT_COUNT, 1, 2000, &spare);
	assert_int_equal(other.size, 2 * OFFENDER_OWN);
	offender_drop(&other.node);
	assert_int_equal(spare, OFFENDER_OWN);
}

static void most_test(void **state)
{
	struct offender o = {.n = 0};
	size_t spare = 1000;

	(void)state;
	fails(&o, VERDICT_COUNT, 300, 1000, &spare);
	assert_int_equal(o.size, MEMORY_ATTEMPTS);
	assert_int_equal(offender_failures(&o, 0), 300);
	assert_int_equal(spare, 1000 - (MEMORY_ATTEMPTS - OFFENDER_OWN));
	offender_drop(&o.node);
	assert_int_equal(spare, 1000);
}

/* What does not count never takes the place of what does. */
static void flushed_test(void **state)
{
	struct offender o = {.n = 0};
	size_t spare = 0;

	(void)state;
	fails(&o, VERDICT_COUNT, 1, 1000, &spare);
	fails(&o, VERDICT_REPEAT, 300, 2000, &spare);
	assert_int_equal(o.size, OFFENDER_OWN);
	assert_int_equal(offender_failures(&o, 0), 1);
	offender_drop(&o.node);
}

static void shrink_test(void **state)
{
	struct offender o = {.n = 0};
	size_t spare = 1000;

	(void)state;
	fails(&o, VERDICT_COUNT, 100, 1000, &spare);
	offender_shrink(&o, 1090);
	assert_int_equal(offender_failures(&o, 0), 10);
	assert_int_equal(o.size, MEMORY_ATTEMPTS); /* they do not fit */
	offender_shrink(&o, 1097);
	assert_int_equal(offender_failures(&o, 0), 3);
	assert_int_equal(o.size, OFFENDER_OWN);
	assert_int_equal(spare, 1000);
	offender_drop(&o.node);
	assert_int_equal(spare, 1000);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(room_test),
		cmocka_unit_test(most_test),
		cmocka_unit_test(flushed_test),
		cmocka_unit_test(shrink_test),
		cmocka_unit_test(hosts_test),
		cmocka_unit_test(many_hosts_test),
		cmocka_unit_test(late_sign_test),
	};
	struct CMUnitTest tests[64];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, cache_rows, cache_test);
	ROWS(tests, n, name_rows, name_test);
	ROWS(tests, n, sign_rows, sign_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("memory_parts", tests, n, NULL, NULL);
}
