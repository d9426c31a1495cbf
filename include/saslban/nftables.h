/*
 * nftables: the enforcer that drives sets of nf_tables over netlink.
 *
 * All sets are in the table `inet saslban`, which only rules of that table can
 * use. For a base name NAME there are NAME4 and NAME6 for single hosts, and
 * for each length of prefix that the jail may ban one more, as NAME4/24 and
 * NAME6/64, in which rules look up the masked address. Their names in the
 * store and in messages are NAME4 and NAME6. The table and the sets are
 * created; rules are not, see ipset/saslban.nft.
 *
 * Needs CAP_NET_ADMIN as ipset.h says, and Linux 5.7. A set that is there and
 * fits (key, timeouts, counters, no intervals) is used as it is. Nothing is
 * ever emptied or removed from here but single entries.
 *
 * Each call of each, and each read_begin, reads the whole content at once: the
 * kernel cannot go on reading in a set that was changed. That takes some 15 ms
 * for 10,000 entries, half a second for 100,000, and grows with the square of
 * their number; a set of more than 20,000 that is changed meanwhile is read
 * with gaps, one of fewer is read again. ask takes some 3 us for each address,
 * however many there are.
 * Kernels before Linux 6.16 do not say how many entries a set has; then state
 * counts the first 20,000 of each.
 */
#ifndef SASLBAN_NFTABLES_H
#define SASLBAN_NFTABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/enforcer.h"

#define NFTABLES_LENGTHS 4 /* for each family, besides single hosts */

struct nftables_plan {
	bool instead;     /* of ipset, which the kernel does not have */
	const char *name; /* base name, [A-Za-z_.][A-Za-z0-9_.-]{0,25}, as nft
			   * can read it */
	/* Lengths of prefixes that have a set from the beginning; 0: none.
	 * Others get one with their first entry. */
	unsigned length[ENFORCER_SETS][NFTABLES_LENGTHS];
	/* For sets that have to be created: */
	uint32_t default_timeout; /* seconds, above 0 */
	uint32_t maxelem;         /* above 0 */
	uint32_t largest;         /* as in ipset.h */
	bool fixed;               /* nothing is created */
};

/* As ipset_open. */
int nftables_open(struct enforcer **out, const struct nftables_plan *plan,
		  struct fault *why);

#endif
