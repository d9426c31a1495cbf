/*
 * restore: known bans are enforced although the database cannot be written.
 *
 * Nothing can be recorded then, but what is recorded can be read: sets that
 * were lost, as by a reboot, are filled from it. The proper start follows when
 * the database can be written again.
 */
#ifndef SASLBAN_ENGINE_RESTORE_H
#define SASLBAN_ENGINE_RESTORE_H

#include <stdint.h>

#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/moment.h"
#include "saslban/settings.h"

struct restore {
	int64_t due;                      /* boot: the next try */
	uint32_t identity[ENFORCER_SETS]; /* of the sets that were filled */
	uint32_t elements[ENFORCER_SETS]; /* that they had then */
};

/* To be called while the database refuses to be opened for writing. */
void restore_poll(struct restore *r, const struct settings *settings,
		  struct enforcer *e, const struct report *report,
		  struct moment now);

#endif
