/*
 * set_reading: the entries of a set, one datagram of them at a time.
 *
 * The kernel runs one dump per socket at a time, so a reading has a socket of
 * its own. Closing the socket is how a dump is abandoned: there is no request
 * for it, and reading on to its end could take long.
 */
#ifndef SASLBAN_KERNEL_SET_READING_H
#define SASLBAN_KERNEL_SET_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "attribute.h"
#include "channel.h"
#include "netlink.h"

struct set_reading {
	struct netlink netlink;
	char name[ENFORCER_NAME]; /* the set that is read */
	uint32_t seq;             /* of the request */
	bool running;
};

int set_reading_open(struct set_reading *reading, struct fault *why);
void set_reading_close(struct set_reading *reading);

/* Asks for the entries of a set; ends a reading that runs. The channel lends
 * its buffer and its protocol version, and is free again afterwards. */
int set_reading_begin(struct set_reading *reading, struct channel *c,
		      const char *name, struct fault *why);

/* The entries of one datagram; *more: call again. A reading
 * ends with its last datagram, with a fault and with a non-zero answer of see;
 * then *more is false at once. */
int set_reading_more(struct set_reading *reading,
		     int (*see)(void *context, const struct set_entry *entry),
		     void *context, bool *more, struct fault *why);

/* The same, with each entry as the kernel tells it (reply_raw). What see is
 * given lives until the next call. */
int set_reading_more_raw(struct set_reading *reading,
			 int (*see)(void *context, struct part entry),
			 void *context, bool *more, struct fault *why);

/* Ends a reading that runs; the kernel drops its reference to the set. */
void set_reading_end(struct set_reading *reading);

#endif
