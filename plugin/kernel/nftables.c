/*
 * nftables: see saslban/nftables.h.
 *
 * Never in here: flush, delete and rename of tables and sets, and any rule.
 */
#include "saslban/nftables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "nft_ask.h"
#include "nft_change.h"
#include "nft_group.h"
#include "nft_reading.h"
#include "saslban/settings.h"
#include "set.h"

struct nftables {
	struct enforcer enforcer; /* first: a cast away */
	struct nft_group group[ENFORCER_SETS];
	struct channel channel;
	struct nft_reading reading;
};

static struct nftables *of(struct enforcer *e)
{
	return (struct nftables *)(void *)e;
}

static const char *nftables_name(const struct enforcer *e,
				 enum enforcer_set set)
{
	return ((const struct nftables *)(const void *)e)->group[set].name;
}

static int nftables_ensure(struct enforcer *e, enum enforcer_set set,
			   struct fault *why)
{
	return nft_group_ensure(&of(e)->group[set], &of(e)->channel, why);
}

static int nftables_add(struct enforcer *e, enum enforcer_set set,
			struct set_change *changes, size_t n, struct fault *why)
{
	return nft_change_run(&of(e)->group[set], &of(e)->channel, NFT_ADD,
			      changes, n, why);
}

static int nftables_remove(struct enforcer *e, enum enforcer_set set,
			   struct set_change *changes, size_t n,
			   struct fault *why)
{
	return nft_change_run(&of(e)->group[set], &of(e)->channel, NFT_REMOVE,
			      changes, n, why);
}

/* With a reading of its own, so as not to end one that runs. */
static int nftables_each(struct enforcer *e, enum enforcer_set set,
			 int (*see)(void *context,
				    const struct set_entry *entry),
			 void *context, struct fault *why)
{
	struct nft_reading reading = {.n = 0};
	bool more;

	if (nft_reading_begin(&reading, &of(e)->group[set], &of(e)->channel,
			      why) < 0)
		return -1;
	nft_reading_more(&reading, reading.n, see, context, &more);
	return 0;
}

static int nftables_read_begin(struct enforcer *e, enum enforcer_set set,
			       struct fault *why)
{
	return nft_reading_begin(&of(e)->reading, &of(e)->group[set],
				 &of(e)->channel, why);
}

static int nftables_read_more(struct enforcer *e,
			      int (*see)(void *context,
					 const struct set_entry *entry),
			      void *context, bool *more, struct fault *why)
{
	(void)why;
	nft_reading_more(&of(e)->reading, NFT_READING_STEP, see, context, more);
	return 0;
}

static void nftables_read_end(struct enforcer *e)
{
	nft_reading_end(&of(e)->reading);
}

static int nftables_ask(struct enforcer *e, enum enforcer_set set,
			struct set_question *question, size_t n,
			struct fault *why)
{
	return nft_ask_run(&of(e)->group[set], &of(e)->channel, question, n,
			   why);
}

/* ---- state ---- */

/* Of all the sets: another table, or another set in it, gives another one. */
static uint32_t identity_of(const struct nft_group *g)
{
	uint64_t mix = g->table;

	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (g->planned[i])
			mix = mix * UINT64_C(6364136223846793005) +
			      g->set[i].handle;
	return (uint32_t)(mix >> 32) ^ (uint32_t)mix;
}

/* Not by kernels before 6.16. */
static bool are_counted(const struct nft_group *g)
{
	for (unsigned i = 0; i < NFT_LENGTHS; i++)
		if (g->set[i].there && !g->set[i].counted)
			return false;
	return true;
}

/* One that was made for an odd length and is empty again does not count. */
static bool matters(const struct nft_group *g, unsigned prefix)
{
	const struct nft_header *h = &g->set[prefix];

	return h->there && (g->planned[prefix] || h->elements > 0);
}

/* How many entries fit if more come as they came: the set that is fullest will
 * be full first. Together they may have more than one of them takes. */
static uint32_t room_of(const struct nft_group *g, uint32_t elements)
{
	uint64_t least = UINT32_MAX, room = UINT32_MAX;

	for (unsigned i = 0; i < NFT_LENGTHS; i++) {
		const struct nft_header *h = &g->set[i];

		if (!matters(g, i) || h->maxelem == 0)
			continue;
		if (h->maxelem < least)
			least = h->maxelem;
		if (h->elements > 0 &&
		    (uint64_t)elements * h->maxelem / h->elements < room)
			room = (uint64_t)elements * h->maxelem / h->elements;
	}
	return (uint32_t)(elements < least / 2 ? least : room);
}

/* Each set needs a rule: the one that is worst off speaks for all. */
static void sum_up(const struct nft_group *g, struct set_state *out)
{
	out->references = UINT32_MAX;
	for (unsigned i = 0; i < NFT_LENGTHS; i++) {
		out->elements += g->set[i].elements;
		if (matters(g, i) && g->set[i].references < out->references)
			out->references = g->set[i].references;
	}
	out->maxelem = room_of(g, out->elements);
}

static int nftables_state(struct enforcer *e, enum enforcer_set set,
			  struct set_state *out, struct fault *why)
{
	struct nft_group *g = &of(e)->group[set];

