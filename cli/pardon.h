/*
 * pardon: what a person lifts, and what is left.
 *
 * Lifted are running bans of exactly this address, and of what a single host
 * stands for in the jail (the /64 of an IPv6 host), because that is how the
 * module bans it. A wider ban was meant for more than this address and stays.
 * The same holds for entries of the kernel's sets that no ban wants.
 *
 * Where an address is allowed (allow.c), all bans that touch it are lifted.
 */
#ifndef SASLBAN_CLI_PARDON_H
#define SASLBAN_CLI_PARDON_H

#include <stddef.h>

#include "json.h"
#include "kernel.h"
#include "saslban/offense.h"
#include "session.h"
#include "subject.h"

struct pardon {
	const struct cli *cli;
	struct session session;
	struct subject subject;
	const char *reason;      /* of the lifts; borrowed */
	bool all;                /* also those that are wider or inside */
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

/* Fills ban, wider and inside; what is in ban already stays. */
int pardon_find(struct pardon *p, struct fault *why);

/* Lift the bans, all or none, with the person's name and reason. */
int pardon_lift(const struct pardon *p, struct fault *why);

/* The same of those from that place on, in a transaction of the caller's. */
int pardon_record(const struct pardon *p, size_t from, struct fault *why);

/* What was lifted leaves the kernel; prints why it does not. */
enum status pardon_settle(const struct pardon *p);

/* Remove what no ban wants from the sets of the jails that enforce; fills
 * removed, to which it adds, around and unasked. */
void pardon_clear(struct pardon *p);

/* The address is part of a wider ban that stays: prints it, as the end of a
 * verb. */
enum status pardon_wider(const struct address *given,
			 const struct offense *wider);

/* There is an entry around: prints it, as the end of a verb. */
enum status pardon_held(const struct pardon *p);

/* For people: a line for a ban that was lifted, which ends with the tail; and
 * one for each entry that was removed. */
void pardon_print_ban(const struct pardon *p, const struct offense *o,
		      const char *tail);
void pardon_print_removed(const struct pardon *p);

/* The arrays `lifted`, of bans as they are in the store now, and `removed`. */
enum status pardon_json(const struct pardon *p, struct json *j);

/* Frees what the others have allocated. */
void pardon_release(struct pardon *p);

#endif
