/*
 * sets: both sets of a jail, or none where it only observes: when each is
 * polled, compared and watched, and what is reported of both.
 */
#ifndef SASLBAN_ENGINE_SETS_H
#define SASLBAN_ENGINE_SETS_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/projection.h"
#include "saslban/settings.h"
#include "saslban/store.h"
#include "trouble.h"
#include "watch.h"

struct sets {
	const struct settings *settings;
	const struct report *report;
	struct projection *projection[ENFORCER_SETS]; /* NULL: observe */
	struct watch watch;
	struct trouble trouble;
};

/* Borrows all. -1: sets_close is still fine. */
int sets_open(struct sets *sets, const struct settings *settings,
	      struct enforcer *e, const struct report *report,
	      struct fault *why);
void sets_close(struct sets *sets);

/* There are any. */
bool sets_enforce(const struct sets *sets);

/* The store was opened or the clock set: nothing that was known holds. adopt:
 * see projection_forget. */
void sets_forget(struct sets *sets, int64_t adopt, struct moment now);

/* Do what is due; see projection_poll. */
int sets_poll(struct sets *sets, struct store *s, struct moment now,
	      bool changed, struct fault *why);

/* What they hold is known; *added: how many entries were added since
 * sets_open. */
bool sets_known(const struct sets *sets, uint64_t *added);

/* The kernel refuses to change one of them, and that was reported. */
bool sets_refused(const struct sets *sets);

/* The boot-clock second at which sets_poll is wanted, last being the moment of
 * the last one; INT64_MAX: not before something changes. */
int64_t sets_due(const struct sets *sets, struct moment last);

#endif
