/*
 * resolver: the addresses of host names, without ever waiting for them.
 *
 * Lookups run in the C library's own threads (getaddrinfo_a(3)); the caller
 * asks, goes on, and collects what has come in. A name keeps its last good
 * answer until a newer one arrives; one that fails is asked again sooner.
 * Belongs to one thread. Time is the boot clock's seconds.
 */
#ifndef SASLBAN_RESOLVER_H
#define SASLBAN_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"

#define RESOLVER_AGAIN 300    /* seconds between two good answers */
#define RESOLVER_RETRY 60     /* seconds after a failed one */
#define RESOLVER_ADDRESSES 32 /* per name; further ones are left out */

struct resolver;

/* NULL when out of memory. */
struct resolver *resolver_open(void);

/* A lookup that is under way and cannot be called back keeps its memory; it
 * is never waited for. */
void resolver_close(struct resolver *r);

/* One more name; -1 when out of memory. */
int resolver_add(struct resolver *r, const char *name);

/* Ask what is due and collect what has come. True when any name's addresses
 * have changed. */
bool resolver_turn(struct resolver *r, int64_t boot);

/* When resolver_turn should be called next; INT64_MAX = never. */
int64_t resolver_due(const struct resolver *r);

/* The name with an address inside `inside`, or one that is `inside`; NULL
 * when there is none. */
const char *resolver_overlaps(const struct resolver *r,
			      const struct address *inside);

#endif
