/*
 * parts: what a memory is made of.
 */
#ifndef SASLBAN_MEMORY_PARTS_H
#define SASLBAN_MEMORY_PARTS_H

#include "cache.h"
#include "customers.h"
#include "hosts.h"
#include "offender.h"
#include "outage.h"
#include "saslban/memory.h"

struct memory {
	const struct policy *policy;
	struct siphash_key key;
	struct cache offenders; /* by address: struct offender */
	size_t spare;           /* attempts that may still be lent to them */
	int64_t swept;          /* when room was looked for */
	struct cache accounts;  /* by name: struct hosts */
	struct cache networks;  /* by address: struct hosts */
	struct customers customers;
	struct outage outage;
	int64_t since; /* the first login that it knows of; 0: none */
	uint64_t sure; /* bans that were told under another number are not */
};

uint64_t memory_key(const struct memory *m, const struct address *a);
uint64_t memory_region_key(const struct memory *m, const struct address *a);

/* The widest of the networks of an address: the place where somebody is. */
struct address memory_region(const struct memory *m, const struct address *a);

/* NULL: nothing is known of it. */
struct offender *memory_offender(const struct memory *m,
				 const struct address *a);

/* The user is known at the address, or in one of its networks. */
bool memory_is_near(const struct memory *m, const struct address *a,
		    const struct name *user, int64_t since);

#endif
