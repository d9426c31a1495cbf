/*
 * ipset_impl: what the files of the kernel enforcer share.
 *
 * ipset.c (the enforcer), ipset_ensure.c (the sets), ipset_entry.c (bans in
 * and out), ipset_message.c (requests: pure), ipset_reply.c (answers: pure),
 * ipset_socket.c (the conversation), ipset_fault.c (codes as sentences).
 */
#ifndef SASLBAN_IPSET_IMPL_H
#define SASLBAN_IPSET_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/enforcer.h"
#include "saslban/ipset.h"

struct mnl_socket;
struct nlmsghdr;

enum {
	IPSET_BASE = 26, /* characters of a base name */
	IPSET_NAME = 32, /* a set's name, with NUL: the kernel's limit */

	/* Messages in one send. Their answers are queued before we read the
	 * first one; the smallest usual receive buffer holds 256. */
	IPSET_PIPELINE = 128,
	/* Entries in one message. More would hold the kernel's ipset lock
	 * for longer than a live writer should wait. */
	IPSET_BULK = 500,
	/* Bytes of one nest of entries. Its length is 16 bits wide in the
	 * message and wraps without a word, so it is kept well below. */
	IPSET_NEST = 60000,

	IPSET_ROOM = 64 * 1024,   /* bytes of one send */
	IPSET_REPLY = 128 * 1024, /* a refused bulk message is echoed whole */

	IPSET_PROTOCOL_KNOWN = 7, /* of the ipset protocol, the newest we */
	IPSET_PROTOCOL_LEAST = 6, /* speak and the oldest */
	IPSET_NET_REVISION = 7,   /* of hash:net, likewise */
	IPSET_NET_LEAST = 3,      /* the first with counters */
	IPSET_LIST_REVISION = 3   /* of list:set */
};

#define IPSET_TYPE_NET "hash:net"
#define IPSET_TYPE_LIST "list:set"

/* ---- requests: ipset_message.c ---- */

/* Messages one behind the other in a buffer of the caller's. A message that
 * does not fit sets full and leaves no trace; so does one without a name. */
struct ipset_room {
	unsigned char *bytes;
	size_t size;
	size_t len;
	uint8_t protocol;
	bool full;
};

/* What a set is made of. */
struct ipset_make {
	const char *name;
	const char *type;
	uint8_t revision;
	uint8_t family;    /* AF_* */
	uint32_t standard; /* default timeout; these three for hash:net */
	uint32_t maxelem;
	uint32_t hashsize;
};

/* Which entries of an array go into one message. */
struct ipset_lot {
	const struct entry *entries;
	size_t n;
	size_t at;      /* the first to look at; then: the first left out */
	uint8_t family; /* enum address_family: others are passed over */
	size_t most;    /* entries */
	size_t taken;   /* answer */
};

/* True when it is [A-Za-z0-9_.:-]{1,IPSET_BASE}. */
bool ipset_name_allowed(const char *name);

/* The hash size to create with: a quarter of maxelem, a power of two, from
 * 1024 to 262144 buckets (2 MiB). */
uint32_t ipset_hashsize(uint32_t maxelem);

void ipset_put_protocol(struct ipset_room *r);
void ipset_put_type(struct ipset_room *r, const char *type, uint8_t family);
void ipset_put_create(struct ipset_room *r, const struct ipset_make *m);
void ipset_put_list(struct ipset_room *r, const char *set, bool header_only);

/* Put set `member` into the list `set`, for good even if the list has a
 * default timeout. */
void ipset_put_member(struct ipset_room *r, const char *set, const char *member,
		      bool timeouts);

enum ipset_verb { IPSET_BAN, IPSET_LIFT };

/* One entry. The last one of a send must ask for an answer; the kernel
 * always reports an error. */
void ipset_put_entry(struct ipset_room *r, enum ipset_verb verb,
		     const char *set, const struct entry *e, bool answer);

/* As many entries of the lot as one message takes; line = index + 1. */
void ipset_put_lot(struct ipset_room *r, enum ipset_verb verb, const char *set,
		   struct ipset_lot *lot);

/* ---- answers: ipset_reply.c ---- */

/* What the kernel says of a set. */
struct ipset_header {
	char type[IPSET_NAME];
	uint8_t family; /* AF_* */
	bool timeouts;  /* entries have a timeout */
	bool counters;
	uint32_t identity;
	uint32_t maxelem;
	uint32_t elements;
	uint32_t references;
	bool holds[ENFORCER_FAMILIES]; /* a list: our sets are members */
};

