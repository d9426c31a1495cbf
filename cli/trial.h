/*
 * trial: one policy, tried on the lines of old logs, under their own clock.
 *
 * It is the engine's judge, with a store in memory that is thrown away, and no
 * kernel. What was banned, when and for how long is in that store afterwards.
 */
#ifndef SASLBAN_CLI_TRIAL_H
#define SASLBAN_CLI_TRIAL_H

#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

struct trial;

struct trial_counts {
	uint64_t failures; /* lines */
	uint64_t successes;
	uint64_t trouble;
	uint64_t lockouts;   /* logins of customers whose address was banned at
			      * that time */
	int64_t first, last; /* times of the first and the last of these; 0 */
};

/* Borrows the settings. */
int trial_open(struct trial **out, const struct settings *settings,
	       struct fault *why);
void trial_close(struct trial *t);

int trial_see(struct trial *t, const struct sighting *s, struct fault *why);

/* After the last line. */
int trial_finish(struct trial *t, struct fault *why);

const struct trial_counts *trial_counts(const struct trial *t);

/* Where offense_each, breach_each and outage_each find what happened. */
struct store *trial_store(const struct trial *t);

#endif