	bool more = false;

	if (nft_group_look(g, &of(e)->channel, why) < 0 ||
	    (!are_counted(g) &&
	     nft_reading_count(g, NFT_COUNTED, &of(e)->channel, &more, why) <
		     0) ||
	    nft_group_count_rules(g, &of(e)->channel, why) < 0)
		return -1;
	*out = (struct set_state){.identity = identity_of(g),
				  .more = more,
				  .largest = g->largest};
	sum_up(g, out);
	return 0;
}

/* ---- a larger set ---- */

/* There is nothing to copy. */
static int nftables_grow_begin(struct enforcer *e, enum enforcer_set set,
			       int64_t now, struct fault *why)
{
	(void)e;
	(void)set;
	(void)now;
	(void)why;
	return 0;
}

static int nftables_grow_more(struct enforcer *e, enum enforcer_set set,
			      int64_t now, bool *more, struct fault *why)
{
	*more = false;
	return nftables_grow_begin(e, set, now, why);
}

static int nftables_grow_finish(struct enforcer *e, enum enforcer_set set,
				int64_t now, struct fault *why)
{
	(void)now;
	return nft_group_enlarge(&of(e)->group[set], &of(e)->channel, why);
}

static void nftables_grow_end(struct enforcer *e, enum enforcer_set set)
{
	(void)e;
	(void)set;
}

static void nftables_close(struct enforcer *e)
{
	nft_reading_end(&of(e)->reading);
	channel_close(&of(e)->channel);
	free(of(e));
}

/* A table that is not there is made; a kernel that can tell has nf_tables. */
static int nftables_look(struct fault *why)
{
	struct exchange x = {.data = NULL};
	struct channel c;
	struct request r;
	int code;

	if (channel_open(&c, NFT_TABLE, why) < 0)
		return -1;
	channel_begin_plain(&c, &r);
	nft_request_look_table(&r);
	code = channel_ask(&c, &r, &x, why);
	channel_close(&c);
	if (code > 0 && code != ENOENT)
		return nft_refusal(why, "read table", NFT_TABLE, code);
	return code < 0 ? -1 : 0;
}

static const struct enforcer_kind kind = {
	.name = "nftables",
	.longest = NFT_LONGEST,
	.joint = false,
	.rules = "saslban.nft",
	.larger = "load one with a larger size in its place with 'nft -f'",
	.modules = "nf_tables",
	.small = 2048,
	.medium = NFT_COUNTED,
	.look = nftables_look,
};

static const struct enforcer_ops nftables_ops = {
	.kind = &kind,
	.name = nftables_name,
	.ensure = nftables_ensure,
	.add = nftables_add,
	.remove = nftables_remove,
	.each = nftables_each,
	.read_begin = nftables_read_begin,
	.read_more = nftables_read_more,
	.read_end = nftables_read_end,
	.ask = nftables_ask,
	.state = nftables_state,
	.grow_begin = nftables_grow_begin,
	.grow_more = nftables_grow_more,
	.grow_finish = nftables_grow_finish,
	.grow_end = nftables_grow_end,
	.close = nftables_close,
};

/* ---- opening ---- */

static int check_plan(const struct nftables_plan *plan, struct fault *why)
{
	const char *name = plan->name == NULL ? "" : plan->name;

	if (!set_base_allowed(name) || !settings_is_nft_name(name))
		return fault_set(why, FAULT_SETTING,
				 "set name '%s' is not allowed with nftables; "
				 "allowed: a letter, _ or . and up to %d "
				 "letters, digits, _ . -",
				 name, SET_BASE - 1);
	if (plan->default_timeout == 0 || plan->maxelem == 0)
		return fault_set(why, FAULT_SETTING,
				 "default timeout '%u' and size '%u' of set "
				 "'%s' are not allowed; allowed: 1 or more",
				 plan->default_timeout, plan->maxelem, name);
	return 0;
}

static void init_group(struct nft_group *g, enum enforcer_set which,
		       const struct nftables_plan *plan)
{
	g->which = which;
	g->default_timeout = plan->default_timeout;
	g->maxelem = plan->maxelem;
	g->largest = plan->largest;
	g->instead = plan->instead;
	g->fixed = plan->fixed;
	enforcer_set_name(plan->name, which, g->name);
	g->planned[nft_group_bits(g)] = true;
	for (size_t i = 0; i < NFTABLES_LENGTHS; i++)
		if (plan->length[which][i] > 0 &&
		    plan->length[which][i] <= nft_group_bits(g))
			g->planned[plan->length[which][i]] = true;
}

int nftables_open(struct enforcer **out, const struct nftables_plan *plan,
		  struct fault *why)
{
	struct nftables *n;

	if (check_plan(plan, why) < 0)
		return -1;
	n = calloc(1, sizeof(*n));
	if (n == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	n->enforcer.ops = &nftables_ops;
	for (int which = 0; which < ENFORCER_SETS; which++)
		init_group(&n->group[which], (enum enforcer_set)which, plan);
	if (channel_open(&n->channel, n->group[ENFORCER_V4].name, why) < 0) {
		free(n);
		return -1;
	}
	*out = &n->enforcer;
	return 0;
}
