/* jail_set: the parameter `set` of a jail. */
#ifndef SASLBAN_STORE_JAIL_SET_H
#define SASLBAN_STORE_JAIL_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/store.h"

/* As it is recorded; empty when there is none. *shared (may be NULL): other
 * jails have the same one. */
int jail_set(struct store *s, int64_t jail, char out[SETTINGS_SET],
	     bool *shared, struct fault *why);

#endif
