/*
 * runner: the engine thread of one jail, from rsyslog's point of view.
 *
 *   runner_start   while still root: the thread begins, keeps CAP_NET_ADMIN
 *                  and waits
 *   runner_go      after the change of user: it opens the database and the
 *                  kernel sockets, and works
 *   runner_offer   from any worker thread, at any time; never waits for the
 *                  database or the kernel
 *   runner_stop    drains what is queued, joins; at most RUNNER_LAST seconds
 *                  after runner_hurry when the database refuses
 */
#ifndef SASLBAN_RUNNER_H
#define SASLBAN_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/engine.h"
#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"

#define RUNNER_QUEUE 16384 /* sightings that may wait */
#define RUNNER_LAST 2      /* seconds given to a refusing database at the end */

struct runner;

/* Borrows what is in parts until runner_stop. */
int runner_start(struct runner **out, const struct engine_parts *parts,
		 struct fault *why);
void runner_go(struct runner *r);

/* False when the queue was full and the sighting was dropped. What the engine
 * does nothing with is not queued. */
bool runner_offer(struct runner *r, const struct sighting *s);

/* The files that the settings name have changed, perhaps: the engine's thread
 * reads them again within a second. Waits for nothing. Fine with NULL. */
void runner_reread(struct runner *r);

/* The shutdown has begun: what the database refuses is tried for RUNNER_LAST
 * seconds from now on, and no longer, though runner_stop may come later. To be
 * called for every jail before the first one is stopped: so that several do
 * not wait one after the other. Until runner_stop sightings are taken as ever.
 * Fine with NULL. */
void runner_hurry(struct runner *r);

/* Fine with NULL, and without runner_go. */
void runner_stop(struct runner *r);

#endif
