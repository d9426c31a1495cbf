/*
 * carry: some entries of one set, carried out: what the store wants of them
 * is sent to the kernel, and what it confirms is noted in the store.
 *
 * Everything here happens in a write transaction of the caller's, in which
 * the entries were read. Whoever else projects the same set waits for it.
 */
#ifndef SASLBAN_ENGINE_CARRY_H
#define SASLBAN_ENGINE_CARRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/enforcer.h"
#include "saslban/entry.h"
#include "saslban/projection.h"
#include "saslban/store.h"

#define CARRY_MAX 1000 /* entries at a time */

/* An entry of a ban that is longer than the kernel's limit is renewed when
 * half of that limit is left. */
#define CARRY_HORIZON (ENFORCER_LONGEST / 2)

struct carry {
	struct enforcer *enforcer; /* borrowed, as the store is */
	enum enforcer_set set;
	struct store *store;
	int64_t now;    /* Unix seconds */
	int64_t since;  /* of absent entries those that began since then; Unix
			 * seconds, 0: all */
	int64_t adopt;  /* the jail that takes over what the set holds; 0: the
			 * store was not lost */
	size_t adopted; /* bans that were added for that */
	bool lost;      /* what is held according to the store is not there */
	struct entry entry[CARRY_MAX];
	size_t entries;       /* to be carried out */
	bool patient;         /* a full set is about to be made larger */
	uint64_t added;       /* how many were added since the beginning */
	uint64_t removed;     /* ... and removed */
	struct fault refused; /* why the kernel did not take all of them */
	struct entry weakest[CARRY_MAX]; /* the rest is a place to work in */
	struct set_change change[CARRY_MAX];
	const struct entry *of[CARRY_MAX]; /* whose change it is */
	size_t changes;
};

/* The kernel holds it for as long as it is wanted or, if that is longer than
 * the kernel can, for long enough; or nobody wants or holds it. */
bool carry_is_settled(const struct entry *e, int64_t now);

/* Each entry is added with the time that is left to it or, when it is not
 * wanted any more, removed. */
enum outcome carry_out(struct carry *c, struct fault *why);

/* The set is full and entries are absent from it: the weakest ones in it
 * yield to those that outweigh them. An entry outweighs another when its
 * strike is higher or, the strike being the same, when it began later. *n:
 * how many have yielded; they are absent now. */
enum outcome carry_displace(struct carry *c, size_t *n, struct fault *why);

#endif
