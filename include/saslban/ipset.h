/*
 * ipset: the enforcer that drives the kernel's sets over netlink.
 *
 * For a base name NAME: NAME4 (hash:net, inet), NAME6 (hash:net, inet6) and
 * NAME (list:set holding both, so that one firewall rule serves). Needs
 * CAP_NET_ADMIN in the network namespace of the thread that first uses it,
 * and in the thread that uses it, at each call.
 *
 * A set that is there and fits (type, family, timeouts, counters) is used as
 * it is. For one that does not fit ensure fails, with a sentence
 * that says what to do. No set is ever emptied; to grow, one is swapped for a
 * larger one with the same entries, for which the names NAME4.new and NAME6.new
 * are kept.
 */
#ifndef SASLBAN_IPSET_H
#define SASLBAN_IPSET_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/enforcer.h"

#define IPSET_MAXELEM 262144 /* entries of each set that we create */

struct ipset_plan {
	const char *name; /* base name, [A-Za-z0-9_.:-]{1,26} */
	/* Beside it is the lock of whoever makes a set larger; all who share a
	 * set have it in common. NULL: nobody else does. */
	const char *database;
	/* For a set that has to be created: */
	uint32_t default_timeout; /* seconds, above 0; cut to
				   * ENFORCER_LONGEST */
	uint32_t maxelem;         /* above 0 */
	/* A set that fills up may grow to so many entries; 0: not at all. */
	uint32_t largest;
	/* Nothing is created: sets are used as somebody else has made them, as
	 * far as that goes. */
	bool fixed;
};

/* A fixed set is a hash:net or a hash:ip (for single hosts alone, and without a
 * netmask) of the right family, with timeouts, with or without counters. It
 * need not be in a list.
 *
 * Copies the plan and asks the kernel nothing yet. The sockets are opened at
 * the first use, so that a kernel that refuses them today (FAULT_ENFORCE) may
 * grant them tomorrow. FAULT_SETTING: a value of the plan is not allowed. */
int ipset_open(struct enforcer **out, const struct ipset_plan *plan,
	       struct fault *why);

#endif
