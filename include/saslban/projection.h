/*
 * projection: one kernel set, kept as the store wants it.
 *
 * The store has an entry for each address in the set (saslban/entry.h):
 * until when it is wanted there, and until when the kernel is known to hold
 * it. All work is the comparison of the two, and can be repeated at any time.
 * What the kernel is asked and what is noted of it happen in one write
 * transaction of the store: two that project the same set (a jail that shares
 * it, saslbanctl) cannot come between.
 *
 * One projection belongs to one thread and to one set: trouble with a set
 * concerns nobody else. Trouble with the kernel never makes a function fail;
 * it is kept as work in the store and tried again (projection_outcome). -1 is
 * the store's refusal.
 */
#ifndef SASLBAN_PROJECTION_H
#define SASLBAN_PROJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/enforcer.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/store.h"

struct projection;
struct report;

/* Which of the two sides, store or kernel, could not do its part. */
enum outcome {
	STORE_REFUSED = -1,
	CARRIED_OUT = 0,
	KERNEL_REFUSED = 1, /* the kernel took nothing */
	PARTLY_REFUSED = 2  /* the kernel refused some entries */
};

/* Borrows the enforcer and the report. Asks the kernel nothing yet. */
int projection_open(struct projection **out, struct enforcer *e,
		    enum enforcer_set set, const struct report *report,
		    struct fault *why);
void projection_close(struct projection *p);

/* What is known of the set does not hold any more: the next poll creates or
 * verifies it, and it is compared from then on. adopt: the store was lost, and
 * what the set holds and the store does not know of, or not for so long, are
 * bans of this jail; nothing is removed until that is done. 0: it is foreign.
 */
void projection_forget(struct projection *p, int64_t adopt);

/* Do what is due. changed: what the store wants may have changed since the
 * last call. A call takes a bounded amount of work; what is left makes
 * projection_due answer 0. */
int projection_poll(struct projection *p, struct store *s, struct moment now,
		    bool changed, struct fault *why);

/* When the set was created or verified by a poll, and every few minutes, its
 * content is compared with the store, some steps with each call: a few
 * milliseconds; between two comparisons nothing happens. Two projections of one
 * enforcer must not compare at once: one that does goes on first. What is
 * missing is put back; what else is to be done is the next poll's; entries that
 * nobody knows of are reported and left alone. */
int projection_compare(struct projection *p, struct store *s, struct moment now,
		       struct fault *why);
bool projection_is_comparing(const struct projection *p);

/* Once a minute: has the set been flushed, replaced, is it filling up?
 * *references: firewall rules that refer to it, as far as the kernel knows; -1
 * when it was not asked. */
int projection_watch(struct projection *p, struct store *s, struct moment now,
		     int64_t *references, struct fault *why);

/* What has come of the last poll that found something to do, and, unless it
 * was carried out, the kernel's reason, which lives until the next poll. */
enum outcome projection_outcome(const struct projection *p,
				const char **reason);

/* The boot-clock second at which the next poll is wanted, now being the
 * moment of the last one; INT64_MAX: not before something changes. */
int64_t projection_due(const struct projection *p, struct moment now);

/* The set is there, its content is known to the store, and nothing that could
 * be done is left. */
bool projection_is_known(const struct projection *p);

/* What kind of enforcer it works with. */
const struct enforcer_kind *projection_kind(const struct projection *p);

/* How many entries were added since projection_open. */
uint64_t projection_added(const struct projection *p);

/* For a store that can be read and not written: add to the set what is wanted
 * in it, and note nothing. *n: how many are in. -1 when either refuses. */
int projection_restore(struct store *s, struct enforcer *e,
		       enum enforcer_set set, int64_t now, size_t *n,
		       struct fault *why);

/* For saslbanctl: bring the kernel's entry of one address to what the store
 * wants, and note it, in one transaction. Nothing is asked of the kernel when
 * the store knows of no entry. -1 also when the kernel refuses: what was
 * recorded stands, and the engine carries it out. */
int projection_settle(struct store *s, struct enforcer *e,
		      const struct address *a, int64_t now, struct fault *why);

/* The same for all that is due in a set, in transactions of some hundred
 * entries, so that nobody waits for all of it. */
int projection_work(struct store *s, struct enforcer *e, enum enforcer_set set,
		    int64_t now, struct fault *why);

#endif
