/* groups: sums by name, and which of them come out on top. */
#include "row.h"

#include <stdio.h>
#include <string.h>

#include "groups.h"
#include "hashset.h"

static void count(struct groups *g, uint64_t hash, const char *name,
		  int64_t attempts, int64_t at)
{
	struct group *one = groups_of(g, hash, name);

	assert_non_null(one);
	group_count(one, attempts, at);
}

static void sum_test(void **state)
{
	struct groups g = {0};

	(void)state;
	count(&g, 7, "a", 3, 100);
	count(&g, 7, "the name stays", 4, 50);
	count(&g, 7, "a", 1, 70);
	assert_int_equal(g.n, 1);
	assert_string_equal(g.at[0].name, "a");
	assert_int_equal(g.at[0].attempts, 8);
	assert_int_equal(g.at[0].first, 50);
	assert_int_equal(g.at[0].last, 100);
	groups_close(&g);
}

/* The first ones, whether all of them are sorted or only these are found. */
static void rank(size_t n)
{
	struct groups g = {0};
	char name[16];

	/* 1237 is prime: each number from 0 to 1236 comes once. */
	for (unsigned i = 0; i < 1237; i++) {
		snprintf(name, sizeof(name), "%04u", i * 500 % 1237);
		count(&g, i + 1, name, i * 500 % 1237 / 2, 1);
	}
	groups_rank(&g, n);
	for (unsigned i = 0; i < (n == 0 ? 1237 : n); i++) {
		/* 1236 is alone; then two have as many each, and the smaller
		 * name is first: 1234, 1235, 1232 ... */
		snprintf(name, sizeof(name), "%04u",
			 i == 0 ? 1236 : (1236 - i) / 2 * 2 + (i % 2 == 0));
		assert_string_equal(g.at[i].name, name);
	}
	groups_close(&g);
}

static void rank_test(void **state)
{
	(void)state;
	rank(0);
	rank(1);
	rank(2);
	rank(20);
	rank(1236);
}

static void empty_test(void **state)
{
	struct groups g = {0};

	(void)state;
	groups_rank(&g, 10);
	assert_int_equal(g.n, 0);
	groups_close(&g);
}

static void hashset_test(void **state)
{
	struct hashset s = {0};

	(void)state;
	for (int turn = 0; turn < 2; turn++)
		for (uint64_t i = 0; i < 100000; i++)
			assert_int_equal(
				hashset_add(&s,
					    i * UINT64_C(0x9e3779b97f4a7c15)),
				turn == 0);
	assert_int_equal(s.n, 100000);
	assert_true(s.slots >= s.n && s.slots <= 262144);
	hashset_close(&s);
	assert_int_equal(s.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sum_test),
		cmocka_unit_test(rank_test),
		cmocka_unit_test(empty_test),
		cmocka_unit_test(hashset_test),
	};

	return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
