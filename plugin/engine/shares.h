/*
 * shares: how many places of the queue each address holds.
 *
 * Two rows of counters. A keyed hash gives an address one counter in each, and
 * what the lower of the two says is what it holds: never too few, and too many
 * only for who meets others in both rows. While n addresses hold places that is
 * one in (SHARES_ROW / n) squared. The key is drawn anew at each start, so
 * nobody can choose an address that meets another one's.
 *
 * Failures, logins and trouble of one address are counted apart. Nothing is
 * allocated after shares_open. No lock: the queue has one.
 */
#ifndef SASLBAN_ENGINE_SHARES_H
#define SASLBAN_ENGINE_SHARES_H

#include <stdint.h>

#include "saslban/address.h"
#include "saslban/sighting.h"
#include "saslban/siphash.h"

#define SHARES_ROW 32768

struct shares {
	struct siphash_key key;
	uint32_t *held[2];
};

/* Where the counters of one address are. */
struct share {
	uint16_t at[2];
};

/* -1: out of memory. */
int shares_open(struct shares *s, const struct siphash_key *key);
void shares_close(struct shares *s);

/* Needs no lock. */
struct share share_of(const struct shares *s, enum sighting_kind kind,
		      const struct address *who);

uint32_t share_held(const struct shares *s, struct share at);
void share_add(struct shares *s, struct share at);
void share_remove(struct shares *s, struct share at);

#endif
