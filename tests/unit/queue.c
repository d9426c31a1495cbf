/*
 * queue: bounded, in order, drops the newest, and never makes a worker wait.
 * Built with ThreadSanitizer as well (selftest).
 */
#include "queueing.h"
#include "row.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "saslban/queue.h"

/* The failure of somebody who has no other in the queue. */
static bool put(struct queue *q, unsigned count)
{
	return put_of(q, SIGHTING_FAILURE, count, count);
}

static uint64_t dropped(struct queue *q)
{
	struct queue_drops d;

	queue_dropped(q, &d);
	return d.failures + d.others;
}

static void what_is_put_first_is_taken_first(void **state)
{
	struct queue *q = open_queue(4);
	struct sighting out[4];

	(void)state;
	for (unsigned i = 1; i <= 3; i++)
		assert_true(put(q, i));
	assert_int_equal(queue_take(q, out, 4, 0), 3);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(out[i].count, i + 1);
	queue_close(q);
}

static void a_sighting_is_copied_whole(void **state)
{
	struct queue *q = open_queue(1);
	struct sighting in, out;

	(void)state;
	memset(&in, 0xa5, sizeof(in));
	in.kind = SIGHTING_SUCCESS;
	assert_true(queue_put(q, &in, &in.address));
	memset(&out, 0, sizeof(out));
	assert_int_equal(queue_take(q, &out, 1, -1), 1);
	assert_memory_equal(&in, &out, sizeof(in));
	queue_close(q);
}

static void it_is_taken_in_parts(void **state)
{
	struct queue *q = open_queue(4);
	struct sighting out[2];

	(void)state;
	for (unsigned i = 1; i <= 3; i++)
		put(q, i);
	assert_int_equal(queue_take(q, out, 2, -1), 2);
	assert_int_equal(out[1].count, 2);
	assert_int_equal(queue_take(q, out, 2, -1), 1);
	assert_int_equal(out[0].count, 3);
	assert_int_equal(queue_take(q, out, 2, 0), 0);
	queue_close(q);
}

static void it_goes_round(void **state)
{
	struct queue *q = open_queue(3);
	struct sighting out[2];
	unsigned next = 1;

	(void)state;
	for (unsigned i = 1; i <= 100; i += 2) {
		assert_true(put(q, i));
		assert_true(put(q, i + 1));
		assert_int_equal(queue_take(q, out, 2, -1), 2);
		assert_int_equal(out[0].count, next++);
		assert_int_equal(out[1].count, next++);
	}
	assert_int_equal(dropped(q), 0);
	queue_close(q);
}

static void when_full_the_newest_is_dropped_and_counted(void **state)
{
	struct queue *q = open_queue(2);
	struct sighting out[4];

	(void)state;
	assert_true(put(q, 1));
	assert_true(put(q, 2));
	assert_false(put(q, 3));
	assert_false(put(q, 4));
	assert_int_equal(queue_take(q, out, 4, -1), 2);
	assert_int_equal(out[0].count, 1);
	assert_int_equal(out[1].count, 2);
	assert_int_equal(dropped(q), 2);
	assert_int_equal(dropped(q), 0); /* since the last call */
	assert_true(put(q, 5));
	assert_int_equal(queue_take(q, out, 4, -1), 1);
	assert_int_equal(out[0].count, 5);
	queue_close(q);
}

static void a_queue_of_nothing_drops_all(void **state)
{
	struct queue *q = open_queue(0);
	struct sighting out;

	(void)state;
	assert_false(put(q, 1));
	assert_int_equal(queue_take(q, &out, 1, 0), 0);
	assert_int_equal(dropped(q), 1);
	queue_close(q);
}

static void a_wake_is_kept_for_the_next_take(void **state)
{
	struct queue *q = open_queue(2);
	struct sighting out;

	(void)state;
	queue_wake(q);
	/* Would wait for ever without the wake. */
	assert_int_equal(queue_take(q, &out, 1, -1), 0);
	queue_wake(q);
	queue_wake(q);
	put(q, 1);
	assert_int_equal(queue_take(q, &out, 1, -1), 1);
	/* ... and is used up by one take. */
	assert_int_equal(queue_take(q, &out, 1, 1), 0);
	queue_close(q);
}

