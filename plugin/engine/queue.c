/*
 * queue: see saslban/queue.h.
 *
 * A ring behind one mutex. What is in it belongs to the one who takes, until it
 * says that it has it: so a batch is copied out while others put.
 */
#include "saslban/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "excess.h"
#include "shares.h"

enum side { FAILURES, OTHERS, SIDES };

enum { FEW = 8 }; /* places of one while an eighth is left */

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	bool woken;
	size_t capacity;
	size_t first;
	size_t used[SIDES];
	size_t logins; /* of which */
	size_t most;   /* at any time */
	struct sighting *ring;
	struct share *share; /* of what is at the same place of the ring */
	struct shares shares;
	uint64_t dropped[SIDES];
	struct excess excess; /* of failures */
};

static enum side side_of(const struct sighting *s)
{
	return s->kind == SIGHTING_FAILURE ? FAILURES : OTHERS;
}

static size_t used(const struct queue *q)
{
	return q->used[FAILURES] + q->used[OTHERS];
}

/* Places that a side may have. */
static size_t room(const struct queue *q)
{
	return q->capacity - q->capacity / 4;
}

/* Places that are left for that side. */
static size_t left(const struct queue *q, enum side side)
{
	size_t of_side = room(q) - q->used[side];
	size_t of_all = q->capacity - used(q);

	return of_side < of_all ? of_side : of_all;
}

/* Places that one may have when so many are left. */
static size_t share_at(const struct queue *q, size_t left)
{
	size_t most = left;

	if (left <= room(q) / 16)
		most = 1;
	else if (left <= room(q) / 8)
		most = FEW;
	return most < left ? most : left;
}

struct queue *queue_open(size_t capacity, const struct siphash_key *key)
{
	struct queue *q = calloc(1, sizeof(*q));
	pthread_condattr_t attr;

	if (q == NULL)
		return NULL;
	q->capacity = capacity;
	q->ring = calloc(capacity, sizeof(*q->ring));
	q->share = calloc(capacity, sizeof(*q->share));
	if (shares_open(&q->shares, key) < 0 || q->ring == NULL ||
	    q->share == NULL) {
		shares_close(&q->shares);
		free(q->share);
		free(q->ring);
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
	shares_close(&q->shares);
	free(q->share);
	free(q->ring);
	free(q);
}

static void put(struct queue *q, const struct sighting *s, enum side side,
		struct share share)
{
	size_t at = (q->first + used(q)) % q->capacity;

	q->ring[at] = *s;
	q->share[at] = share;
	q->used[side]++;
	q->logins += s->kind == SIGHTING_SUCCESS;
	share_add(&q->shares, share);
	if (used(q) > q->most)
		q->most = used(q);
}

/* Does its coming change how long the one who takes waits? The first one does,
 * and what is not to wait for logins to come, and the last login of many. */
static bool is_awaited(const struct queue *q, const struct sighting *s)
{
	if (used(q) == 1 || q->logins == QUEUE_LOGINS)
		return true;
	return s->kind != SIGHTING_SUCCESS && used(q) == q->logins + 1;
}

static void drop(struct queue *q, enum side side, const struct address *who)
{
	q->dropped[side]++;
	if (side == FAILURES)
		excess_add(&q->excess, who);
}

bool queue_put(struct queue *q, const struct sighting *s,
	       const struct address *who)
{
	struct share share = share_of(&q->shares, s->kind, who);
	enum side side = side_of(s);
	bool fits, awaited;

	pthread_mutex_lock(&q->lock);
	fits = share_held(&q->shares, share) < share_at(q, left(q, side));
	if (fits)
		put(q, s, side, share);
	else
		drop(q, side, who);
	awaited = is_awaited(q, s);
	pthread_mutex_unlock(&q->lock);
	if (fits && awaited)
		pthread_cond_signal(&q->filled);
	return fits;
}

static bool is_due(const struct queue *q)
{
	return q->woken || used(q) > q->logins || q->logins >= QUEUE_LOGINS;
}

static struct timespec time_in(int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += (time_t)(ms / 1000);
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

/* Waits on the condition for a first one; the lock is held. */
static void wait_filled(struct queue *q, int64_t wait_ms)
{
	struct timespec until = time_in(wait_ms < 0 ? 0 : wait_ms);

	while (used(q) == 0 && !q->woken)
		if (wait_ms < 0)
			pthread_cond_wait(&q->filled, &q->lock);
		else if (pthread_cond_timedwait(&q->filled, &q->lock, &until) !=
			 0)
			break;
}

/* The same for more, while there is nothing but logins. */
static void wait_for_more(struct queue *q, int64_t wait_ms)
{
	struct timespec until;

	if (wait_ms < 0 || wait_ms > QUEUE_PATIENCE)
		wait_ms = QUEUE_PATIENCE;
	until = time_in(wait_ms);
	while (used(q) > 0 && !is_due(q))
		if (pthread_cond_timedwait(&q->filled, &q->lock, &until) != 0)
			break;
}

/* The first n, which nobody else touches. */
static void copy_out(const struct queue *q, struct sighting *out, size_t n)
{
	size_t straight = q->capacity - q->first;

	if (straight > n)
		straight = n;
	memcpy(out, q->ring + q->first, straight * sizeof(*out));
	memcpy(out + straight, q->ring, (n - straight) * sizeof(*out));
}

/* Their places are free again. */
static void give_back(struct queue *q, size_t n, size_t failures, size_t logins)
{
	for (size_t i = 0; i < n; i++) {
		share_remove(&q->shares, q->share[q->first]);
		q->first = (q->first + 1) % q->capacity;
	}
	q->used[FAILURES] -= failures;
	q->used[OTHERS] -= n - failures;
	q->logins -= logins;
}

size_t queue_take(struct queue *q, struct sighting *out, size_t max,
		  int64_t wait_ms)
{
	size_t failures = 0, logins = 0;
	size_t n;

	pthread_mutex_lock(&q->lock);
	wait_filled(q, wait_ms);
	wait_for_more(q, wait_ms);
	q->woken = false;
	n = used(q) < max ? used(q) : max;
	pthread_mutex_unlock(&q->lock);
	if (n == 0)
		return 0;
	copy_out(q, out, n);
	for (size_t i = 0; i < n; i++) {
		failures += side_of(&out[i]) == FAILURES;
		logins += out[i].kind == SIGHTING_SUCCESS;
	}
	pthread_mutex_lock(&q->lock);
	give_back(q, n, failures, logins);
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

void queue_fill(struct queue *q, size_t *now, size_t *most)
{
	pthread_mutex_lock(&q->lock);
	*now = used(q);
	*most = q->most;
	pthread_mutex_unlock(&q->lock);
}

void queue_dropped(struct queue *q, struct queue_drops *out)
{
	struct excess excess;

	pthread_mutex_lock(&q->lock);
	out->failures = q->dropped[FAILURES];
	out->others = q->dropped[OTHERS];
	excess = q->excess;
	memset(q->dropped, 0, sizeof(q->dropped));
	memset(&q->excess, 0, sizeof(q->excess));
	pthread_mutex_unlock(&q->lock);
	out->least = excess_most(&excess, &out->most);
}
