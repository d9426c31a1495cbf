/*
 * cutting: open connections of who is banned, ended at the moment of the ban.
 *
 * To find them the kernel's table of connections is read, which takes the
 * longer the more there are. So it is read once a second at most, for all bans
 * of that second; and at once when CUTTING_SOON of them wait. What does not
 * succeed is not repeated: it is told of once, and who is banned can open no
 * other connection.
 */
#ifndef SASLBAN_ENGINE_CUTTING_H
#define SASLBAN_ENGINE_CUTTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"
#include "saslban/cutter.h"
#include "saslban/offense.h"

#define CUTTING_SOON (CUTTER_MOST / 2)

struct cutting {
	struct cutter *cutter; /* borrowed; NULL: none is cut */
	struct address from[CUTTER_MOST];
	size_t n;          /* of them wait */
	int64_t last;      /* boot clock: the last reading */
	bool looked;       /* the kernel was asked whether it can */
	bool troubled;     /* and it was reported */
	size_t ended;      /* connections, not yet reported ... */
	struct address of; /* ... of this one, if alone */
	bool alone;
};

/* Nothing is cut when cutter is NULL. */
void cutting_init(struct cutting *c, struct cutter *cutter);

/* A ban that has begun. One that is only observed is none; beyond CUTTER_MOST
 * they are left out. */
void cutting_add(struct cutting *c, const struct offense *o);

/* Cut, if it is time. Asks at the first call whether the kernel can. */
void cutting_poll(struct cutting *c, const struct report *r, int64_t boot);

/* What was cut since the last call. */
void cutting_report(struct cutting *c, struct report *r, int64_t boot);

/* The boot-clock second at which it is time; INT64_MAX: nothing waits. */
int64_t cutting_due(const struct cutting *c);

#endif
