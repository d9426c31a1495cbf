/*
 * siphash: a short hash of bytes that the remote has chosen.
 *
 * SipHash-2-4 (J.-P. Aumasson, D. J. Bernstein, 2012). Who does not know the
 * key cannot choose two inputs with one hash, and cannot try inputs against a
 * hash that he has seen. On machines whose least significant byte comes first
 * it is what the paper says; elsewhere another function, as good.
 */
#ifndef SASLBAN_SIPHASH_H
#define SASLBAN_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t half[2];
};

uint64_t siphash(const struct siphash_key *key, const void *data, size_t len);

#endif
