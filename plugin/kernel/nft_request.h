/*
 * nft_request: messages to the kernel's nf_tables, as bytes. Pure.
 *
 * What changes something stands in a transaction: nft_request_begin first,
 * nft_request_end last, and before that a message that asks for an answer: a
 * set, or an entry with answer = true.
 */
#ifndef SASLBAN_KERNEL_NFT_REQUEST_H
#define SASLBAN_KERNEL_NFT_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "request.h"

#define NFT_TABLE "saslban" /* of family inet; all jails' sets are in it */

/* What a set is created with. */
struct nft_create {
	const char *name;
	uint8_t family;   /* enum address_family: of its addresses */
	uint32_t id;      /* any; another one for each set of a transaction */
	uint32_t timeout; /* seconds: default of entries that come without */
	uint32_t maxelem;
};

/* Entries of a set. */
enum nft_verb {
	NFT_ADD, /* refused with EEXIST when it is there */
	NFT_REMOVE,
	NFT_GET /* no transaction; answered with the element */
};

struct nft_entry {
	const char *set;
	const struct address *address;
	int64_t left;     /* add: seconds, above 0 */
	uint64_t packets; /* add: its counters begin here */
	uint64_t bytes;
};

void nft_request_begin(struct request *r);
void nft_request_end(struct request *r);

/* A table that is there already is no error. */
void nft_request_table(struct request *r);
void nft_request_set(struct request *r, const struct nft_create *c);
void nft_request_entry(struct request *r, enum nft_verb verb,
		       const struct nft_entry *entry, bool answer);

/* Questions: the table, all its sets, all its rules, all entries of a set. */
void nft_request_look_table(struct request *r);
void nft_request_look_sets(struct request *r);
void nft_request_look_rules(struct request *r);
void nft_request_entries(struct request *r, const char *set);

#endif
