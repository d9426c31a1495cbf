/*
 * nft_change: entries into a group of sets and out of it.
 */
#ifndef SASLBAN_KERNEL_NFT_CHANGE_H
#define SASLBAN_KERNEL_NFT_CHANGE_H

#include <stddef.h>

#include "channel.h"
#include "nft_group.h"

/* The longest timeout, in seconds: a hundred years. A permanent entry is cut
 * to it. */
#define NFT_LONGEST INT64_C(3153600000)

/* The verbs add (NFT_ADD) and remove (NFT_REMOVE) of enforcer.h. */
int nft_change_run(struct nft_group *g, struct channel *c, enum nft_verb verb,
		   struct set_change *changes, size_t n, struct fault *why);

#endif
