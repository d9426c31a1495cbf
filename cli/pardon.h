/*
 * pardon: what a person lifts, and what is left.
 *
 * Lifted are running bans of exactly this address, and of what a single host
 * stands for in the jail (the /64 of an IPv6 host), because that is how the
 * module bans it. A wider ban was meant for more than this address and stays.
 * The same holds for entries of the kernel's sets that no ban wants.
 */
#ifndef SASLBAN_CLI_PARDON_H
#define SASLBAN_CLI_PARDON_H

#include <stddef.h>

#include "kernel.h"
#include "saslban/offense.h"
#include "session.h"
#include "subject.h"

struct pardon {
	const struct cli *cli;
	struct session session;
	struct subject subject;
	const struct jail *jail; /* NULL: all */
	struct offense *ban;     /* to be lifted */
	size_t bans;
	struct offense wider; /* one that covers the address and stays */
	size_t widers;
	struct offense inside; /* one of a part of the address */
	size_t insides;
	struct kernel_entry *removed; /* of the kernel, that no ban wanted */
	size_t removals;
	struct kernel_entry around; /* a wider one that no ban wants */
	size_t arounds;
	struct fault unasked; /* FAULT_NONE, or why not all sets were asked */
};

/* Fills ban, wider and inside. */
int pardon_find(struct pardon *p, struct fault *why);

/* Lift the bans, all or none, with the person's name and reason. */
int pardon_lift(const struct pardon *p, struct fault *why);

/* Remove what no ban wants from the sets of the jails that enforce; fills
 * removed, around and unasked. */
void pardon_clear(struct pardon *p);

/* Frees what the others have allocated. */
void pardon_release(struct pardon *p);

#endif
