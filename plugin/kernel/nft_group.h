/*
 * nft_group: the kernel's sets of one family, one for each length of prefix.
 *
 * nf_tables finds a prefix quickly only as the key of a hash: the rule masks
 * the source address and looks it up in the set of that length. (Interval sets
 * take any prefix, and seconds for each change.) NAME4 and NAME6 have the
 * single hosts, NAME4/24 the /24s. The jail's settings say which lengths it
 * bans by itself: those are planned, and always there. A set of another length
 * is created for the first entry of it.
 *
 * A set that is there and fits is used as it is, whoever created it. One that
 * does not fit is left alone.
 */
#ifndef SASLBAN_KERNEL_NFT_GROUP_H
#define SASLBAN_KERNEL_NFT_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"
#include "nft_reply.h"
#include "nft_request.h"

#define NFT_LENGTHS 129 /* of prefixes: 0 to 128 */

struct nft_group {
	char name[ENFORCER_NAME]; /* of the set for hosts */
	enum enforcer_set which;
	bool instead;             /* of ipset, which the kernel does not have */
	uint32_t default_timeout; /* these two: for sets to be created */
	uint32_t maxelem;
	uint32_t largest; /* what that may grow to; 0: it stays as it is */
	bool fixed;       /* nothing is created */
	bool planned[NFT_LENGTHS];
	/* As the last look found it: */
	uint64_t table; /* its handle */
	struct nft_header set[NFT_LENGTHS];
};

/* ADDRESS_V4 or ADDRESS_V6; 32 or 128. */
uint8_t nft_group_family(const struct nft_group *g);
uint8_t nft_group_bits(const struct nft_group *g);

/* The set of a length. Returns out. */
char *nft_group_name(const struct nft_group *g, unsigned prefix,
		     char out[ENFORCER_NAME]);

/* Reads what is there. FAULT_SET_GONE when a planned set is missing,
 * FAULT_ENFORCE when one does not fit. */
int nft_group_look(struct nft_group *g, struct channel *c, struct fault *why);

/* Creates the planned sets that are missing, and looks. */
int nft_group_ensure(struct nft_group *g, struct channel *c, struct fault *why);

/* Creates the set of one length, unless it is there. */
int nft_group_create(struct nft_group *g, unsigned prefix, struct channel *c,
		     struct fault *why);

/* Twice as many entries, up to `largest`, as the smallest of its sets takes:
 * each that takes less takes so many from then on. Linux changes the size of a
 * set in place, if it is new enough. */
int nft_group_enlarge(struct nft_group *g, struct channel *c,
		      struct fault *why);

/* Counts, behind a look, the rules that look addresses up in each set. */
int nft_group_count_rules(struct nft_group *g, struct channel *c,
			  struct fault *why);

/* The kernel does not know what it was asked. */
bool nft_is_unknown(int code);

/* As refusal.h has it, in nftables' words. */
int nft_refusal(struct fault *why, const char *doing, const char *subject,
		int code);

#endif
