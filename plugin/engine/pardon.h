/*
 * pardon: running bans of addresses that are exempt are lifted.
 *
 * An address may become exempt after it was banned: the machine got a new one,
 * a host name in ignoreip resolves to another, a file or the allow list has one
 * more, a person banned it by hand. All bans are looked at then, in steps of
 * some milliseconds.
 */
#ifndef SASLBAN_ENGINE_PARDON_H
#define SASLBAN_ENGINE_PARDON_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"
#include "saslban/address.h"
#include "saslban/exempt.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/store.h"

struct pardon {
	bool runs;             /* there are bans that were not looked at yet */
	struct address cursor; /* the last one; ADDRESS_NONE at first */
};

/* From the first one on. */
void pardon_begin(struct pardon *p);

/* Look at some more running bans of the jail. *lifted: there was one. */
int pardon_step(struct pardon *p, struct store *s, int64_t jail,
		const struct exempt *exempt, struct events *ev,
		struct moment now, bool *lifted, struct fault *why);

#endif
