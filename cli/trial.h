/*
 * trial: one policy, tried on the lines of old logs, under their own clock.
 *
 * It is the engine's judge, with a store in memory that is thrown away, and no
 * kernel. What was banned, when and for how long is in that store afterwards.
 *
 * The clock of the log does not go back: a line that is older than the one
 * before it is judged at the time of that one, as a line that comes late is.
 *
 * What a ban keeps out is counted and goes no further: its packets would have
 * been dropped. The judge makes nothing of it either.
 */
#ifndef SASLBAN_CLI_TRIAL_H
#define SASLBAN_CLI_TRIAL_H

#include <stdint.h>

#include "lockouts.h"
#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

struct trial;

struct trial_counts {
	uint64_t failures; /* lines; so are the next three */
	uint64_t successes;
	uint64_t trouble;
	uint64_t kept_out; /* failures while a ban of theirs ran */
	struct lockouts lockouts;
};

/* Borrows the settings. Of ignoreip only addresses and prefixes are exempt:
 * which addresses the names had then, and the machine of the log, nobody
 * knows. */
int trial_open(struct trial **out, const struct settings *settings,
	       struct fault *why);
void trial_close(struct trial *t);

int trial_see(struct trial *t, const struct sighting *s, struct fault *why);

/* After the last line. */
int trial_finish(struct trial *t, struct fault *why);

const struct trial_counts *trial_counts(const struct trial *t);

/* Failures that the ban of that id would have kept out. */
uint64_t trial_kept_out(const struct trial *t, int64_t offense);

/* Where offense_each, breach_each, outage_each and login_each find what
 * happened. */
struct store *trial_store(const struct trial *t);

#endif
