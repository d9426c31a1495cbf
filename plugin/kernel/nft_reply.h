/*
 * nft_reply: what the kernel's nf_tables answers, read from its bytes. Pure.
 */
#ifndef SASLBAN_KERNEL_NFT_REPLY_H
#define SASLBAN_KERNEL_NFT_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "attribute.h"
#include "saslban/enforcer.h"

/* What the kernel says of a set. */
struct nft_header {
	bool there;
	uint32_t flags; /* NFT_SET_* */
	uint32_t key;   /* bytes */
	bool counters;
	uint64_t handle;  /* never used twice in one table */
	uint32_t maxelem; /* 0: no limit */
	uint32_t timeout; /* seconds: default of its entries */
	bool counted;     /* kernels before 6.16 do not say how many */
	uint32_t elements;
	uint32_t references; /* rules; see nft_reply_lookups */
};

/* The table's handle, never used twice in a network namespace. */
uint64_t nft_reply_table(const struct nlmsghdr *reply);

/* A set, and its name ("" when there is none). */
void nft_reply_set(const struct nlmsghdr *reply, struct nft_header *h,
		   char name[ENFORCER_NAME]);

/* Calls see for each set that the rule looks an address up in. */
void nft_reply_lookups(const struct nlmsghdr *reply,
		       void (*see)(void *context, const char *set),
		       void *context);

/* Calls see for each entry, until it answers other than 0, which is returned.
 * The key does not have the prefix: it is the set's. */
int nft_reply_entries(const struct nlmsghdr *reply, uint8_t prefix,
		      int (*see)(void *context, const struct set_entry *entry),
		      void *context);

/* True when the table was changed while the dump ran. */
bool nft_reply_interrupted(const struct nlmsghdr *reply);

#endif
