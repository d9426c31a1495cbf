/*
 * retelling: what a backup that was put back would tell once more.
 *
 * A copy has the notices that waited when it was made, and what became of them
 * since it does not know. So what was due since is taken as told: bans, which
 * saslbanctl lists, and a digest. A breach is told, perhaps once more: with the
 * same id, as far as it goes in the same mail.
 */
#ifndef SASLBAN_ENGINE_RETELLING_H
#define SASLBAN_ENGINE_RETELLING_H

#include "database.h"
#include "report.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/settings.h"

/* The store was opened: does nothing unless it is such a backup, and this jail
 * has not seen it yet. Before notify_begin. */
int retelling_end(const struct database *d, const struct settings *settings,
		  const struct report *r, struct moment now, struct fault *why);

#endif
