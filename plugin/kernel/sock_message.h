/*
 * sock_message: what sock_diag is asked, and what it answers, as bytes. Pure.
 */
#ifndef SASLBAN_KERNEL_SOCK_MESSAGE_H
#define SASLBAN_KERNEL_SOCK_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "request.h"
#include "saslban/address.h"

#define SOCK_NAME                                                  \
	48 /* bytes by which the kernel knows a socket: addresses, \
	    * ports, interface, cookie */

#define SOCK_PEERS                                            \
	16 /* for so many the kernel finds out itself whose a \
	    * socket is */

struct nlmsghdr;

/* One TCP socket of this machine. */
struct sock {
	uint8_t family; /* AF_*; AF_INET6 may have an IPv4 address */
	uint8_t name[SOCK_NAME];
	struct address peer; /* the other end: a host */
};

/* A dump of the family's sockets that are connected, or about to be, have a
 * mail port at this end, and a peer in one of the n prefixes; with more than
 * SOCK_PEERS, whoever the peer is. n is 0: of no socket at all, to see whether
 * the kernel answers. */
void sock_message_list(struct request *r, uint8_t family,
		       const struct address *peer, size_t n);

/* End this socket. With a name of zeros there is none. */
void sock_message_destroy(struct request *r, const struct sock *s);

/* One message of a dump; false when it is none or not of a mail port. */
bool sock_message_read(const struct nlmsghdr *reply, struct sock *out);

#endif
