/*
 * rereading: filter files that are read again while mail goes on, and the
 * statistics of each edition of them.
 *
 * Workers may use an old edition for a while. What they have counted with it
 * is kept until the last of them has left it; then it is dropped.
 */
#ifndef SASLBAN_ENGINE_REREADING_H
#define SASLBAN_ENGINE_REREADING_H

#include <stdint.h>

#include "report.h"
#include "saslban/editions.h"
#include "saslban/settings.h"
#include "saslban/store.h"
#include "statistics.h"

struct past_edition;

struct rereading {
	struct editions *editions; /* NULL: nothing is read */
	const struct settings *settings;
	const struct report *report;
	struct statistics *now;    /* of the edition in force */
	struct past_edition *past; /* those before, the latest first */
};

/* Borrows all. */
int rereading_open(struct rereading *r, const struct settings *settings,
		   struct editions *editions, const struct report *report,
		   struct fault *why);
void rereading_close(struct rereading *r);

/* The store may be another one: every filter and rule needs its row again. */
void rereading_relist(struct rereading *r);

/* Read the files again, and say what has come of it. */
void rereading_again(struct rereading *r);

/* Keep what was counted since the last time, and note that the engine of the
 * jail lives. */
int rereading_keep(struct rereading *r, struct store *s, int64_t jail,
		   int64_t now, struct fault *why);

#endif
