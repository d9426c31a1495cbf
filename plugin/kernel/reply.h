/*
 * reply: what the kernel's ipset answers, read from its bytes. Pure.
 *
 * Every length is checked against the bytes that are there, in unsigned
 * arithmetic: a length that lies ends the reading, it never leads out of the
 * datagram and never loops. (libmnl's own check takes a message length of
 * 2^31 and more for negative, and thus for small enough.) An attribute that
 * is missing or too short counts as absent.
 */
#ifndef SASLBAN_KERNEL_REPLY_H
#define SASLBAN_KERNEL_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attribute.h"
#include "saslban/enforcer.h"

struct nlmsghdr;

/* What the kernel says of a set. */
struct set_header {
	char type[ENFORCER_NAME];
	uint8_t family; /* AF_* */
	bool timeouts;  /* entries have a timeout */
	bool counters;
	uint32_t flags;           /* IPSET_FLAG_WITH_* */
	uint32_t default_timeout; /* seconds */
	bool masked;              /* keeps no more than a prefix of each */
	uint32_t identity;
	uint32_t maxelem;
	uint32_t elements;
	uint32_t memory; /* bytes */
	uint32_t references;
	bool has_member; /* a list: the set that was asked for is in it */
};

/* The message at *at in a datagram of len bytes, and *at behind it; NULL when
 * no whole message is left. Start with *at = 0. The datagram is aligned as
 * malloc does. */
const struct nlmsghdr *reply_next(const void *datagram, size_t len, size_t *at);

/* The code of an error, or of the end of a dump: positive, 0 = success. */
int reply_code(const struct nlmsghdr *reply);

/* The line at which a message of many entries failed, 0 = unknown. */
uint32_t reply_line(const struct nlmsghdr *error);

/* One message of a LIST into *h. Only the first of a dump has a header and
 * resets *h; the members of a list may go on in further ones. member is the
 * name that has_member looks for, or NULL. */
void reply_header(const struct nlmsghdr *reply, struct set_header *h,
		  const char *member);

/* Calls see for each entry of a message of a LIST, until it answers other
 * than 0, which is returned. Exceptions (nomatch) are no entries. */
int reply_entries(const struct nlmsghdr *reply,
		  int (*see)(void *context, const struct set_entry *entry),
		  void *context);

/* The same, for each entry as the attributes that the kernel tells of it; also
 * for exceptions. */
int reply_raw(const struct nlmsghdr *reply,
	      int (*see)(void *context, struct part entry), void *context);

/* One such entry; false when it has no address. *exception: it is none. */
bool reply_entry(struct part raw, struct set_entry *entry, bool *exception);

/* The two numbers of a PROTOCOL answer (of a TYPE answer when type is true);
 * -1 when there are none. */
int reply_range(const struct nlmsghdr *reply, bool type, uint8_t *max,
		uint8_t *min);

#endif
