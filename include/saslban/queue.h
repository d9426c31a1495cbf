/*
 * queue: the bounded queue between rsyslog's workers and one engine thread.
 *
 * Putting never blocks and never allocates: when the queue is full the newest
 * sighting is dropped and counted. A quarter of it is kept for failures. Any
 * thread may put and wake; one thread takes.
 */
#ifndef SASLBAN_QUEUE_H
#define SASLBAN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/sighting.h"

struct queue;

/* NULL when out of memory. Memory is touched only as the queue fills. */
struct queue *queue_open(size_t capacity);
void queue_close(struct queue *q);

/* False when it was dropped. */
bool queue_put(struct queue *q, const struct sighting *s);

/* Waits until there is something, at most wait_ms milliseconds (negative:
 * for ever), or until woken; returns how many were moved to out. */
size_t queue_take(struct queue *q, struct sighting *out, size_t max,
		  int64_t wait_ms);

/* A waiting queue_take returns, or the next one does. */
void queue_wake(struct queue *q);

/* How many were dropped since the last call. */
uint64_t queue_dropped(struct queue *q);

#endif