/* Reads a message of a LIST. Only the first of a dump has a header; *h is
 * left alone otherwise. member[f] is what h->holds looks for, or NULL. */
void ipset_read_header(const struct nlmsghdr *reply, struct ipset_header *h,
		       const char *const member[ENFORCER_FAMILIES]);

/* Calls see for each entry of a message of a LIST, until it answers other
 * than 0, which is returned. Exceptions (nomatch) are no entries. */
int ipset_read_entries(const struct nlmsghdr *reply,
		       int (*see)(void *context, const struct entry_seen *seen),
		       void *context);

/* The two numbers of a PROTOCOL or TYPE answer; -1 when there are none. */
int ipset_read_range(const struct nlmsghdr *reply, bool type, uint8_t *most,
		     uint8_t *least);

/* The line at which a multi-entry message failed, 0 = not told. */
uint32_t ipset_read_line(const struct nlmsghdr *error);

/* ---- the conversation: ipset_socket.c ---- */

struct ipset_socket {
	struct mnl_socket *netlink; /* NULL: to be opened at the next use */
	uint32_t seq;               /* the last one used */
	unsigned char *reply;
};

struct ipset_talk {
	/* Calls data for each message that is no error and no end; other
	 * than 0 stops the conversation. May be NULL. */
	int (*data)(void *context, const struct nlmsghdr *reply);
	void *context;
	bool once; /* data may not be called twice for the same thing: after
		    * a loss, fail rather than repeat */

	uint32_t count; /* messages sent */
	int code[IPSET_PIPELINE];
	uint32_t line; /* see ipset_read_line */
	int stopped;   /* what data answered */
};

int ipset_socket_open(struct ipset_socket *s, struct fault *why);
void ipset_socket_close(struct ipset_socket *s);

/* Sends all of the room and hears the kernel out. Returns 0 when it answered:
 * t->code[i] is 0 or the error of message i. -1 when it did not. The last
 * message must be one that ends (an ACK or a dump). */
int ipset_socket_talk(struct ipset_socket *s, const struct ipset_room *r,
		      struct ipset_talk *t, struct fault *why);

/* One datagram of answers to messages first .. first + count - 1. Returns 1
 * when the conversation is over, 0 when more is to come. Answers to other
 * messages are old and are passed over. */
int ipset_talk_hear(struct ipset_talk *t, uint32_t first, const void *datagram,
		    size_t len);

/* ---- sentences: ipset_fault.c ---- */

/* Sets FAULT_ENFORCE (FAULT_SET_GONE for a set that is not there): cannot
 * DOING 'SUBJECT': why. list: codes of list:set are meant. Returns -1. */
int ipset_refused(struct fault *why, const char *doing, const char *subject,
		  bool list, int code);

/* The sentence for a socket that cannot be opened. */
int ipset_no_socket(struct fault *why, int code);

/* ---- the enforcer: ipset.c, ipset_ensure.c, ipset_entry.c ---- */

struct ipset {
	struct enforcer enforcer; /* first: a cast away */
	char list[IPSET_NAME];
	char set[ENFORCER_FAMILIES][IPSET_NAME];
	uint32_t standard;
	uint32_t maxelem;
	uint8_t protocol; /* 0: not asked yet */
	struct ipset_socket control;
	struct ipset_socket dump; /* one dump holds its socket to the end */
	unsigned char *bytes;     /* IPSET_ROOM, for requests */
};

/* An empty room over s->bytes; asks the kernel's protocol if need be. */
int ipset_start(struct ipset *s, struct ipset_room *r, struct fault *why);

/* 0, or the kernel's code for one request; -1 with a fault. */
int ipset_ask(struct ipset *s, const struct ipset_room *r, struct ipset_talk *t,
	      struct fault *why);

/* Reads a set's header; a list's with its members. */
int ipset_header(struct ipset *s, const char *set, struct ipset_header *h,
		 struct fault *why);

/* 0 when the set is one that we can use. */
int ipset_fits(const struct ipset *s, int family, const struct ipset_header *h,
	       struct fault *why);
int ipset_list_fits(const struct ipset *s, const struct ipset_header *h,
		    struct fault *why);

int ipset_ensure(struct enforcer *e, struct fault *why);
int ipset_ban(struct enforcer *e, struct entry *entries, size_t n,
	      struct fault *why);
int ipset_lift(struct enforcer *e, struct entry *entries, size_t n,
	       struct fault *why);

#endif
