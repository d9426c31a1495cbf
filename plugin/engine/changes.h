/*
 * changes: what others, that is saslbanctl, have recorded for this jail:
 * bans and lifts by hand. They get their line in the log from the engine, as
 * its own bans do, also when they were recorded while no engine ran.
 */
#ifndef SASLBAN_ENGINE_CHANGES_H
#define SASLBAN_ENGINE_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#include "cutting.h"
#include "events.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/store.h"

/* Bans that still run are for the cutting, too. *bans: how many of them are
 * bans. */
int changes_report(struct store *s, int64_t jail, struct cutting *cutting,
		   struct events *ev, struct moment now, size_t *bans,
		   struct fault *why);

#endif
