/*
 * digesting: the daily or weekly mail.
 */
#ifndef SASLBAN_ENGINE_DIGESTING_H
#define SASLBAN_ENGINE_DIGESTING_H

#include <stdint.h>

#include "desk.h"
#include "saslban/digest.h"
#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/store.h"
#include "sets.h"

/* Write what happened in that time, and how things stand at its end. */
int digesting_write(struct desk *d, struct store *s,
		    const struct settings *settings,
		    const struct digest_time *t, const struct sets *sets,
		    struct fault *why);

#endif
