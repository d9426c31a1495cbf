/* queueing: a queue, and sightings of one address or another. */
#ifndef SASLBAN_TEST_QUEUEING_H
#define SASLBAN_TEST_QUEUEING_H

#include "row.h"

#include "saslban/queue.h"

static inline struct queue *open_queue(size_t capacity)
{
	static const struct siphash_key key = {{1, 2}};
	struct queue *q = queue_open(capacity, &key);

	assert_non_null(q);
	return q;
}

static inline struct address host(unsigned number)
{
	return (struct address){.family = ADDRESS_V4,
				.prefix = 32,
				.bytes = {10, (uint8_t)(number >> 16),
					  (uint8_t)(number >> 8),
					  (uint8_t)number}};
}

static inline bool put_of(struct queue *q, enum sighting_kind kind,
			  unsigned number, unsigned count)
{
	struct sighting s = {.kind = kind, .count = count};
	struct address who = host(number);

	return queue_put(q, &s, &who);
}

#endif
