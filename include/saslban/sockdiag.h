/*
 * sockdiag: the cutter that asks the kernel (sock_diag(7)).
 *
 * It sees the sockets of the network namespace of the thread that first uses
 * it. To end one needs CAP_NET_ADMIN there, and a kernel that was built with
 * CONFIG_INET_DIAG_DESTROY.
 */
#ifndef SASLBAN_SOCKDIAG_H
#define SASLBAN_SOCKDIAG_H

#include "saslban/cutter.h"
#include "saslban/fault.h"

/* Allocates; asks the kernel nothing yet. */
int sockdiag_open(struct cutter **out, struct fault *why);

#endif
