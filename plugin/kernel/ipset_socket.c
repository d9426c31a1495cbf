/*
 * ipset_socket: the conversation with the kernel.
 *
 * A request is answered while it is sent: when send() returns, all answers
 * are queued on the socket. They are told apart by their sequence numbers, so
 * what an earlier, broken-off conversation left behind is passed over. When
 * the queue ran over (ENOBUFS) nobody knows what was done: the socket is
 * thrown away and everything is said again, which is harmless because every
 * request of ours may be repeated.
 */
#include "ipset_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

enum {
	PATIENCE = 2,              /* seconds without an answer */
	TRIES = 4,                 /* of one conversation */
	KERNEL_QUEUE = 1024 * 1024 /* bytes of answers */
};

/* What one attempt came to. */
enum outcome { HEARD, LOST, FAILED };

/* A larger queue where we may: it only makes ENOBUFS rarer. */
static void set_options(struct mnl_socket *netlink)
{
	const struct timeval patience = {.tv_sec = PATIENCE};
	const int queue = KERNEL_QUEUE;
	int fd = mnl_socket_get_fd(netlink);

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			 sizeof(patience));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)) <
	    0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue,
				 sizeof(queue));
}

static int connect_kernel(struct ipset_socket *s, struct fault *why)
{
	struct mnl_socket *netlink =
		mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);

	if (netlink == NULL)
		return ipset_no_socket(why, errno);
	if (mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) < 0) {
		ipset_no_socket(why, errno);
		mnl_socket_close(netlink);
		return -1;
	}
	set_options(netlink);
	s->netlink = netlink;
	return 0;
}

static void disconnect(struct ipset_socket *s)
{
	if (s->netlink != NULL)
		mnl_socket_close(s->netlink);
	s->netlink = NULL;
}

int ipset_socket_open(struct ipset_socket *s, struct fault *why)
{
	memset(s, 0, sizeof(*s));
	s->reply = malloc(IPSET_REPLY);
	if (s->reply == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

void ipset_socket_close(struct ipset_socket *s)
{
	disconnect(s);
	free(s->reply);
	s->reply = NULL;
}

/* Numbers the messages of the room; returns how many there are. */
static uint32_t number(const struct ipset_room *r, uint32_t first)
{
	struct nlmsghdr *head = (struct nlmsghdr *)r->bytes;
	int left = (int)r->len;
	uint32_t count = 0;

	for (; mnl_nlmsg_ok(head, left); head = mnl_nlmsg_next(head, &left))
		head->nlmsg_seq = first + count++;
	return count;
}

/* The code that an error, or the end of a dump, carries: positive. */
static int code_of(const struct nlmsghdr *reply)
{
	int error = 0;

	if (mnl_nlmsg_get_payload_len(reply) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(reply), sizeof(error));
	else if (reply->nlmsg_type == NLMSG_ERROR)
		error = -EBADMSG;
	return error < 0 ? -error : 0;
}

static void all_refused(struct ipset_talk *t, int code)
{
	for (uint32_t i = 0; i < t->count; i++)
		t->code[i] = code;
}

/* One message; 1 when it was the last. */
static int hear_message(struct ipset_talk *t, uint32_t index,
			const struct nlmsghdr *reply)
{
	int code;

	if (reply->nlmsg_type == NLMSG_NOOP)
		return 0;
	if (reply->nlmsg_type == NLMSG_ERROR ||
	    reply->nlmsg_type == NLMSG_DONE) {
		code = code_of(reply);
		if (code != 0)
			t->code[index] = code;
		if (code != 0 && reply->nlmsg_type == NLMSG_ERROR)
			t->line = ipset_read_line(reply);
		/* Without the capability the kernel refuses the whole send
		 * and answers its first message only. */
		if (code == EPERM) {
			all_refused(t, code);
			return 1;
		}
		return index + 1 == t->count;
	}
	if (t->data != NULL)
		t->stopped = t->data(t->context, reply);
	return t->stopped != 0;
}

int ipset_talk_hear(struct ipset_talk *t, uint32_t first, const void *datagram,
		    size_t len)
{
	const struct nlmsghdr *reply = datagram;
	int left = (int)len;
	uint32_t index;

	for (; mnl_nlmsg_ok(reply, left);
	     reply = mnl_nlmsg_next(reply, &left)) {
		index = reply->nlmsg_seq - first;
		if (index >= t->count)
			continue;
		if (hear_message(t, index, reply) != 0)
			return 1;
	}
	return 0;
}

static enum outcome failed(struct fault *why, const char *doing)
{
	if (errno == ENOBUFS)
		return LOST;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		fault_set(why, FAULT_ENFORCE,
			  "cannot %s the kernel over netlink: no answer "
			  "within %d seconds",
			  doing, PATIENCE);
	else
		fault_set(why, FAULT_ENFORCE,
			  "cannot %s the kernel over netlink: %m", doing);
	return FAILED;
}

/* One attempt at the whole conversation. */
static enum outcome attempt(struct ipset_socket *s, const struct ipset_room *r,
			    struct ipset_talk *t, struct fault *why)
{
	uint32_t first = s->seq + 1;
	ssize_t n;

	t->count = number(r, first);
	s->seq += t->count;
	t->line = 0;
	t->stopped = 0;
	all_refused(t, 0);
	do {
		n = mnl_socket_sendto(s->netlink, r->bytes, r->len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return failed(why, "ask");
	for (;;) {
		n = mnl_socket_recvfrom(s->netlink, s->reply, IPSET_REPLY);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(why, "hear");
		if (ipset_talk_hear(t, first, s->reply, (size_t)n) != 0)
			return HEARD;
	}
}

int ipset_socket_talk(struct ipset_socket *s, const struct ipset_room *r,
		      struct ipset_talk *t, struct fault *why)
{
	enum outcome outcome = LOST;

	if (r->full || r->len == 0)
		return fault_set(why, FAULT_ENFORCE,
				 "cannot ask the kernel over netlink: the "
				 "request cannot be built in %zu bytes",
				 r->size);
	for (int i = 0; i < TRIES && outcome == LOST; i++) {
		if (s->netlink == NULL && connect_kernel(s, why) < 0)
			return -1;
		outcome = attempt(s, r, t, why);
		/* A conversation that did not come to its end may hold a
		 * dump, or leave answers behind. */
		if (outcome != HEARD || t->stopped != 0)
			disconnect(s);
		if (t->once)
			break;
	}
	if (outcome == LOST)
		fault_set(why, FAULT_ENFORCE,
			  "cannot hear the kernel over netlink: answers were "
			  "lost");
	return outcome == HEARD ? 0 : -1;
}
