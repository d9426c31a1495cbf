/*
 * queue_share: when more comes than the queue holds, who comes in and who does
 * not. Built with ThreadSanitizer as well (selftest).
 */
#include "queueing.h"
#include "row.h"

#include <pthread.h>
#include <string.h>

static bool guess(struct queue *q, unsigned number)
{
	return put_of(q, SIGHTING_FAILURE, number, 1);
}

/* ---- who may come in ---- */

/* Until nobody of them gets in any more, in turn. */
static void nobody_has_more_than_are_free(void **state)
{
	/* 16 places; failures may have 12. Nobody has more than are free. */
	static const struct {
		unsigned floods;
		unsigned each;
		unsigned free; /* of those for failures */
	} rows[] = {
		{1, 6, 6}, {2, 4, 4},  {3, 3, 3},
		{5, 2, 2}, {11, 1, 1}, {12, 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct queue *q = open_queue(16);
		unsigned held[12] = {0};
		unsigned free = 0;

		for (unsigned k = 0; k < 12 * rows[i].floods; k++)
			held[k % rows[i].floods] +=
				guess(q, k % rows[i].floods);
		for (unsigned k = 0; k < rows[i].floods; k++)
			assert_int_equal(held[k], rows[i].each);
		while (guess(q, 100 + free))
			free++;
		assert_int_equal(free, rows[i].free);
		queue_close(q);
	}
}

/* Of 1024 places failures may have 768. Who floods after the others has half of
 * what they left, to the last 96, an eighth: 8 of these, to the last 48; and of
 * these 1. */
static void floods_one_after_the_other_leave_room(void **state)
{
	static const struct {
		unsigned floods;
		unsigned last;  /* what the last of them has */
		unsigned free;  /* for others, of whom each fails once */
		unsigned again; /* times that a newcomer who goes on gets in */
	} rows[] = {
		{1, 384, 384, 192}, {2, 192, 192, 96}, {3, 96, 96, 8},
		{4, 8, 88, 8},      {8, 8, 56, 8},     {9, 8, 48, 1},
		{10, 1, 47, 1},     {56, 1, 1, 1},     {57, 1, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (unsigned same = 0; same < 2; same++) {
			struct queue *q = open_queue(1024);
			unsigned last = 0, got = 0;

			for (unsigned k = 0; k < rows[i].floods; k++) {
				last = 0;
				for (unsigned n = 0; n < 2000; n++)
					last += guess(q, k);
			}
			assert_int_equal(last, rows[i].last);
			for (unsigned n = 0; n < 2000; n++)
				got += guess(q, 100 + (same ? 0 : n));
			assert_int_equal(got,
					 same ? rows[i].again : rows[i].free);
			queue_close(q);
		}
	}
}

/* What one holds is what waits, and is taken in the order in which it came. */
static void a_share_comes_back_as_it_is_taken(void **state)
{
	struct queue *q = open_queue(16);
	struct sighting out[16];

	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		for (unsigned i = 1; i <= 8; i++)
			assert_int_equal(put_of(q, SIGHTING_FAILURE, 1, i),
					 i <= 6);
		assert_int_equal(queue_take(q, out, 2, -1), 2);
		assert_int_equal(out[1].count, 2);
		for (unsigned i = 7; i <= 9; i++)
			assert_int_equal(put_of(q, SIGHTING_FAILURE, 1, i),
					 i <= 8);
		assert_true(put_of(q, SIGHTING_FAILURE, 2, 9));
		assert_int_equal(queue_take(q, out, 16, -1), 7);
		for (unsigned i = 0; i < 7; i++)
			assert_int_equal(out[i].count, i + 3);
	}
	queue_close(q);
}

/* Of 16 places: how many of one kind get in, each of somebody else, and of
 * the other kind afterwards. */
static void a_quarter_is_kept_for_the_other_kind(void **state)
{
	static const struct {
		enum sighting_kind first, second;
		unsigned fits, left;
	} rows[] = {
		{SIGHTING_FAILURE, SIGHTING_SUCCESS, 12, 4},
		{SIGHTING_FAILURE, SIGHTING_TROUBLE, 12, 4},
		{SIGHTING_SUCCESS, SIGHTING_FAILURE, 12, 4},
		{SIGHTING_TROUBLE, SIGHTING_FAILURE, 12, 4},
		{SIGHTING_SUCCESS, SIGHTING_TROUBLE, 12, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct queue *q = open_queue(16);
		struct queue_drops d;
		unsigned n;

		for (n = 0; put_of(q, rows[i].first, n, 1); n++)
			;
		assert_int_equal(n, rows[i].fits);
		for (n = 0; put_of(q, rows[i].second, n, 1); n++)
			;
		assert_int_equal(n, rows[i].left);
		queue_dropped(q, &d);
		assert_int_equal(d.failures,
				 (rows[i].first == SIGHTING_FAILURE) +
					 (rows[i].second == SIGHTING_FAILURE));
		assert_int_equal(d.failures + d.others, 2);
		queue_close(q);
	}
}

/* Whoever floods may log in, and his server may be in trouble. */
static void kinds_of_one_address_are_counted_apart(void **state)
{
	struct queue *q = open_queue(16);

	(void)state;
	while (guess(q, 1))
		;
	assert_true(put_of(q, SIGHTING_SUCCESS, 1, 1));
	/* 16 - 6 - 1 places are left: one who logs in without end has 5. */
	for (unsigned i = 1; i <= 5; i++)
		assert_int_equal(put_of(q, SIGHTING_SUCCESS, 1, 1), i < 5);
	assert_true(put_of(q, SIGHTING_TROUBLE, 1, 1));
	assert_true(guess(q, 2));
	queue_close(q);
}

/* One floods; a thousand fail once, ten fail ten times, all in between. */
static void nobody_is_displaced_by_one_who_floods(void **state)
{
	enum { FLOOD = 1000000, OFTEN = 10, ONCE = 1000, TIMES = 10 };
	static struct sighting out[16384];
	unsigned seen[1 + OFTEN + ONCE] = {0};
	struct queue *q = open_queue(16384);
	struct queue_drops d;
	unsigned others = 0;
	size_t n;

	(void)state;
	for (unsigned i = 0; i < FLOOD; i++) {
		put_of(q, SIGHTING_FAILURE, 0, 0);
		if (i % (FLOOD / ONCE) == 7) {
			unsigned k = 1 + OFTEN + others++;

			assert_true(put_of(q, SIGHTING_FAILURE, k, k));
		}
		if (i % (FLOOD / (OFTEN * TIMES)) == 9) {
			unsigned k = 1 + i / (FLOOD / (OFTEN * TIMES)) % OFTEN;

			assert_true(put_of(q, SIGHTING_FAILURE, k, k));
		}
	}
	n = queue_take(q, out, 16384, -1);
	for (size_t i = 0; i < n; i++)
		seen[out[i].count]++;
	for (unsigned k = 1; k <= OFTEN + ONCE; k++)
		assert_int_equal(seen[k], k <= OFTEN ? TIMES : 1);
	/* He filled half of 12288 places before many others had come. */
	assert_in_range(seen[0], 6000, 6144);
	queue_dropped(q, &d);
	assert_int_equal(d.failures, FLOOD - seen[0]);
	assert_int_equal(d.least, FLOOD - seen[0]);
	assert_true(address_equal(&d.most,
				  &(struct address){ADDRESS_V4, 32, {10}}));
	queue_close(q);
}

/* As the engine takes, the one who floods goes on being judged: whatever
 * number of failures a ban needs, he comes to it. */
static void who_floods_goes_on_coming_through(void **state)
{
	struct queue *q = open_queue(64);
	struct sighting out[8];
	unsigned taken = 0;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		guess(q, 1);
		guess(q, 2);
		if (i % 50 == 49)
			taken += (unsigned)queue_take(q, out, 8, -1);
	}
	assert_int_equal(taken, 10000 / 50 * 8);
	queue_close(q);
}

/* More addresses than there are places: nobody has two while somebody else has
 * none. */
static void in_a_spray_each_has_one(void **state)
{
	struct queue *q = open_queue(64);
	struct sighting out[64];
	unsigned seen[1000] = {0};
	size_t n;

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		put_of(q, SIGHTING_FAILURE, i % 1000, i % 1000);
	n = queue_take(q, out, 64, -1);
	assert_int_equal(n, 48);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(seen[out[i].count]++, 0);
	queue_close(q);
}

/* ---- of whom most was dropped ---- */

/* A letter for each failure, and whose it is; nothing gets in. */
static void who_had_most_is_known(void **state)
{
	static const struct {
		const char *drops;
		char most;
		unsigned least;
	} rows[] = {
		{"", 0, 0},
		{"a", 'a', 1},
		{"aaab", 'a', 3},
		{"abbb", 'b', 3},
		/* Eight are remembered. The ninth takes one off each. */
		{"aaabcdefgh", 'a', 3},
		{"aaabcdefghi", 'a', 2},
		{"aaabcdefghij", 'a', 2},
		{"abcdefghijjj", 'j', 3},
		{"abcdefghi", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct queue *q = open_queue(0);
		struct queue_drops d;

		for (const char *c = rows[i].drops; *c != '\0'; c++)
			assert_false(guess(q, (unsigned char)*c));
		/* These are not failures. */
		for (unsigned n = 0; n < 20; n++)
			put_of(q, SIGHTING_SUCCESS, 'z', 1);
		queue_dropped(q, &d);
		assert_int_equal(d.failures, strlen(rows[i].drops));
		assert_int_equal(d.others, 20);
		assert_int_equal(d.least, rows[i].least);
		if (d.least > 0)
			assert_int_equal(d.most.bytes[3],
					 (unsigned char)rows[i].most);
		queue_dropped(q, &d); /* since the last call */
		assert_int_equal(d.failures + d.others + d.least, 0);
		queue_close(q);
	}
}

/* ---- threads ---- */

/* One thread floods, three put failures of others, and one takes: nothing of
 * the others is dropped, however slow that one is. 768 of 1024 places are for
 * failures. The one who floods has 384 at most, and the others, 3 times 27 who
 * fail 4 times each, 324: they do not come to the last 48. */
enum { EACH = 50000, BATCH = 10, CALM = 3, QUIET = 27, QUIET_TIMES = 4 };

struct quiet {
	struct queue *queue;
	unsigned number;
	unsigned refused;
};

static void *flood(void *context)
{
	for (unsigned i = 0; i < EACH; i++)
		guess(context, 1);
	return NULL;
}

static void *be_quiet(void *context)
{
	struct quiet *p = context;

	for (unsigned i = 0; i < QUIET * QUIET_TIMES; i++)
		p->refused += !guess(p->queue, 100 * p->number + i % QUIET);
	return NULL;
}

static void others_come_through_beside_floods(void **state)
{
	struct queue *q = open_queue(1024);
	struct quiet quiet[CALM];
	pthread_t threads[CALM + 1];
	struct sighting out[BATCH];

	(void)state;
	pthread_create(&threads[CALM], NULL, flood, q);
	for (unsigned i = 0; i < CALM; i++) {
		quiet[i] = (struct quiet){q, i + 1, 0};
		pthread_create(&threads[i], NULL, be_quiet, &quiet[i]);
	}
	for (unsigned i = 0; i < 100; i++)
		queue_take(q, out, BATCH, 0);
	for (unsigned i = 0; i <= CALM; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < CALM; i++)
		assert_int_equal(quiet[i].refused, 0);
	queue_close(q);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_has_more_than_are_free),
		cmocka_unit_test(floods_one_after_the_other_leave_room),
		cmocka_unit_test(a_share_comes_back_as_it_is_taken),
		cmocka_unit_test(a_quarter_is_kept_for_the_other_kind),
		cmocka_unit_test(kinds_of_one_address_are_counted_apart),
		cmocka_unit_test(nobody_is_displaced_by_one_who_floods),
		cmocka_unit_test(who_floods_goes_on_coming_through),
		cmocka_unit_test(in_a_spray_each_has_one),
		cmocka_unit_test(who_had_most_is_known),
		cmocka_unit_test(others_come_through_beside_floods),
	};

	return cmocka_run_group_tests_name("queue_share", tests, NULL, NULL);
}
