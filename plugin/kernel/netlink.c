/* netlink: see netlink.h. */
#include "netlink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

#include "refusal.h"

enum {
	TIMEOUT = 2,               /* seconds without an answer */
	KERNEL_QUEUE = 1024 * 1024 /* bytes of answers */
};

int netlink_open(struct netlink *n, struct fault *why)
{
	memset(n, 0, sizeof(*n));
	n->bus = NETLINK_NETFILTER;
	n->reply = malloc(NETLINK_REPLY_BYTES);
	if (n->reply == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

void netlink_disconnect(struct netlink *n)
{
	if (n->socket != NULL)
		mnl_socket_close(n->socket);
	n->socket = NULL;
}

void netlink_close(struct netlink *n)
{
	netlink_disconnect(n);
	free(n->reply);
	n->reply = NULL;
}

/* A larger queue only makes lost answers rarer, so it may fail. */
static void set_options(struct mnl_socket *socket)
{
	const struct timeval timeout = {.tv_sec = TIMEOUT};
	const int queue = KERNEL_QUEUE;
	int fd = mnl_socket_get_fd(socket);

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout,
			 sizeof(timeout));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout,
			 sizeof(timeout));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)) <
	    0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue,
				 sizeof(queue));
}

static int connect_kernel(struct netlink *n, struct fault *why)
{
	struct mnl_socket *socket = mnl_socket_open2(n->bus, SOCK_CLOEXEC);

	if (socket == NULL)
		return refusal_no_socket(why, errno);
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		refusal_no_socket(why, errno);
		mnl_socket_close(socket);
		return -1;
	}
	set_options(socket);
	n->socket = socket;
	return 0;
}

static enum netlink_outcome failed(struct fault *why, const char *doing)
{
	if (errno == ENOBUFS) {
		fault_set(why, FAULT_ENFORCE,
			  "cannot %s the kernel over netlink: answers were "
			  "lost",
			  doing);
		return NETLINK_LOST;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		fault_set(why, FAULT_ENFORCE,
			  "cannot %s the kernel over netlink: no answer "
			  "within %d seconds",
			  doing, TIMEOUT);
	else
		fault_set(why, FAULT_ENFORCE,
			  "cannot %s the kernel over netlink: %m", doing);
	return NETLINK_FAILED;
}

enum netlink_outcome netlink_send(struct netlink *n, const void *bytes,
				  size_t len, struct fault *why)
{
	ssize_t sent;

	if (n->socket == NULL && connect_kernel(n, why) < 0)
		return NETLINK_FAILED;
	do {
		sent = mnl_socket_sendto(n->socket, bytes, len);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? failed(why, "send to") : NETLINK_OK;
}

enum netlink_outcome netlink_receive(struct netlink *n, size_t *len,
				     struct fault *why)
{
	struct sockaddr_nl from = {.nl_family = AF_NETLINK};
	socklen_t from_len = sizeof(from);
	ssize_t got;

	*len = 0;
	do {
		/* MSG_TRUNC: the length that it has, not what fitted. */
		got = recvfrom(mnl_socket_get_fd(n->socket), n->reply,
			       NETLINK_REPLY_BYTES, MSG_TRUNC,
			       (struct sockaddr *)(void *)&from, &from_len);
	} while (got < 0 && errno == EINTR);
	if (got > NETLINK_REPLY_BYTES) {
		got = -1;
		errno = EMSGSIZE;
	}
	if (got < 0)
		return failed(why, "read from");
	/* Whoever may administer the network may write to this socket. */
	if (from_len == sizeof(from) && from.nl_pid == 0)
		*len = (size_t)got;
	return NETLINK_OK;
}
