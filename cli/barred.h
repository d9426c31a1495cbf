/*
 * barred: who is kept out at a time, in a trial.
 *
 * The bans that a trial has come to, as the kernel's sets would have them, and
 * how often each was met. In memory, because every line asks.
 */
#ifndef SASLBAN_CLI_BARRED_H
#define SASLBAN_CLI_BARRED_H

#include <stddef.h>
#include <stdint.h>

#include "keymap.h"
#include "saslban/address.h"
#include "saslban/offense.h"
#include "saslban/policy.h"
#include "saslban/siphash.h"

struct bar {
	struct address address;
	int64_t until; /* 0: it was lifted */
	uint64_t met;  /* failures that it would have kept out */
};

/* All zero, but for the key, is an empty one. */
struct barred {
	struct siphash_key key;
	struct keymap latest; /* of an address: which of these */
	struct bar *bar;      /* by the offense's id, from 1 */
	size_t n;
	size_t capacity;
};

void barred_close(struct barred *b);

/* A ban begins; the ids are 1, 2, 3 ... -1: out of memory. */
int barred_add(struct barred *b, const struct offense *o);

void barred_lift(struct barred *b, int64_t id);

/* The ban that keeps the offender out at now: its own, else one of its
 * networks'; or NULL. */
struct bar *barred_find(const struct barred *b, const struct policy *p,
			const struct address *offender, int64_t now);

/* Failures that the ban of that id would have kept out. */
uint64_t barred_met(const struct barred *b, int64_t id);

#endif
