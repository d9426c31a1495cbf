/*
 * judge: decide and record. A batch of sightings is one transaction: either
 * all of it is remembered or none.
 */
#ifndef SASLBAN_ENGINE_JUDGE_H
#define SASLBAN_ENGINE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/exempt.h"
#include "saslban/fault.h"
#include "saslban/offense.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

/* What a judgement is based on; all borrowed. */
struct judge {
	const struct settings *settings;
	const struct exempt *exempt;
	struct store *store;
	int64_t jail;
};

/* True for the kinds of sightings that are judged. The others need not be
 * queued. */
bool judge_wants(enum sighting_kind kind);

/* Judge n sightings at now. fresh takes up to n offenses, those that
 * have begun; *nfresh is 0 on failure. A batch of which nothing is to be
 * recorded costs no transaction. */
int judge_batch(const struct judge *j, const struct sighting *batch, size_t n,
		int64_t now, struct offense *fresh, size_t *nfresh,
		struct fault *why);

#endif
