/*
 * cutter: ends connections that were open when their other end was banned.
 *
 * A table of functions, as an enforcer is: plugin/kernel/sockdiag.c asks the
 * kernel, the tests have one that remembers. It belongs to one thread at a
 * time, and what it does may be repeated.
 */
#ifndef SASLBAN_CUTTER_H
#define SASLBAN_CUTTER_H

#include <stddef.h>

#include "saslban/address.h"
#include "saslban/fault.h"

#define CUTTER_MOST 4096 /* prefixes in one call */

struct cutter;

struct cutter_ops {
	/* Can the kernel do it? Asks, and ends nothing; but the kernel loads
	 * its modules for that if it can. Whether it is allowed to us shows
	 * only when there is something to end. */
	int (*look)(struct cutter *c, struct fault *why);

	/* End every TCP connection between a mail port of this machine and an
	 * address in one of the n prefixes, CUTTER_MOST at most, whose order
	 * may change. *ended: how many, also after a fault. -1 (FAULT_ENFORCE)
	 * when the kernel refuses. */
	int (*cut)(struct cutter *c, struct address *from, size_t n,
		   size_t *ended, struct fault *why);

	void (*close)(struct cutter *c);
};

struct cutter {
	const struct cutter_ops *ops;
};

#endif
