/* nft_ask: see nft_ask.h. */
#include "nft_ask.h"

#include <errno.h>

/* One exchange. */
struct asked {
	struct set_question *of[EXCHANGE_MAX]; /* of each message */
	uint32_t n;
	struct exchange exchange;
};

static int see_left(void *context, const struct set_entry *entry)
{
	const struct asked *a = context;
	struct set_question *q = a->of[a->exchange.index];

	q->there = true;
	q->left = entry->left;
	q->packets = entry->packets;
	q->bytes = entry->bytes;
	return 1;
}

static void see_entry(void *context, const struct nlmsghdr *reply)
{
	(void)nft_reply_entries(reply, 0, see_left, context);
}

/* No entry, and no set of that length, are the same answer. */
static int explain(const struct nft_group *g, const struct exchange *x,
		   struct fault *why)
{
	for (uint32_t i = 0; i < x->count; i++)
		if (x->code[i] != 0 && x->code[i] != ENOENT)
			return nft_refusal(why, "read set", g->name,
					   x->code[i]);
	return 0;
}

static int run(struct asked *a, const struct nft_group *g, struct channel *c,
	       struct fault *why)
{
	char name[ENFORCER_NAME];
	struct request r;

	if (a->n == 0)
		return 0;
	a->exchange = (struct exchange){.data = see_entry, .context = a};
	channel_begin_plain(c, &r);
	for (uint32_t i = 0; i < a->n; i++) {
		const struct address *address = &a->of[i]->address;
		const struct nft_entry entry = {
			.set = nft_group_name(g, address->prefix, name),
			.address = address,
		};

		nft_request_entry(&r, NFT_GET, &entry, i + 1 == a->n);
	}
	if (exchange_run(&a->exchange, &c->netlink, &r, why) < 0)
		return -1;
	return explain(g, &a->exchange, why);
}

int nft_ask_run(struct nft_group *g, struct channel *c,
		struct set_question *question, size_t n, struct fault *why)
{
	struct asked a = {.n = 0};

	if (nft_group_look(g, c, why) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct address *address = &question[i].address;

		question[i] = (struct set_question){.address = *address};
		if (address->family == nft_group_family(g) &&
		    address->prefix <= nft_group_bits(g) &&
		    g->set[address->prefix].there)
			a.of[a.n++] = &question[i];
		if (a.n < EXCHANGE_MAX && i + 1 < n)
			continue;
		if (run(&a, g, c, why) < 0)
			return -1;
		a.n = 0;
	}
	return 0;
}
