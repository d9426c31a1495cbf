/* nft_group: see nft_group.h. */
#include "nft_group.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "refusal.h"
#include "set.h"

struct family {
	uint8_t of_address;
	uint8_t bits;
	const char *key; /* as nft writes it */
};

static const struct family families[] = {
	[ENFORCER_V4] = {ADDRESS_V4, 32, "ipv4_addr"},
	[ENFORCER_V6] = {ADDRESS_V6, 128, "ipv6_addr"},
};
_Static_assert(sizeof(families) / sizeof(families[0]) == ENFORCER_SETS,
	       "a family for each group");

uint8_t nft_group_family(const struct nft_group *g)
{
	return families[g->which].of_address;
}

uint8_t nft_group_bits(const struct nft_group *g)
{
	return families[g->which].bits;
}

char *nft_group_name(const struct nft_group *g, unsigned prefix,
		     char out[ENFORCER_NAME])
{
	if (prefix == nft_group_bits(g))
		snprintf(out, ENFORCER_NAME, "%s", g->name);
	else
		snprintf(out, ENFORCER_NAME, "%.27s/%u", g->name,
			 prefix % NFT_LENGTHS);
	return out;
}

bool nft_is_unknown(int code)
{
	return code == EINVAL || code == EOPNOTSUPP;
}

int nft_refusal(struct fault *why, const char *doing, const char *subject,
		int code)
{
	if (nft_is_unknown(code))
		return fault_set(why, FAULT_ENFORCE,
				 "cannot %s '%s': the kernel does not know the "
				 "request; is the module 'nf_tables' there, of "
				 "Linux 5.7 or newer?",
				 doing, subject);
	return refusal(why, doing, subject, false, code);
}

/* ---- looking ---- */

/* The length of the set of that name; NFT_LENGTHS: it is none of ours. */
static unsigned length_of(const struct nft_group *g, const char *name)
{
	size_t len = strlen(g->name);
	char again[ENFORCER_NAME];
	unsigned prefix;

	if (strcmp(name, g->name) == 0)
		return nft_group_bits(g);
	if (strncmp(name, g->name, len) != 0 ||
	    sscanf(name + len, "/%3u", &prefix) != 1 || prefix == 0 ||
	    prefix >= nft_group_bits(g) ||
	    strcmp(nft_group_name(g, prefix, again), name) != 0)
		return NFT_LENGTHS;
	return prefix;
}

static void see_table(void *context, const struct nlmsghdr *reply)
{
	struct nft_group *g = context;

	g->table = nft_reply_table(reply);
}

static void see_set(void *context, const struct nlmsghdr *reply)
{
	struct nft_group *g = context;
	struct nft_header h;
	char name[ENFORCER_NAME];
	unsigned prefix;

	nft_reply_set(reply, &h, name);
	prefix = length_of(g, name);
	if (prefix < NFT_LENGTHS)
		g->set[prefix] = h;
}

static void count_rule(void *context, const char *set)
{
	struct nft_group *g = context;
	unsigned prefix = length_of(g, set);

	if (prefix < NFT_LENGTHS)
		g->set[prefix].references++;
}

static void see_rule(void *context, const struct nlmsghdr *reply)
{
	nft_reply_lookups(reply, count_rule, context);
}

/* One question; see is called for each answer. */
static int ask(struct nft_group *g, struct channel *c,
	       void (*build)(struct request *r),
	       void (*see)(void *context, const struct nlmsghdr *reply),
	       struct fault *why)
{
	struct exchange x = {.data = see, .context = g};
	struct request r;
	int code;

	channel_begin_plain(c, &r);
	build(&r);
	code = channel_ask(c, &r, &x, why);
	if (code <= 0)
		return code;
	nft_refusal(why, "read set", g->name, code);
	if (g->instead && nft_is_unknown(code))
		fault_prefix(why, "the kernel has no ipset, and nftables does "
				  "not work, either");
	return -1;
}

static int check_fit(const struct nft_group *g, unsigned prefix,
		     struct fault *why)
{
	const struct nft_header *h = &g->set[prefix];
	char name[ENFORCER_NAME];

	if (h->flags == NFT_SET_TIMEOUT && h->counters &&
	    h->key * 8 == nft_group_bits(g))
		return 0;
	nft_group_name(g, prefix, name);
	return fault_set(
		why, FAULT_ENFORCE,
		"set '%s' of table 'inet saslban' is of another kind, needed: "
		"{ type %s; flags timeout; counter; }; give the jail another "
		"set name with set=, or remove it with 'nft delete set inet "
		"saslban %s'",
		name, families[g->which].key, name);
}

