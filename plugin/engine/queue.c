/*
 * queue: see saslban/queue.h.
 *
 * A ring behind one mutex. Only lines that matched come here, a few thousand
 * a second in the worst attack, so the lock costs nothing: nobody holds it for
 * longer than a copy in or out.
 */
#include "saslban/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	bool woken;
	uint64_t dropped;
	size_t capacity;
	size_t first;
	size_t used;
	struct sighting *ring;
};

struct queue *queue_open(size_t capacity)
{
	struct queue *q = calloc(1, sizeof(*q));
	pthread_condattr_t attr;

	if (q == NULL)
		return NULL;
	q->capacity = capacity;
	q->ring = calloc(capacity, sizeof(*q->ring));
	if (q->ring == NULL) {
		free(q);
		return NULL;
	}
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->filled, &attr);
	pthread_condattr_destroy(&attr);
	return q;
}

void queue_close(struct queue *q)
{
	if (q == NULL)
		return;
	pthread_cond_destroy(&q->filled);
	pthread_mutex_destroy(&q->lock);
	free(q->ring);
	free(q);
}

bool queue_put(struct queue *q, const struct sighting *s)
{
	size_t room = q->capacity;
	bool fits;

	if (s->kind != SIGHTING_FAILURE)
		room -= room / 4;
	pthread_mutex_lock(&q->lock);
	fits = q->used < room;
	if (fits) {
		q->ring[(q->first + q->used) % q->capacity] = *s;
		q->used++;
		pthread_cond_signal(&q->filled);
	} else {
		q->dropped++;
	}
	pthread_mutex_unlock(&q->lock);
	return fits;
}

/* Waits on the condition until the deadline; the lock is held. */
static void wait_filled(struct queue *q, int64_t wait_ms)
{
	struct timespec until;

	if (wait_ms < 0) {
		while (q->used == 0 && !q->woken)
			pthread_cond_wait(&q->filled, &q->lock);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(wait_ms / 1000);
	until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (q->used == 0 && !q->woken)
		if (pthread_cond_timedwait(&q->filled, &q->lock, &until) != 0)
			break;
}

size_t queue_take(struct queue *q, struct sighting *out, size_t max,
		  int64_t wait_ms)
{
	size_t n;

	pthread_mutex_lock(&q->lock);
	wait_filled(q, wait_ms);
	q->woken = false;
	for (n = 0; n < max && q->used > 0; n++) {
		out[n] = q->ring[q->first];
		q->first = (q->first + 1) % q->capacity;
		q->used--;
	}
	pthread_mutex_unlock(&q->lock);
	return n;
}

void queue_wake(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->woken = true;
	pthread_cond_signal(&q->filled);
	pthread_mutex_unlock(&q->lock);
}

uint64_t queue_dropped(struct queue *q)
{
	uint64_t n;

	pthread_mutex_lock(&q->lock);
	n = q->dropped;
	q->dropped = 0;
	pthread_mutex_unlock(&q->lock);
	return n;
}
