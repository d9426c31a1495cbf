/*
 * ownaddr: the addresses that are this machine's, and its way out.
 *
 * What `self` in ignoreip stands for: every address of every interface
 * (getifaddrs(3)) and the default gateways (/proc/net/route and
 * /proc/net/ipv6_route, proc(5)), in the network namespace of the caller. A
 * gateway that translates addresses makes all its clients look like itself,
 * and a machine that bans its gateway is off the net.
 */
#ifndef SASLBAN_EXEMPT_OWNADDR_H
#define SASLBAN_EXEMPT_OWNADDR_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/address.h"

#define OWNADDR_MAX 512 /* further ones are left out */

struct ownaddr {
	struct address address;
	bool gateway; /* else: of an interface */
};

/* Fills out, each address once, and returns how many. 0, with errno, when the
 * interfaces cannot be read, as when there are no more file descriptors; 0
 * without it (errno 0) when there is none. Gateways that cannot be read are
 * left out. */
size_t ownaddr_read(struct ownaddr *out, size_t max);

#endif
