/*
 * set: one of the two sets, a hash:net with timeouts and counters.
 *
 * A set that is there and fits is used as it is, whoever created it. One that
 * does not fit belongs to somebody and is left alone, with a sentence that
 * says what to do.
 */
#ifndef SASLBAN_KERNEL_SET_H
#define SASLBAN_KERNEL_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"
#include "reply.h"

struct set {
	char name[ENFORCER_NAME];
	enum enforcer_set which;
	const char *database;     /* for alive_claim_set; borrowed */
	uint32_t default_timeout; /* these two: for a set to be created */
	uint32_t maxelem;
	uint32_t largest; /* maxelem that it may grow to; 0: stays as it is */
	bool fixed;       /* it is never created, and may be of another kind: */
	bool known;       /* and was looked at. Then: */
	bool hosts;       /* it takes no networks (hash:ip) */
	bool uncounted;   /* it has no counters */
};

/* True when the base name is one for sets: [A-Za-z0-9_.:-]{1,SET_BASE}. */
#define SET_BASE 26
bool set_base_allowed(const char *name);

/* The hash size to create with: a quarter of maxelem, a power of two, from
 * 1024 to 1048576 buckets (8 MiB). */
uint32_t set_hashsize(uint32_t maxelem);

/* ADDRESS_V4 or ADDRESS_V6: what its entries are. */
uint8_t set_family(const struct set *s);

/* 0 when a set with this header is one that we can use. */
int set_fits(const struct set *s, const struct set_header *h,
	     struct fault *why);

/* Creates it with the options of the other one, whose header that is. */
int set_create_as(const struct set *s, const struct set_header *other,
		  struct channel *c, struct set_header *h, struct fault *why);

/* Creates it if it is missing; 0 when it fits. One that is fixed is looked at,
 * and what kind it is is noted. */
int set_ensure(struct set *s, struct channel *c, struct fault *why);

/* Why a set that is fixed is not created, behind the fault that it is missing.
 * Returns -1. */
int set_not_created(struct fault *why);

#endif
