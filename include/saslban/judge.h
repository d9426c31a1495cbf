/*
 * judge: decide and record, with what is remembered.
 *
 * The engine has one as long as its store is open; `saslbanctl simulate` has
 * one for old logs. A batch of sightings is one transaction: either all of it
 * is remembered or none. Belongs to one thread; reads no clock.
 */
#ifndef SASLBAN_JUDGE_H
#define SASLBAN_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/event.h"
#include "saslban/exempt.h"
#include "saslban/fault.h"
#include "saslban/memory.h"
#include "saslban/moment.h"
#include "saslban/offense.h"
#include "saslban/reporter.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

#define JUDGE_FRESH                                                 \
	256 /* offenses of which no sighting is the cause: the time \
	     * of a suspect is over */

struct judge;

/* With what the store remembers: reads it. All but the judge is borrowed.
 * exempt may be NULL: then nobody is. */
int judge_open(struct judge **out, const struct settings *settings,
	       const struct exempt *exempt, struct store *store, int64_t jail,
	       struct moment now, struct fault *why);

/* Logins that old has not written, as its store was left. */
int judge_inherit(struct judge *j, const struct judge *old, struct fault *why);

/* What was not written is lost. NULL is fine. */
void judge_close(struct judge *j);

/* The store has changed: bans, and logins that somebody else has seen. */
int judge_catch_up(struct judge *j, int64_t now, struct fault *why);

/* Judge n sightings at now. fresh takes up to n + JUDGE_FRESH offenses, those
 * that have begun. On failure nothing is recorded, *nfresh is 0, and the batch
 * is to be presented again. A batch of which nothing is to be recorded costs no
 * transaction. */
int judge_batch(struct judge *j, const struct sighting *batch, size_t n,
		struct moment now, struct offense *fresh, size_t *nfresh,
		struct fault *why);

/* What waits for its time: logins (all: now), the end of an outage, suspects.
 * fresh takes up to JUDGE_FRESH offenses. */
int judge_upkeep(struct judge *j, struct moment now, bool all,
		 struct offense *fresh, size_t *nfresh, struct fault *why);

/* The boot-clock second at which to do that, by the clocks of now. */
int64_t judge_due(const struct judge *j, struct moment now);

/* ---- what came of the last batch or upkeep ---- */

/* Lines for the log, in order; false when there are no more. */
bool judge_news(const struct judge *j, size_t i, enum report_level *level,
		const char **text);

/* What programs are told of that line; of no kind where that is nothing. */
void judge_event(const struct judge *j, size_t i, struct event *out);

/* How many of these found no room among the lines. */
size_t judge_left_out(const struct judge *j);

/* A transaction failed: what is remembered is no longer what is stored. Open a
 * new one before the batch is presented again. A store that was busy when a
 * transaction should have begun taints nothing. */
bool judge_is_tainted(const struct judge *j);

/* Bans were lifted. */
bool judge_lifted(const struct judge *j);

/* ---- for those who ask ---- */

/* What is remembered: for questions, and not to be changed. */
struct memory *judge_memory(const struct judge *j);

/* What would come of one more failure. */
struct prospect {
	struct history history; /* what is known before it */
	struct verdict verdict; /* of the address */
	int64_t failures;       /* that count then, with it if it does */
	bool by_network;        /* a network of it is banned in its place: */
	struct address network;
	struct history network_history; /* with the address */
	struct verdict wide;
};

/* A failure at now by the offender, for the user ("": it has none), told by
 * the server that the client speaks to. Nothing comes of it. Whether the
 * offender is exempt is not asked; of an address without a family nothing is
 * known. Works on a store that is only read. */
int judge_ask(struct judge *j, const struct address *offender, const char *user,
	      int64_t now, struct prospect *out, struct fault *why);

/* The user is known at the address, or a customer's network, and could not log
 * in now. */
int judge_would_lock_out(struct judge *j, const struct address *host,
			 const char *user, int64_t now, bool *locked,
			 struct fault *why);

#endif
