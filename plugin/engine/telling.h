/*
 * telling: the mail about bans and breaches: of one address, with its history,
 * or of many.
 */
#ifndef SASLBAN_ENGINE_TELLING_H
#define SASLBAN_ENGINE_TELLING_H

#include <stdint.h>

#include "desk.h"
#include "saslban/fault.h"
#include "saslban/outbox.h"
#include "saslban/store.h"

/* Write what is in the mail; sum is of it. */
int telling_write(struct desk *d, struct store *s, int64_t jail, int64_t mail,
		  const struct outbox_sum *sum, struct fault *why);

#endif
