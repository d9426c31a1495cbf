/*
 * lockouts: logins of customers that a ban would have kept out.
 */
#ifndef SASLBAN_CLI_LOCKOUTS_H
#define SASLBAN_CLI_LOCKOUTS_H

#include <stddef.h>
#include <stdint.h>

#include "keymap.h"
#include "saslban/address.h"
#include "saslban/sighting.h"
#include "saslban/siphash.h"

#define LOCKOUTS_SHOWN 10

struct lockout {
	int64_t at;
	char user[SIGHTING_USER];
	struct address host;
	struct address ban;
};

/* All zero, but for the key, is an empty one. */
struct lockouts {
	struct siphash_key key;
	uint64_t logins;
	struct keymap users;
	struct keymap hosts;
	struct keymap pairs;
	struct lockout shown[LOCKOUTS_SHOWN]; /* the first of as many pairs */
	size_t n;
};

void lockouts_close(struct lockouts *l);

/* -1: out of memory. */
int lockouts_add(struct lockouts *l, const struct sighting *s,
		 const struct address *ban);

#endif
