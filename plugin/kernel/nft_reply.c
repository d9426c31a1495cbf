/* nft_reply: see nft_reply.h. */
#include "nft_reply.h"

#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

/* Newer than the headers we may be built with. */
enum { SET_EXPR = 17, SET_COUNT = 20 };

static bool is(const struct nlmsghdr *reply, unsigned command)
{
	return reply->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | command);
}

bool nft_reply_interrupted(const struct nlmsghdr *reply)
{
	return (reply->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
}

uint64_t nft_reply_table(const struct nlmsghdr *reply)
{
	if (!is(reply, NFT_MSG_NEWTABLE))
		return 0;
	return attribute_64(attributes_top(reply).attr[NFTA_TABLE_HANDLE]);
}

static struct attributes inside(const struct nlattr *a)
{
	return attributes_of(attribute_inside(a));
}

static bool is_counter(const struct nlattr *expression)
{
	char name[ENFORCER_NAME];

	attribute_name(inside(expression).attr[NFTA_EXPR_NAME], name);
	return strcmp(name, "counter") == 0;
}

void nft_reply_set(const struct nlmsghdr *reply, struct nft_header *h,
		   char name[ENFORCER_NAME])
{
	struct attributes top = attributes_top(reply);
	const struct nlattr *count = top.attr[SET_COUNT];

	memset(h, 0, sizeof(*h));
	name[0] = '\0';
	if (!is(reply, NFT_MSG_NEWSET))
		return;
	attribute_name(top.attr[NFTA_SET_NAME], name);
	h->there = true;
	h->flags = attribute_32(top.attr[NFTA_SET_FLAGS]);
	h->key = attribute_32(top.attr[NFTA_SET_KEY_LEN]);
	h->counters = is_counter(top.attr[SET_EXPR]);
	h->handle = attribute_64(top.attr[NFTA_SET_HANDLE]);
	h->maxelem = attribute_32(
		inside(top.attr[NFTA_SET_DESC]).attr[NFTA_SET_DESC_SIZE]);
	h->timeout =
		(uint32_t)(attribute_64(top.attr[NFTA_SET_TIMEOUT]) / 1000);
	h->counted = attribute_bytes(count, sizeof(h->elements)) != NULL;
	h->elements = attribute_32(count);
}

void nft_reply_lookups(const struct nlmsghdr *reply,
		       void (*see)(void *context, const char *set),
		       void *context)
{
	struct part all;
	const struct nlattr *one;
	char name[ENFORCER_NAME];

	if (!is(reply, NFT_MSG_NEWRULE))
		return;
	all = attribute_inside(
		attributes_top(reply).attr[NFTA_RULE_EXPRESSIONS]);
	while ((one = attribute_next(&all)) != NULL) {
		struct attributes expression = inside(one);

		attribute_name(expression.attr[NFTA_EXPR_NAME], name);
		if (strcmp(name, "lookup") != 0)
			continue;
		attribute_name(inside(expression.attr[NFTA_EXPR_DATA])
				       .attr[NFTA_LOOKUP_SET],
			       name);
		see(context, name);
	}
}

/* ---- entries ---- */

static bool read_key(const struct nlattr *element, uint8_t prefix,
		     struct address *a)
{
	struct part key =
		attribute_inside(inside(element).attr[NFTA_DATA_VALUE]);

	memset(a, 0, sizeof(*a));
	if (key.left != 4 && key.left != 16)
		return false;
	a->family = key.left == 4 ? ADDRESS_V4 : ADDRESS_V6;
	memcpy(a->bytes, key.at, key.left);
	a->prefix = prefix;
	return prefix <= address_bits(a);
}

/* Rounded up: nought would be for ever. */
static int64_t read_left(const struct nlattr *milliseconds)
{
	uint64_t left = attribute_64(milliseconds);

	if (attribute_bytes(milliseconds, sizeof(left)) == NULL)
		return 0;
	return left == 0 ? 1 : (int64_t)((left - 1) / 1000 + 1);
}

static bool read_entry(const struct nlattr *element, uint8_t prefix,
		       struct set_entry *entry)
{
	struct attributes top = inside(element);
	const struct nlattr *counter = top.attr[NFTA_SET_ELEM_EXPR];

	memset(entry, 0, sizeof(*entry));
	entry->left = read_left(top.attr[NFTA_SET_ELEM_EXPIRATION]);
	if (is_counter(counter)) {
		struct attributes data =
			inside(inside(counter).attr[NFTA_EXPR_DATA]);

		entry->packets = attribute_64(data.attr[NFTA_COUNTER_PACKETS]);
		entry->bytes = attribute_64(data.attr[NFTA_COUNTER_BYTES]);
	}
	return read_key(top.attr[NFTA_SET_ELEM_KEY], prefix, &entry->address);
}

int nft_reply_entries(const struct nlmsghdr *reply, uint8_t prefix,
		      int (*see)(void *context, const struct set_entry *entry),
		      void *context)
{
	struct set_entry entry;
	const struct nlattr *one;
	struct part all;
	int answer = 0;

	if (!is(reply, NFT_MSG_NEWSETELEM))
		return 0;
	all = attribute_inside(
		attributes_top(reply).attr[NFTA_SET_ELEM_LIST_ELEMENTS]);
	while (answer == 0 && (one = attribute_next(&all)) != NULL)
		if (read_entry(one, prefix, &entry))
			answer = see(context, &entry);
	return answer;
}
