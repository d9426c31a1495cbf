/*
 * queue: what it costs to put and to take.
 *
 *   queue [COUNT]
 *
 * Nanoseconds of processor time for each of COUNT failures (default 1,000,000):
 *
 *   put, take   in the engine's batches, of many addresses, by one thread
 *   dropped     put by one thread, while one address has all that it may have
 *   N threads   put by so many, while one more takes
 *
 * The yardstick is a sighting copied behind a mutex, in turn with it. Of five
 * rounds the least is shown.
 */
#include <err.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "saslban/engine.h"
#include "saslban/queue.h"
#include "saslban/runner.h"

enum { ROUNDS = 5, MOST = 4 };

static struct sighting batch[ENGINE_BATCH];

static double nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct queue *open_queue(void)
{
	static const struct siphash_key key = {{3, 4}};
	struct queue *q = queue_open(RUNNER_QUEUE, &key);

	if (q == NULL)
		errx(1, "out of memory");
	return q;
}

static bool put(struct queue *q, unsigned long i)
{
	struct sighting s = {.kind = SIGHTING_FAILURE,
			     .count = 1,
			     .address = {ADDRESS_V4, 32, {10, 0}}};

	s.address.bytes[2] = (uint8_t)(i >> 8);
	s.address.bytes[3] = (uint8_t)i;
	return queue_put(q, &s, &s.address);
}

struct costs {
	double yard, put, take, dropped, many[MOST + 1];
};

static double copy(unsigned long count)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct sighting s = {.kind = SIGHTING_FAILURE};
	double begun = nanoseconds();

	for (unsigned long i = 0; i < count; i++) {
		s.count = (unsigned)i;
		pthread_mutex_lock(&lock);
		batch[i % ENGINE_BATCH] = s;
		pthread_mutex_unlock(&lock);
	}
	return (nanoseconds() - begun) / (double)count;
}

static void put_and_take(unsigned long count, struct costs *c)
{
	struct queue *q = open_queue();
	unsigned long n = 0;

	c->put = c->take = 0;
	while (n < count) {
		double begun = nanoseconds(), between;

		for (unsigned i = 0; i < ENGINE_BATCH; i++)
			put(q, n++);
		between = nanoseconds();
		queue_take(q, batch, ENGINE_BATCH, 0);
		c->put += between - begun;
		c->take += nanoseconds() - between;
	}
	c->put /= (double)n;
	c->take /= (double)n;
	queue_close(q);
}

static double drop(unsigned long count)
{
	struct queue *q = open_queue();
	double begun;

	while (put(q, 0))
		;
	begun = nanoseconds();
	for (unsigned long i = 0; i < count; i++)
		put(q, 0);
	begun = nanoseconds() - begun;
	queue_close(q);
	return begun / (double)count;
}

/* ---- several threads ---- */

struct load {
	struct queue *queue;
	unsigned long count;
	double spent;
	atomic_bool *done;
};

static void *put_all(void *context)
{
	struct load *l = context;
	double begun = nanoseconds();

	for (unsigned long i = 0; i < l->count; i++)
		put(l->queue, i);
	l->spent = nanoseconds() - begun;
	return NULL;
}

static void *take_all(void *context)
{
	struct load *l = context;

	while (!atomic_load(l->done))
		queue_take(l->queue, batch, ENGINE_BATCH, 1);
	return NULL;
}

static double contend(unsigned threads, unsigned long count)
{
	atomic_bool done = false;
	struct load taker = {.queue = open_queue(), .done = &done};
	struct load putter[MOST];
	pthread_t thread[MOST + 1];
	double spent = 0;

	pthread_create(&thread[MOST], NULL, take_all, &taker);
	for (unsigned i = 0; i < threads; i++) {
		putter[i] = (struct load){.queue = taker.queue,
					  .count = count / threads};
		pthread_create(&thread[i], NULL, put_all, &putter[i]);
	}
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(thread[i], NULL);
		spent += putter[i].spent;
	}
	atomic_store(&done, true);
	pthread_join(thread[MOST], NULL);
	queue_close(taker.queue);
	return spent / (double)(count / threads * threads);
}

static void least(double *into, double one)
{
	if (*into == 0 || one < *into)
		*into = one;
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	struct costs all = {0}, one;

	if (count < MOST)
		errx(2, "usage: queue [COUNT]");
	for (unsigned round = 0; round < ROUNDS; round++) {
		least(&all.yard, copy(count));
		put_and_take(count, &one);
		least(&all.put, one.put);
		least(&all.take, one.take);
		least(&all.dropped, drop(count));
		for (unsigned n = 1; n <= MOST; n *= 2)
			least(&all.many[n], contend(n, count));
	}
	printf("yardstick: %.0f ns\nput: %.0f ns, %.2f of it\n"
	       "take: %.0f ns, %.2f\ndropped: %.0f ns, %.2f\n",
	       all.yard, all.put, all.put / all.yard, all.take,
	       all.take / all.yard, all.dropped, all.dropped / all.yard);
	for (unsigned n = 1; n <= MOST; n *= 2)
		printf("%u threads: %.0f ns, %.2f\n", n, all.many[n],
		       all.many[n] / all.yard);
	return 0;
}
