/*
 * allowance: what one call of `allow` says about the allow list.
 *
 * An address that is added is free from then on: whatever ban it lies in, or
 * that lies in it, is lifted in the same transaction, and leaves the kernel.
 */
#ifndef SASLBAN_CLI_ALLOWANCE_H
#define SASLBAN_CLI_ALLOWANCE_H

#include "pardon.h"
#include "saslban/allow.h"

struct allowance {
	const struct cli *cli;
	struct pardon pardon; /* has the session */
	struct allow entry[CLI_OPERANDS];
	size_t freed[CLI_OPERANDS]; /* bans that the entries up to this one have
				     * lifted */
	size_t n;
};

/* Add the entries, of which the addresses are set, and print what has come of
 * it. Opens and closes the session. */
enum status allowance_add(struct allowance *o);

/* One object of the array that is open. */
void allowance_json(struct json *j, const struct allow *a, int64_t now);

#endif
