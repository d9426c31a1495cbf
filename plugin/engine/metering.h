/*
 * metering: from what a jail has counted to the store's totals, and from what
 * the store has counted to the jail's meter.
 */
#ifndef SASLBAN_ENGINE_METERING_H
#define SASLBAN_ENGINE_METERING_H

#include <stdint.h>

#include "saslban/meter.h"
#include "saslban/store.h"
#include "saslban/total.h"

struct metering {
	struct meter *meter;   /* NULL: nobody reads it */
	uint64_t seen[TOTALS]; /* of what this connection has committed */
	uint64_t kept[METERS]; /* of the meter, in the store */
};

void metering_init(struct metering *m, struct meter *meter);

/* What the store has committed since goes to the meter. To be called also when
 * the store may have been opened anew, before it commits anything. s may be
 * NULL. */
void metering_poll(struct metering *m, const struct store *s);

/* What has no table of its own goes to the totals. */
int metering_keep(struct metering *m, struct store *s, int64_t jail,
		  struct fault *why);

#endif
