/*
 * subject: the address that a verb is about.
 *
 * A single host stands for what its jail takes as one offender (an IPv6 host
 * for its /64, by default): that is what the module bans. Written with a
 * prefix, /32 and /128 too, an address is meant to the letter.
 */
#ifndef SASLBAN_CLI_SUBJECT_H
#define SASLBAN_CLI_SUBJECT_H

#include "cli.h"
#include "edge.h"
#include "saslban/address.h"
#include "saslban/exempt.h"
#include "saslban/settings.h"

struct subject {
	struct address given;
	bool literal; /* it was written with a prefix */
};

/* Is it an address? */
bool subject_take(struct subject *out, const char *text, size_t len);

/* Reads an address; prints what is wrong with it. */
enum status subject_read(struct subject *out, const char *text);

/* The same of the operand of the verb. */
enum status subject_parse(struct subject *out, const struct cli *c);

/* Of a verb that takes an address or --file: it has one of the two; prints
 * what is wrong. */
enum status subject_or_file(const struct cli *c, const char *verb);

/* What it stands for in a jail. Without x, who is exempt does not matter; with
 * it, a host that shares its prefix with somebody who is exempt stands for
 * itself, as it does for the module. */
struct address subject_offender(const struct subject *s,
				const struct settings *settings,
				const struct exempt *x);

#endif