int nft_group_look(struct nft_group *g, struct channel *c, struct fault *why)
{
	char name[ENFORCER_NAME];

	memset(g->set, 0, sizeof(g->set));
	g->table = 0;
	if (ask(g, c, nft_request_look_table, see_table, why) < 0 ||
	    ask(g, c, nft_request_look_sets, see_set, why) < 0)
		return -1;
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (g->set[i].there && check_fit(g, i, why) < 0)
			return -1;
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (g->planned[i] && !g->set[i].there)
			return fault_set(why, FAULT_SET_GONE,
					 "cannot read set '%s': there is no "
					 "such set",
					 nft_group_name(g, i, name));
	return 0;
}

int nft_group_count_rules(struct nft_group *g, struct channel *c,
			  struct fault *why)
{
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		g->set[i].references = 0;
	return ask(g, c, nft_request_look_rules, see_rule, why);
}

/* ---- creating ---- */

static void put_set(const struct nft_group *g, unsigned prefix,
		    uint32_t timeout, uint32_t maxelem, struct request *r)
{
	char name[ENFORCER_NAME];
	const struct nft_create create = {
		.name = nft_group_name(g, prefix, name),
		.family = nft_group_family(g),
		.id = prefix + 1,
		.timeout = timeout,
		.maxelem = maxelem,
	};

	nft_request_set(r, &create);
}

/* The sets of the lengths that are chosen. One that is there with other
 * options is an error, which the look behind it explains. */
static int create(struct nft_group *g, const bool chosen[NFT_LENGTHS],
		  struct channel *c, struct fault *why)
{
	struct exchange x = {.transaction = true};
	struct request r;

	channel_begin_plain(c, &r);
	nft_request_begin(&r);
	nft_request_table(&r);
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (chosen[i])
			put_set(g, i, g->default_timeout, g->maxelem, &r);
	nft_request_end(&r);
	if (exchange_run(&x, &c->netlink, &r, why) < 0)
		return -1;
	for (uint32_t i = 0; i < x.count; i++)
		if (x.code[i] != 0 && x.code[i] != EEXIST)
			return nft_refusal(why, "create set", g->name,
					   x.code[i]);
	return 0;
}

int nft_group_create(struct nft_group *g, unsigned prefix, struct channel *c,
		     struct fault *why)
{
	bool chosen[NFT_LENGTHS] = {false};

	chosen[prefix] = true;
	return create(g, chosen, c, why);
}

int nft_group_ensure(struct nft_group *g, struct channel *c, struct fault *why)
{
	struct fault first = {.kind = FAULT_NONE};
	bool chosen[NFT_LENGTHS];

	if (nft_group_look(g, c, &first) == 0)
		return 0;
	if (first.kind == FAULT_SET_GONE && g->fixed)
		set_not_created(&first);
	if (first.kind != FAULT_SET_GONE || g->fixed) {
		if (why != NULL)
			*why = first;
		return -1;
	}
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		chosen[i] = g->planned[i] && !g->set[i].there;
	if (create(g, chosen, c, why) < 0)
		return -1;
	return nft_group_look(g, c, why);
}

/* ---- enlarging ---- */

static bool is_smaller(const struct nft_header *h, uint32_t maxelem)
{
	return h->there && h->maxelem > 0 && h->maxelem < maxelem;
}

/* To create it once more with another size changes the size; an older kernel
 * says yes and changes nothing. */
static int resize(struct nft_group *g, struct channel *c, uint32_t maxelem,
		  struct fault *why)
{
	struct exchange x = {.transaction = true};
	struct request r;

	channel_begin_plain(c, &r);
	nft_request_begin(&r);
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (is_smaller(&g->set[i], maxelem))
			put_set(g, i, g->set[i].timeout, maxelem, &r);
	nft_request_end(&r);
	if (exchange_run(&x, &c->netlink, &r, why) < 0)
		return -1;
	for (uint32_t i = 0; i < x.count; i++)
		if (x.code[i] != 0 && x.code[i] != EEXIST)
			return nft_refusal(why, "enlarge set", g->name,
					   x.code[i]);
	return nft_group_look(g, c, why);
}

/* Twice the least. */
static uint32_t next_size(const struct nft_group *g)
{
	uint32_t least = g->largest;

	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (is_smaller(&g->set[i], least))
			least = g->set[i].maxelem;
	return least < g->largest / 2 ? 2 * least : g->largest;
}

int nft_group_enlarge(struct nft_group *g, struct channel *c, struct fault *why)
{
	char name[ENFORCER_NAME];
	uint32_t maxelem;

	if (nft_group_look(g, c, why) < 0)
		return -1;
	maxelem = next_size(g);
	if (resize(g, c, maxelem, why) < 0)
		return -1;
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (is_smaller(&g->set[i], maxelem))
			return fault_set(why, FAULT_ENFORCE,
					 "the kernel does not change the size "
					 "of set '%s'; load it with a larger "
					 "size with 'nft -f'",
					 nft_group_name(g, i, name));
	return 0;
}