static int64_t milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* However slow the machine is: it ends, and not before its time. */
static void a_wait_comes_to_its_end(void **state)
{
	static const int64_t waits[] = {0, 5, 999, 1001};
	struct queue *q = open_queue(2);
	struct sighting out;

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		int64_t begin = milliseconds();

		assert_int_equal(queue_take(q, &out, 1, waits[i]), 0);
		/* Both ends are rounded down. */
		assert_true(milliseconds() - begin >= waits[i] - 1);
	}
	queue_close(q);
}

static void closing_nothing_is_fine(void **state)
{
	(void)state;
	queue_close(NULL);
}

/* ---- threads ---- */

struct taker {
	struct queue *queue;
	int64_t wait_ms;
	size_t taken;
};

static void *take_one(void *context)
{
	struct taker *t = context;
	struct sighting out;

	t->taken = queue_take(t->queue, &out, 1, t->wait_ms);
	return NULL;
}

/* Whether the taker waits already or comes later, it returns. */
static void put_and_wake_end_a_wait(void **state)
{
	static const int64_t waits[] = {-1, INT64_MAX, 3600000};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(waits) / sizeof(waits[0]); i++) {
		struct taker t = {open_queue(2), waits[i / 2], 7};
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, take_one, &t),
				 0);
		if (i % 2 == 0)
			queue_wake(t.queue);
		else
			put(t.queue, 1);
		pthread_join(thread, NULL);
		assert_int_equal(t.taken, i % 2);
		queue_close(t.queue);
	}
}

static void *put_one(void *context)
{
	put(context, 1);
	return NULL;
}

/* What was woken once waits again. */
static void a_wake_is_good_for_one_wait(void **state)
{
	struct queue *q = open_queue(2);
	struct sighting out;

	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		pthread_t thread;

		queue_wake(q);
		assert_int_equal(queue_take(q, &out, 1, -1), 0);
		pthread_create(&thread, NULL, put_one, q);
		assert_int_equal(queue_take(q, &out, 1, -1), 1);
		pthread_join(thread, NULL);
	}
	queue_close(q);
}

enum { PRODUCERS = 4, EACH = 20000, SMALL = 64, BATCH = 10 };

struct producer {
	struct queue *queue;
	unsigned number;
	unsigned refused;
	bool insists; /* until it is taken */
};

/* code[0] tells whose it is, count is its number. */
static void *produce(void *context)
{
	struct producer *p = context;

	for (unsigned i = 1; i <= EACH; i++) {
		struct sighting s = {.kind = SIGHTING_FAILURE, .count = i};
		struct address who = host(p->number);

		s.code[0] = (char)p->number;
		while (!queue_put(p->queue, &s, &who)) {
			p->refused++;
			if (!p->insists)
				break;
		}
	}
	queue_wake(p->queue);
	return NULL;
}

struct tally {
	unsigned taken;
	unsigned last[PRODUCERS];
	unsigned disorder;
};

static void count_batch(struct tally *t, const struct sighting *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned number = (unsigned char)out[i].code[0];

		t->disorder += out[i].count <= t->last[number];
		t->last[number] = out[i].count;
		t->taken++;
	}
}

/* All producers against one taker; what was dropped is in *lost. */
static struct tally run_producers(bool insist, uint64_t *lost,
				  unsigned *refused)
{
	struct queue *q = open_queue(SMALL);
	struct producer producers[PRODUCERS];
	pthread_t threads[PRODUCERS];
	struct sighting out[BATCH];
	struct tally t = {0};
	size_t n;

	*lost = 0;
	*refused = 0;
	for (unsigned i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){q, i, 0, insist};
		pthread_create(&threads[i], NULL, produce, &producers[i]);
	}
	while (t.taken + *lost < PRODUCERS * EACH) {
		count_batch(&t, out, queue_take(q, out, BATCH, -1));
		if (!insist)
			*lost += dropped(q);
	}
	for (unsigned i = 0; i < PRODUCERS; i++) {
		pthread_join(threads[i], NULL);
		*refused += producers[i].refused;
	}
	while ((n = queue_take(q, out, BATCH, 0)) > 0)
		count_batch(&t, out, n);
	*lost += dropped(q);
	queue_close(q);
	return t;
}

static void with_patience_nothing_is_lost(void **state)
{
	uint64_t lost;
	unsigned refused;
	struct tally t = run_producers(true, &lost, &refused);

	(void)state;
	assert_int_equal(t.taken, PRODUCERS * EACH);
	assert_int_equal(t.disorder, 0);
	assert_int_equal(lost, refused);
	for (unsigned i = 0; i < PRODUCERS; i++)
		assert_int_equal(t.last[i], EACH);
}

