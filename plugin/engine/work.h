/*
 * work: what is due in one set, all of it, in the right order.
 */
#ifndef SASLBAN_ENGINE_WORK_H
#define SASLBAN_ENGINE_WORK_H

#include <stdint.h>

#include "carry.h"
#include "saslban/projection.h"

/* Entries in one transaction: a ban that is fresh waits for them. */
#define WORK_CHUNK 500

/* Carry out what is due, at most about *budget entries; what is left of the
 * budget is answered, 0 or less when there may be more to do. */
enum outcome work_through(struct carry *c, int64_t *budget, struct fault *why);

/* The wall-clock second at which an entry has to be renewed; DURATION_FOREVER:
 * none. */
int work_renewal(const struct carry *c, int64_t *when, struct fault *why);

#endif
