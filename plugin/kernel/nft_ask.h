/*
 * nft_ask: which of some addresses a group of sets has.
 *
 * The kernel finds a key at once, however large the set is, while reading a
 * set costs the square of its entries (nft_reading.h).
 */
#ifndef SASLBAN_KERNEL_NFT_ASK_H
#define SASLBAN_KERNEL_NFT_ASK_H

#include <stddef.h>

#include "channel.h"
#include "nft_group.h"

/* The verb ask of enforcer.h. */
int nft_ask_run(struct nft_group *g, struct channel *c,
		struct set_question *question, size_t n, struct fault *why);

#endif
