/*
 * channel: the way to the kernel's sets: a socket, a buffer for requests, and
 * for ipset the version of the protocol that both sides know.
 */
#ifndef SASLBAN_KERNEL_CHANNEL_H
#define SASLBAN_KERNEL_CHANNEL_H

#include <stdint.h>

#include "exchange.h"
#include "netlink.h"
#include "request.h"

#define CHANNEL_BYTES (64 * 1024) /* of one request */

struct channel {
	const char *user; /* whose it is, for messages; borrowed */
	struct netlink netlink;
	uint8_t protocol;     /* 0: not asked yet */
	unsigned char *bytes; /* CHANNEL_BYTES */
};

/* Allocates; asks the kernel nothing yet. On failure there is nothing to
 * close. */
int channel_open(struct channel *c, const char *user, struct fault *why);
void channel_close(struct channel *c);

/* An empty request over c->bytes, which ends the one before it. Asks for the
 * kernel's protocol version if it is not known. */
int channel_begin(struct channel *c, struct request *r, struct fault *why);

/* The same without asking: for nftables, whose messages have no version, and
 * for what ipset answers in the oldest that we speak. */
void channel_begin_plain(struct channel *c, struct request *r);

/* Runs an exchange of one message. Returns 0, or the kernel's code; -1 with a
 * fault when there is no answer. For several messages use exchange_run. */
int channel_ask(struct channel *c, const struct request *r, struct exchange *x,
		struct fault *why);

#endif
