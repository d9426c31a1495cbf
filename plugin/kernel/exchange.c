/*
 * exchange: see exchange.h.
 *
 * Answers are distinguished by their sequence numbers, so what an earlier,
 * broken-off exchange left behind is ignored. When answers were lost nobody
 * knows what was done: the socket is closed and everything is sent again,
 * which is harmless because every request of ours may be repeated.
 */
#include "exchange.h"

#include <errno.h>
#include <string.h>

#include <linux/netlink.h>

#include "reply.h"

enum {
	TRIES = 4, /* of one exchange */

	/* Without an end, what comes is no answer. The largest set there may
	 * be, of 16777216 entries, comes in 60,000 datagrams of 32 KiB, or, if
	 * the kernel is short of memory, in half a million of 4 KiB. */
	DATAGRAMS = 1 << 20
};

static void all_refused(struct exchange *x, int code)
{
	for (uint32_t i = 0; i < x->count; i++)
		x->code[i] = code;
}

/* One message; 1 when it was the last. */
static int parse_reply(struct exchange *x, uint32_t index,
		       const struct nlmsghdr *reply)
{
	int code;

	if (reply->nlmsg_type == NLMSG_NOOP)
		return 0;
	if (reply->nlmsg_type != NLMSG_ERROR &&
	    reply->nlmsg_type != NLMSG_DONE) {
		x->index = index;
		if (x->data != NULL)
			x->data(x->context, reply);
		return x->enough;
	}
	code = reply_code(reply);
	if (code != 0)
		x->code[index] = code;
	if (code != 0 && reply->nlmsg_type == NLMSG_ERROR)
		x->line = reply_line(reply);
	/* Without the capability the kernel refuses the whole send and
	 * answers only its first message. */
	if (code == EPERM) {
		all_refused(x, code);
		return 1;
	}
	if (x->transaction && index == 0 && code != 0)
		return 1;
	return index + 1 + x->transaction == x->count;
}

int exchange_parse_replies(struct exchange *x, uint32_t first,
			   const void *datagram, size_t len)
{
	const struct nlmsghdr *reply;
	size_t at = 0;

	while ((reply = reply_next(datagram, len, &at)) != NULL) {
		uint32_t index = reply->nlmsg_seq - first;

		if (index < x->count && parse_reply(x, index, reply) != 0)
			return 1;
	}
	return 0;
}

/* One attempt at the whole exchange. */
static enum netlink_outcome attempt(struct exchange *x, struct netlink *n,
				    const struct request *r, struct fault *why)
{
	uint32_t first = n->seq + 1;
	enum netlink_outcome outcome;
	size_t len;

	x->count = request_number(r, first);
	n->seq += x->count;
	x->line = 0;
	all_refused(x, 0);
	outcome = netlink_send(n, r->bytes, r->len, why);
	for (int i = 0; i < DATAGRAMS && outcome == NETLINK_OK; i++) {
		outcome = netlink_receive(n, &len, why);
		if (outcome == NETLINK_OK &&
		    exchange_parse_replies(x, first, n->reply, len) != 0)
			return NETLINK_OK;
	}
	if (outcome != NETLINK_OK)
		return outcome;
	fault_set(why, FAULT_ENFORCE,
		  "cannot read from the kernel over netlink: %d datagrams "
		  "without the answer",
		  DATAGRAMS);
	return NETLINK_FAILED;
}

int exchange_run(struct exchange *x, struct netlink *n, const struct request *r,
		 struct fault *why)
{
	enum netlink_outcome outcome = NETLINK_LOST;

	if (r->full || r->len == 0)
		return fault_set(why, FAULT_ENFORCE,
				 "cannot send to the kernel over netlink: the "
				 "request cannot be built in %zu bytes",
				 r->size);
	for (int i = 0; i < TRIES && outcome == NETLINK_LOST; i++) {
		outcome = attempt(x, n, r, why);
		/* Answers, or a dump, may be left on the socket. */
		if (outcome != NETLINK_OK || x->enough)
			netlink_disconnect(n);
	}
	return outcome == NETLINK_OK ? 0 : -1;
}
