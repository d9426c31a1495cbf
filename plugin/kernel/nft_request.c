/* nft_request: see nft_request.h. */
#include "nft_request.h"

#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "frame.h"

/* Numbers that the nft tool gives to types of keys, so that it can print the
 * sets. The kernel keeps them without a look. */
enum { TYPE_IPV4_ADDR = 7, TYPE_IPV6_ADDR = 8 };

/* Milliseconds between two collections of what has run out: each one walks
 * the whole set. */
enum { COLLECT = 30000 };

static struct frame begin(struct request *r, unsigned command, unsigned flags)
{
	return frame_begin(r, NFNL_SUBSYS_NFTABLES << 8 | command, flags,
			   NFPROTO_INET, 0);
}

static void put_limit(struct request *r, unsigned type)
{
	struct frame f =
		frame_begin(r, type, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);

	frame_end(&f);
}

void nft_request_begin(struct request *r)
{
	put_limit(r, NFNL_MSG_BATCH_BEGIN);
}

void nft_request_end(struct request *r)
{
	put_limit(r, NFNL_MSG_BATCH_END);
}

/* ---- table and sets ---- */

void nft_request_table(struct request *r)
{
	struct frame f = begin(r, NFT_MSG_NEWTABLE, NLM_F_CREATE);

	frame_put_name(&f, NFTA_TABLE_NAME, NFT_TABLE);
	frame_end(&f);
}

/* NULL for values: as a set has it, for all its entries. */
static void put_counter(struct frame *f, uint16_t type,
			const struct nft_entry *values)
{
	struct nlattr *all = frame_nest(f, type);
	struct nlattr *data;

	frame_put_name(f, NFTA_EXPR_NAME, "counter");
	data = frame_nest(f, NFTA_EXPR_DATA);
	if (values != NULL) {
		frame_put64(f, NFTA_COUNTER_BYTES, values->bytes);
		frame_put64(f, NFTA_COUNTER_PACKETS, values->packets);
	}
	frame_unnest(f, data);
	frame_unnest(f, all);
}

void nft_request_set(struct request *r, const struct nft_create *c)
{
	struct frame f = begin(r, NFT_MSG_NEWSET, NLM_F_CREATE | NLM_F_ACK);
	bool four = c->family == ADDRESS_V4;
	struct nlattr *description;

	frame_put_name(&f, NFTA_SET_TABLE, NFT_TABLE);
	frame_put_name(&f, NFTA_SET_NAME, c->name);
	frame_put32(&f, NFTA_SET_FLAGS, NFT_SET_TIMEOUT);
	frame_put32(&f, NFTA_SET_KEY_TYPE,
		    four ? TYPE_IPV4_ADDR : TYPE_IPV6_ADDR);
	frame_put32(&f, NFTA_SET_KEY_LEN, four ? 4 : 16);
	description = frame_nest(&f, NFTA_SET_DESC);
	frame_put32(&f, NFTA_SET_DESC_SIZE, c->maxelem);
	frame_unnest(&f, description);
	frame_put32(&f, NFTA_SET_ID, c->id);
	frame_put64(&f, NFTA_SET_TIMEOUT, (uint64_t)c->timeout * 1000);
	frame_put32(&f, NFTA_SET_GC_INTERVAL, COLLECT);
	put_counter(&f, NFTA_SET_EXPR, NULL);
	frame_end(&f);
}

/* ---- entries ---- */

static void put_key(struct frame *f, const struct address *a)
{
	struct nlattr *key = frame_nest(f, NFTA_SET_ELEM_KEY);

	frame_put(f, NFTA_DATA_VALUE, a->family == ADDRESS_V4 ? 4 : 16,
		  a->bytes);
	frame_unnest(f, key);
}

void nft_request_entry(struct request *r, enum nft_verb verb,
		       const struct nft_entry *entry, bool answer)
{
	static const struct {
		unsigned command;
		unsigned flags;
	} as[] = {
		[NFT_ADD] = {NFT_MSG_NEWSETELEM, NLM_F_CREATE | NLM_F_EXCL},
		[NFT_REMOVE] = {NFT_MSG_DELSETELEM, 0},
		[NFT_GET] = {NFT_MSG_GETSETELEM, 0},
	};
	struct frame f = begin(r, as[verb].command,
			       as[verb].flags | (answer ? NLM_F_ACK : 0));
	struct nlattr *list, *one;

	frame_put_name(&f, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	frame_put_name(&f, NFTA_SET_ELEM_LIST_SET, entry->set);
	list = frame_nest(&f, NFTA_SET_ELEM_LIST_ELEMENTS);
	one = frame_nest(&f, NFTA_LIST_ELEM);
	put_key(&f, entry->address);
	if (verb == NFT_ADD) {
		frame_put64(&f, NFTA_SET_ELEM_TIMEOUT,
			    (uint64_t)entry->left * 1000);
		put_counter(&f, NFTA_SET_ELEM_EXPR, entry);
	}
	frame_unnest(&f, one);
	frame_unnest(&f, list);
	frame_end(&f);
}

/* ---- questions ---- */

void nft_request_look_table(struct request *r)
{
	struct frame f = begin(r, NFT_MSG_GETTABLE, NLM_F_ACK);

	frame_put_name(&f, NFTA_TABLE_NAME, NFT_TABLE);
	frame_end(&f);
}

void nft_request_look_sets(struct request *r)
{
	struct frame f = begin(r, NFT_MSG_GETSET, NLM_F_DUMP);

	frame_put_name(&f, NFTA_SET_TABLE, NFT_TABLE);
	frame_end(&f);
}

void nft_request_look_rules(struct request *r)
{
	struct frame f = begin(r, NFT_MSG_GETRULE, NLM_F_DUMP);

	frame_put_name(&f, NFTA_RULE_TABLE, NFT_TABLE);
	frame_end(&f);
}

void nft_request_entries(struct request *r, const char *set)
{
	struct frame f = begin(r, NFT_MSG_GETSETELEM, NLM_F_DUMP);

	frame_put_name(&f, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	frame_put_name(&f, NFTA_SET_ELEM_LIST_SET, set);
	frame_end(&f);
}
