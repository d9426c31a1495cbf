/*
 * court: the judge of a jail while its store is open, and what he says.
 */
#ifndef SASLBAN_ENGINE_COURT_H
#define SASLBAN_ENGINE_COURT_H

#include "events.h"
#include "saslban/judge.h"

struct court {
	const struct settings *settings;
	struct events *events;
	struct judge *judge; /* NULL: it was never open */
	bool unsure; /* what he remembers may not be what is stored: open it
		      * again before anything else */
};

void court_init(struct court *c, const struct settings *settings,
		struct events *events);
void court_close(struct court *c);

/* With what the store remembers, and logins that wait to be written. */
int court_open(struct court *c, const struct exempt *exempt,
	       struct store *store, int64_t jail, struct moment now,
	       struct fault *why);

/* judge_batch and judge_upkeep; what came of it is reported. */
int court_judge(struct court *c, const struct sighting *batch, size_t n,
		struct moment now, struct offense *fresh, size_t *nfresh,
		struct fault *why);
int court_upkeep(struct court *c, struct moment now, bool all,
		 struct offense *fresh, size_t *nfresh, struct fault *why);

/* The boot-clock second at which the latter is due. */
int64_t court_due(const struct court *c, struct moment now);

#endif
