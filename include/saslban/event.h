/*
 * event: what has happened, as one JSON object for other programs.
 *
 * omsaslban(8), EVENTS, is the manual of its members and docs/schema/event.json
 * their schema; the table in engine/event.c is what both are compared with.
 */
#ifndef SASLBAN_EVENT_H
#define SASLBAN_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/dropped.h"
#include "saslban/geo.h"
#include "saslban/offense.h"
#include "saslban/policy.h"
#include "saslban/sighting.h"

enum event_kind {
	EVENT_NONE,
	EVENT_BAN,     /* begins */
	EVENT_LIFT,    /* a person, or the engine, ends it */
	EVENT_EXPIRE,  /* it ran out */
	EVENT_BREACH,  /* a login that should not have been possible */
	EVENT_ACCOUNT, /* comes under attack */
	EVENT_OUTAGE,  /* begins */
	EVENT_OUTAGE_OVER
};
#define EVENT_KINDS (EVENT_OUTAGE_OVER + 1)

#define EVENT_JSON 7168 /* longest text of one, with NUL */

/* What is 0, empty or ADDRESS_NONE is not known, and has no member. */
struct event {
	enum event_kind kind;
	int64_t at; /* Unix seconds; DURATION_FOREVER is no time */

	/* Which one it is: run is the same for all that one run of an engine
	 * tells, and number counts them from 1. */
	char jail[SETTINGS_NAME];
	int64_t run;
	int64_t number;

	/* Of a ban. */
	int64_t offense; /* its row in the store */
	struct address address;
	unsigned strike;
	enum ground ground;
	int64_t from, until; /* until: DURATION_FOREVER */
	int64_t seconds;     /* from one to the other */
	bool observed;       /* nobody was kept out */
	bool enforced;       /* the kernel had it when this was told */
	int64_t late;        /* failures that came while it ran */
	struct dropped dropped;

	/* Of what led to it: the latest failure. */
	struct address host;
	char user[SIGHTING_USER];
	char service[SIGHTING_WORD];
	char rule[SIGHTING_WORD];
	int64_t failures;

	/* Of the address, or else of the host: where it is (geo.h). */
	char country[3];
	int64_t asn;
	char as_name[GEO_NAME];

	unsigned hosts;      /* that failed for an account ... */
	int64_t within;      /* ... in so many seconds */
	const char *breach;  /* breach_word() */
	char why[STORE_WHY]; /* in words; of a lift, why it was lifted */
	char by[STORE_WHO];  /* who lifted it */
};

/* One word each, for programs. */
const char *event_word(enum event_kind kind);

/* An event about the ban: all that an offense has. */
void event_of(struct event *e, enum event_kind of, const struct offense *o);

/* The same about a ban that was lifted, by whom and why. */
void event_lifted(struct event *e, const struct offense *o);

/* The same about the ban of exactly that address that was lifted at that time;
 * EVENT_NONE if the store does not have it. */
void event_find_lift(struct event *e, struct store *s, int64_t jail,
		     const struct address *a, int64_t at);

/* The object as text, into buf; false when it did not fit, which the limits of
 * the texts rule out. */
bool event_json(const struct event *e, char buf[EVENT_JSON]);

/* ---- for those who compare ---- */

/* The members that an event of the kind can have, by their number from 0 on;
 * NULL: there are no more. *always: each one has it. */
const char *event_member(enum event_kind of, size_t i, bool *always);

#endif