static void without_patience_all_is_taken_or_counted(void **state)
{
	uint64_t lost;
	unsigned refused;
	struct tally t = run_producers(false, &lost, &refused);

	(void)state;
	assert_int_equal(t.taken + lost, PRODUCERS * EACH);
	assert_int_equal(t.disorder, 0);
	assert_int_equal(lost, refused);
}

/* ---- logins wait for each other ---- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct waiting_row {
	const char *title;
	unsigned logins, troubles, failures;
	int64_t wait; /* milliseconds */
	bool patient; /* it is taken after QUEUE_PATIENCE at the earliest */
};

/* That it does not wait is seen by wait: nobody wakes it before. */
static const struct waiting_row waiting_rows[] = {
	{"a login waits for more of them", 1, 0, 0, -1, true},
	{"so do many", QUEUE_LOGINS - 1, 0, 0, 3600000, true},
	{"too many do not", QUEUE_LOGINS, 0, 0, -1, false},
	{"a failure does not", 0, 0, 1, -1, false},
	{"nor does it behind a login", 1, 0, 1, -1, false},
	{"nor does trouble", 1, 1, 0, -1, false},
	{"who does not want to wait gets what is there", 3, 0, 0, 0, false},
};

static void waiting_test(void **state)
{
	static struct sighting out[2 * QUEUE_LOGINS];
	const struct waiting_row *r = *state;
	struct queue *q = open_queue(2 * QUEUE_LOGINS);
	int64_t begun;

	for (unsigned i = 0; i < r->logins; i++)
		assert_true(put_of(q, SIGHTING_SUCCESS, i, 1));
	for (unsigned i = 0; i < r->troubles; i++)
		assert_true(put_of(q, SIGHTING_TROUBLE, i, 1));
	for (unsigned i = 0; i < r->failures; i++)
		assert_true(put_of(q, SIGHTING_FAILURE, i, 1));
	begun = now_ms();
	assert_int_equal(queue_take(q, out, 2 * QUEUE_LOGINS, r->wait),
			 r->logins + r->troubles + r->failures);
	if (r->patient)
		assert_true(now_ms() - begun >= QUEUE_PATIENCE - 1);
	assert_int_equal(queue_take(q, out, 1, 0), 0);
	queue_close(q);
}

/* A login, and for whoever waits for more of them: a failure. */
static void *put_both(void *context)
{
	put_of(context, SIGHTING_SUCCESS, 1, 1);
	put_of(context, SIGHTING_FAILURE, 2, 2);
	return NULL;
}

static void a_failure_behind_logins_is_taken(void **state)
{
	struct sighting out[2];
	struct queue *q = open_queue(8);

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		pthread_t thread;
		size_t n = 0;

		assert_int_equal(pthread_create(&thread, NULL, put_both, q), 0);
		while (n < 2)
			n += queue_take(q, out + n, 2 - n, -1);
		pthread_join(thread, NULL);
		assert_int_equal(out[0].kind, SIGHTING_SUCCESS);
		assert_int_equal(out[1].kind, SIGHTING_FAILURE);
	}
	queue_close(q);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(what_is_put_first_is_taken_first),
		cmocka_unit_test(a_sighting_is_copied_whole),
		cmocka_unit_test(it_is_taken_in_parts),
		cmocka_unit_test(it_goes_round),
		cmocka_unit_test(when_full_the_newest_is_dropped_and_counted),
		cmocka_unit_test(a_queue_of_nothing_drops_all),
		cmocka_unit_test(a_wake_is_kept_for_the_next_take),
		cmocka_unit_test(a_wait_comes_to_its_end),
		cmocka_unit_test(closing_nothing_is_fine),
		cmocka_unit_test(put_and_wake_end_a_wait),
		cmocka_unit_test(a_wake_is_good_for_one_wait),
		cmocka_unit_test(with_patience_nothing_is_lost),
		cmocka_unit_test(without_patience_all_is_taken_or_counted),
		cmocka_unit_test(a_failure_behind_logins_is_taken),
	};
	struct CMUnitTest tests[32];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, waiting_rows, waiting_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("queue", tests, n, NULL, NULL);
}
