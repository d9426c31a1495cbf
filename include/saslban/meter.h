/*
 * meter: what a jail has counted since it started. Nothing is ever taken off a
 * counter; who wants what is new remembers what was.
 *
 * Any thread may count, and any may read.
 */
#ifndef SASLBAN_METER_H
#define SASLBAN_METER_H

#include <stdatomic.h>
#include <stdint.h>

/* The names are in impstats' records and in omsaslban(8). */
enum meter_kind {
	METER_LINES,            /* judged */
	METER_FAILURES,         /* found by workers */
	METER_LOGINS,           /* the same */
	METER_TROUBLE,          /* the same */
	METER_FOREIGN,          /* lines that matched and somebody else wrote */
	METER_DROPPED,          /* sightings that found no room in the queue */
	METER_DROPPED_FAILURES, /* of which are failures ... */
	METER_DROPPED_OTHERS,   /* ... and others */
	METER_BANS,             /* that the engine has begun */
	METER_OBSERVED,         /* the same, if it only observes */
	METER_LIFTED,           /* by the engine */
	METER_EXPIRED,          /* bans that ran out */
	METER_BREACHES,
	METER_OUTAGES,
	METER_REFUSED, /* rounds that the database refused */
	METER_QUEUED,  /* sightings that waited when the engine last looked */
	METER_QUEUED_MOST, /* most of them at any time */
	METERS
};

struct meter {
	_Atomic uint64_t n[METERS];
};

static inline void meter_add(struct meter *m, enum meter_kind kind, uint64_t n)
{
	atomic_fetch_add_explicit(&m->n[kind], n, memory_order_relaxed);
}

static inline void meter_set(struct meter *m, enum meter_kind kind, uint64_t n)
{
	atomic_store_explicit(&m->n[kind], n, memory_order_relaxed);
}

static inline uint64_t meter_read(const struct meter *m, enum meter_kind kind)
{
	return atomic_load_explicit(&m->n[kind], memory_order_relaxed);
}

#endif
