/*
 * enforcer: where a ban takes effect. A contract without a .c.
 *
 * The one table of functions in the project: ipset.c enforces in the kernel,
 * dryrun.c only pretends, tests/recorder.c remembers what it was asked. An
 * enforcer belongs to one thread at a time. Every verb is idempotent.
 *
 * Every verb but close may fail with FAULT_SET_GONE: call ensure, put back
 * what is due. In ban and lift it outranks the reasons of single entries.
 */
#ifndef SASLBAN_ENFORCER_H
#define SASLBAN_ENFORCER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"

/* The longest timeout the kernel takes (2^31 ms in seconds; larger values
 * are silently cut to it: UINT_MAX jiffies in ip_set_timeout.h). A longer
 * ban is put in with this and re-armed later. */
#define ENFORCER_LONGEST 2147483

/* One entry that is to be put in or taken out. */
struct entry {
	struct address address;
	int64_t left; /* seconds, at least 1; cut to ENFORCER_LONGEST */
	bool fresh;   /* a new ban: counters start at zero; a renewal of a
		       * running one leaves them */
	bool done;    /* answer: it is in force (or gone) */
};

/* One entry as the kernel has it. */
struct entry_seen {
	struct address address;
	int64_t left; /* seconds; 0 = permanent */
	uint64_t packets;
	uint64_t bytes;
};

enum { ENFORCER_FAMILIES = 2 }; /* 0 = IPv4, 1 = IPv6 */

struct set_state {
	uint32_t identity; /* another value: recreated or swapped */
	uint32_t elements;
	uint32_t maxelem;
	uint32_t references; /* 0: nothing refers to it but the enforcer's own
			      * list, and no firewall rule refers to that */
};

struct enforcer_state {
	struct set_state set[ENFORCER_FAMILIES];
};

struct enforcer;

struct enforcer_ops {
	/* Make what is missing and verify what is there. */
	int (*ensure)(struct enforcer *e, struct fault *why);
	/* Put entries in, or renew them; marks the ones that are done. -1 if
	 * any is not, with the first reason. */
	int (*ban)(struct enforcer *e, struct entry *entries, size_t n,
		   struct fault *why);
	/* Take entries out; one that is not there is done. */
	int (*lift)(struct enforcer *e, struct entry *entries, size_t n,
		    struct fault *why);
	/* Every entry that is there. A non-zero answer of see stops; that is
	 * no fault: 0 is returned. */
	int (*each)(struct enforcer *e,
		    int (*see)(void *context, const struct entry_seen *seen),
		    void *context, struct fault *why);
	int (*state)(struct enforcer *e, struct enforcer_state *out,
		     struct fault *why);
	void (*close)(struct enforcer *e); /* never removes a set */
};

struct enforcer {
	const struct enforcer_ops *ops;
};

#endif
