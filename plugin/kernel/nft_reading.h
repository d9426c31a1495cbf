/*
 * nft_reading: the entries of a group of sets.
 *
 * They are read in one go and then handed out in steps. The kernel has no
 * place to go on from in a set that is changed: it walks the set anew for each
 * datagram and passes over as many entries as it has shown, so that an entry
 * which leaves meanwhile hides another. It does say so, and then the set is
 * read again.
 */
#ifndef SASLBAN_KERNEL_NFT_READING_H
#define SASLBAN_KERNEL_NFT_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "channel.h"
#include "nft_group.h"

#define NFT_READING_STEP 500 /* entries handed out in one step */
#define NFT_COUNTED 20000    /* of one set that are counted: some 20 ms */

struct nft_reading {
	struct set_entry *entry;
	size_t n, capacity;
	size_t at; /* the next to be handed out */
};

/* Reads all entries; ends a reading that runs. An empty reading is all
 * zeros. */
int nft_reading_begin(struct nft_reading *reading, struct nft_group *g,
		      struct channel *c, struct fault *why);

/* At most max entries; *more: call again. */
void nft_reading_more(struct nft_reading *reading, size_t max,
		      int (*see)(void *context, const struct set_entry *entry),
		      void *context, bool *more);

/* Counts, behind a look, into g->set[].elements, for kernels that do not say
 * how many entries a set has; at most max of each set. *more: one has more. */
int nft_reading_count(struct nft_group *g, uint32_t max, struct channel *c,
		      bool *more, struct fault *why);

/* Frees what was read. */
void nft_reading_end(struct nft_reading *reading);

#endif
