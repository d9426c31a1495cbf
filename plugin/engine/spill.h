/*
 * spill: what found no room in the queue, reported.
 */
#ifndef SASLBAN_ENGINE_SPILL_H
#define SASLBAN_ENGINE_SPILL_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/queue.h"

struct spill {
	struct queue *queue;
	const struct report *report;
	int64_t reported; /* boot: when it was last */
};

/* Borrows both. */
void spill_init(struct spill *s, struct queue *queue,
		const struct report *report);

/* Once a minute at most, but for the end. */
void spill_report(struct spill *s, int64_t boot, bool end);

#endif
