/*
 * netlink: a socket to a part of the kernel, netfilter unless it is told
 * another.
 *
 * Opened by the thread that first uses it, and bound to that thread's network
 * namespace. The kernel checks CAP_NET_ADMIN of the calling thread with each
 * send, so having opened the socket with it is worth nothing.
 */
#ifndef SASLBAN_KERNEL_NETLINK_H
#define SASLBAN_KERNEL_NETLINK_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"

/* Bytes for one datagram of answers: the kernel echoes a refused message of
 * many entries whole, and up to 32 KiB of a dump. */
#define NETLINK_REPLY_BYTES (128 * 1024)

struct mnl_socket;

struct netlink {
	struct mnl_socket *socket; /* NULL: to be opened at the next send */
	int bus;                   /* NETLINK_*; may be set before that */
	uint32_t seq;              /* the last sequence number used */
	unsigned char *reply;      /* the datagram received last */
};

enum netlink_outcome {
	NETLINK_OK,
	NETLINK_LOST, /* answers did not fit into the socket's queue: nobody
		       * knows what was done; disconnect and repeat */
	NETLINK_FAILED
};

/* Allocates; asks the kernel nothing yet. */
int netlink_open(struct netlink *n, struct fault *why);
void netlink_close(struct netlink *n);

/* Drops the connection with everything that is queued or running on it; the
 * next send opens another. */
void netlink_disconnect(struct netlink *n);

/* Both fill *why unless they return NETLINK_OK. A send is answered at once:
 * when it returns the answers are queued. */
enum netlink_outcome netlink_send(struct netlink *n, const void *bytes,
				  size_t len, struct fault *why);

/* One datagram into n->reply, after at most two seconds. *len is 0 when it
 * did not come from the kernel. */
enum netlink_outcome netlink_receive(struct netlink *n, size_t *len,
				     struct fault *why);

#endif
