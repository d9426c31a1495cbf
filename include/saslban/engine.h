/*
 * engine: what becomes of a sighting, in order.
 *
 *   sighting -> decide -> record -> enforce -> cut -> report
 *
 * One engine per jail, used by one thread. It reads no clock and waits for
 * nothing: time comes in with each round, and engine_due is when the next
 * one is wanted even if nothing happens. Record commits before enforce
 * begins; enforcing can be repeated; what a crash leaves undone, the next
 * round finishes (docs/ARCHITECTURE.md).
 */
#ifndef SASLBAN_ENGINE_H
#define SASLBAN_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/cutter.h"
#include "saslban/editions.h"
#include "saslban/enforcer.h"
#include "saslban/fault.h"
#include "saslban/meter.h"
#include "saslban/moment.h"
#include "saslban/reporter.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"
#include "saslban/tally.h"

#define ENGINE_BATCH 1024 /* sightings that one round takes */

/* What an engine works with. All of it is borrowed and outlives the engine. */
struct engine_parts {
	const struct settings *settings;
	struct editions *editions; /* of the filter, with which workers match,
				    * and whose counters are stored; NULL:
				    * none */
	const struct reporter *reporter;
	struct cutter *cutter; /* NULL: open connections go on */
	struct tally *tally;   /* to which workers add; NULL: none */
	struct meter *meter;   /* of the jail; NULL: none */
	const char *host;      /* the machine's name, for mails */
	const char *letter;    /* their template; NULL: the built-in one */
};

struct engine;

/* Owns the enforcer from here on, also on failure; it may be NULL for a jail
 * that only observes. Opens nothing yet: that is the first round's work,
 * because it may fail today and succeed tomorrow. */
int engine_open(struct engine **out, const struct engine_parts *parts,
		struct enforcer *enforcer, struct fault *why);

/* Leaves the sets as they are. */
void engine_close(struct engine *e);

/*
 * One round: decide on *n sightings (at most ENGINE_BATCH), record, enforce and
 * report, then do what is due at this moment. *n is set to 0 as soon as all of
 * them are recorded (what is enforced or reported is on the disk by then). -1
 * (FAULT_STORE, FAULT_FOREIGN) means that the store refused; what is left of
 * *n, all or nothing, is presented again later. Trouble with the kernel is
 * reported once, kept in the store as work to do, and never makes a round fail.
 */
int engine_round(struct engine *e, const struct sighting *batch, size_t *n,
		 struct moment now, struct fault *why);

/* Store what waits for its time: what the filter has counted, who has logged
 * in. The rounds do that; this is for the end. */
int engine_keep_last(struct engine *e, struct moment now, struct fault *why);

/* Read the files again that the settings name: filters, and lists of those who
 * are exempt. What is wrong with one is reported, and leaves what was. */
void engine_reread(struct engine *e);

/* The boot-clock second at which the next round is wanted. */
int64_t engine_due(const struct engine *e);

#endif
