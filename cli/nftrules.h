/*
 * nftrules: mail that is forwarded, and whether a set of nftables is asked on
 * that way; read from what `nft list ruleset` prints. Pure.
 *
 * A port that is known only to a set or a map with a name is not seen.
 */
#ifndef SASLBAN_CLI_NFTRULES_H
#define SASLBAN_CLI_NFTRULES_H

#include <stdbool.h>

#include "saslban/enforcer.h"

#define NFTRULES_RULE 160 /* bytes of a rule that is shown; cut */

struct nftrules {
	bool forwards;            /* a mail port is forwarded (dnat) */
	char dnat[NFTRULES_RULE]; /* the rule that does */
	bool asked; /* a chain that forwarded packets pass asks the set */
};

/* set: one of the table `inet saslban`, as `saslban4`; which: its family, in
 * which mail is forwarded. */
void nftrules_read(struct nftrules *out, const char *text, const char *set,
		   enum enforcer_set which);

#endif
