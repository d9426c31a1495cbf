/*
 * request: messages to the kernel's ipset, as bytes. Pure.
 *
 * The sequence numbers are left at 0 for the exchange to fill in. A message
 * that does not fit sets `full` and leaves no trace; so does one whose name is
 * missing or too long, because the kernel takes a FLUSH or DESTROY without a
 * name for all sets of the machine. (A FLUSH is never built here.)
 */
#ifndef SASLBAN_KERNEL_REQUEST_H
#define SASLBAN_KERNEL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attribute.h"
#include "saslban/enforcer.h"

#define REQUEST_TYPE_NET "hash:net"
#define REQUEST_TYPE_HOST "hash:ip"
#define REQUEST_TYPE_LIST "list:set"

/* Bytes of the entries of one message. The kernel's field for it has 16 bits
 * and wraps silently, so the limit is well below. */
#define REQUEST_NEST 60000

/* Messages one behind the other in the caller's buffer. */
struct request {
	unsigned char *bytes; /* aligned as malloc does */
	size_t size;
	size_t len;
	uint8_t protocol; /* version of the ipset protocol */
	bool full;
};

/* What a set is created with. */
struct request_create {
	const char *name;
	const char *type;
	uint8_t revision;
	uint8_t family; /* AF_* */
	/* The rest is for hash:net; maxelem 0 leaves it out. */
	uint32_t flags; /* IPSET_FLAG_WITH_*, besides counters */
	uint32_t default_timeout;
	uint32_t maxelem;
	uint32_t hashsize;
};

/* Which entries of an array go into one message. */
struct request_chunk {
	const struct set_change *changes;
	size_t n;
	size_t at;      /* the first to look at; then: the first left out */
	uint8_t family; /* enum address_family: others are passed over */
	bool hosts;     /* so are networks */
	size_t max;     /* entries */
	size_t count;   /* answer: entries that were put in */
};

enum request_verb {
	REQUEST_ADD,
	REQUEST_ADD_UNCOUNTED, /* to a set without counters */
	REQUEST_REMOVE
};

/* Sets the sequence numbers first, first + 1, ...; returns how many messages
 * there are. */
uint32_t request_number(const struct request *r, uint32_t first);

void request_protocol(struct request *r);
void request_type(struct request *r, const char *type, uint8_t family);
void request_create(struct request *r, const struct request_create *c);

/* What the one name stands for, the other stands for from then on; rules and
 * lists go by the name. */
void request_swap(struct request *r, const char *one, const char *other);

void request_destroy(struct request *r, const char *set);

/* A dump of a set: its header, and its entries unless header_only. */
void request_list(struct request *r, const char *set, bool header_only);

/* Add the set `member` to the list `list`; permanently, even if the list has
 * timeouts. */
void request_member(struct request *r, const char *list, const char *member,
		    bool timeouts);

/* One entry. The last message of a send must ask for an answer; errors are
 * always answered. */
void request_entry(struct request *r, enum request_verb verb, const char *set,
		   const struct set_change *change, bool answer);

/* As many entries of the chunk as one message takes; the line number of each
 * is its index + 1. No message when there are none. */
void request_chunk(struct request *r, enum request_verb verb, const char *set,
		   struct request_chunk *chunk);

/* Adds n entries with all that a dump told of them (reply_raw), and a second
 * more. Returns how
 * many of them, from the first on, the message has taken. */
size_t request_copy(struct request *r, const char *set,
		    const struct part *entry, size_t n);

#endif
