/*
 * queue: the bounded queue between rsyslog's workers and one engine thread.
 *
 * First in, first out. Any thread may put and wake; one thread takes. Putting
 * never blocks and never allocates: what finds no room is dropped and counted.
 * The lock is held for one copy in, or for counting what was taken.
 *
 * Who may come in:
 *
 *   - failures fill no more than three quarters of the places, and logins and
 *     trouble together no more than three quarters. So neither can keep the
 *     other out.
 *   - within that, nobody holds more places than are left for others. One who
 *     floods gets half of them and no more, the next one half of the rest.
 *   - of the last eighth (of RUNNER_QUEUE: 1536 places) nobody takes any who
 *     holds 8 already, and of the last sixteenth (768) only who holds none.
 *
 * So ninety who flood leave each newcomer 8 places, and somebody new comes
 * in unless as many others as have the last sixteenth came before him, each of
 * them new as well, and the engine has taken nothing since. Where more come
 * than that, as in a spray, chance decides between those who hold none. Who
 * holds places gets in again as the engine takes: what is dropped delays the
 * ban of one who goes on, however many failures it takes.
 *
 * Logins wait for each other: nobody is banned by one, and on a quiet day most
 * of what comes is logins. They are taken when something else has come, when
 * there are QUEUE_LOGINS of them, or after QUEUE_PATIENCE.
 *
 * Who holds how many is counted by a keyed hash: now and then two are counted
 * as one, whom nobody can choose (engine/shares.h).
 */
#ifndef SASLBAN_QUEUE_H
#define SASLBAN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/sighting.h"
#include "saslban/siphash.h"

#define QUEUE_PATIENCE 20 /* milliseconds */
#define QUEUE_LOGINS 256

struct queue;

/* key: anything, but not known outside. NULL when out of memory. Memory is
 * touched only as the queue fills. */
struct queue *queue_open(size_t capacity, const struct siphash_key *key);
void queue_close(struct queue *q);

/* who: whose share it comes out of. False when it was dropped. */
bool queue_put(struct queue *q, const struct sighting *s,
	       const struct address *who);

/* Waits until there is something, at most wait_ms milliseconds (negative:
 * for ever), or until woken; then, if it is only logins, for as long again as
 * was said above, and no longer than wait_ms. Returns how many were moved to
 * out. */
size_t queue_take(struct queue *q, struct sighting *out, size_t max,
		  int64_t wait_ms);

/* A waiting queue_take returns, or the next one does. */
void queue_wake(struct queue *q);

/* How many it holds now, and has held at most. */
void queue_fill(struct queue *q, size_t *now, size_t *most);

struct queue_drops {
	uint64_t failures;
	uint64_t others;     /* logins and trouble */
	struct address most; /* who had most of the failures ... */
	uint64_t least;      /* ... and how many at least; 0: nobody stands
			      * out. Too low by a ninth of them all at most */
};

/* What was dropped since the last call. */
void queue_dropped(struct queue *q, struct queue_drops *out);

#endif
