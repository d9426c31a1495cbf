/*
 * exchange: one conversation with the kernel: requests, and their answers.
 */
#ifndef SASLBAN_KERNEL_EXCHANGE_H
#define SASLBAN_KERNEL_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netlink.h"
#include "request.h"

/* Messages in one send. The kernel queues all their answers before we read
 * the first; the smallest usual receive buffer holds 256. */
#define EXCHANGE_MAX 128

struct nlmsghdr;

struct exchange {
	/* Called for each message that is neither an error nor an end; may be
	 * NULL. After a loss it is called for the same answers again. */
	void (*data)(void *context, const struct nlmsghdr *reply);
	void *context;
	uint32_t index; /* while data runs: which message is answered */
	bool enough;    /* set by data: what else comes is not wanted, and the
			 * connection is dropped with it */

	/* The first message begins a transaction and the last one ends it. The
	 * last one is never answered, and the first only when the transaction
	 * is refused as a whole; so the last but one asks for an answer. */
	bool transaction;

	uint32_t count;         /* messages sent */
	int code[EXCHANGE_MAX]; /* of each: 0, or the kernel's error */
	uint32_t line;          /* see reply_line; of the last error */
};

/* Sends the request and reads all answers. Returns 0 when the kernel has
 * answered, whatever it said: see code. -1 when it has not. The last message
 * must be one that is always answered (NLM_F_ACK or a dump), unless it ends a
 * transaction. At most EXCHANGE_MAX messages. */
int exchange_run(struct exchange *x, struct netlink *n, const struct request *r,
		 struct fault *why);

/* One datagram of answers to the messages numbered first .. first + count - 1.
 * Returns 1 when the last of them is answered, 0 when more is to come. Answers
 * to other messages are old and ignored. */
int exchange_parse_replies(struct exchange *x, uint32_t first,
			   const void *datagram, size_t len);

#endif
