/*
 * nft_change: see nft_change.h.
 *
 * nf_tables takes all of a transaction or nothing, and says of each message
 * what was wrong with it. So a transaction has many messages of one entry
 * each; what was refused is left out and the rest is sent again. What was
 * refused is then looked at alone.
 *
 * An entry that is there is removed and added again, in one transaction, with
 * the counters that it had: kernels before 6.12 take an addition for a success
 * and leave the old time. What may be there is asked for first: a transaction
 * that is refused costs ten milliseconds (synchronize_rcu), a question two
 * microseconds.
 */
#include "nft_change.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* Entries in a transaction, of two messages each, between its beginning and
 * its end. */
enum { CHUNK = (EXCHANGE_MAX - 2) / 2 };

/* One call. */
struct job {
	struct nft_group *group;
	struct channel *channel;
	enum nft_verb verb;
	struct fault *why;
	bool failed;
	bool gone; /* why says so, and no later reason replaces it */
};

/* Some entries of a call that are sent together. */
struct chunk {
	struct set_change *change[CHUNK];
	int code[CHUNK];
	bool there[CHUNK]; /* to be removed before it is added */
	uint64_t packets[CHUNK], bytes[CHUNK]; /* that it has counted */
	uint32_t n;
};

static const char *doing(const struct job *j)
{
	return j->verb == NFT_ADD ? "add to set" : "delete from set";
}

/* How many entries the set takes is in its header. */
static void explain_full(struct job *j, const struct set_change *change,
			 const char *name, struct fault *why)
{
	const struct nft_header *h = &j->group->set[change->address.prefix];
	char text[ADDRESS_TEXT];

	if (nft_group_look(j->group, j->channel, why) == 0)
		fault_set(why, FAULT_SET_FULL,
			  "set '%s' is full (%u entries): make room with "
			  "'saslbanctl unban', or let a larger one be loaded "
			  "in its place",
			  name, h->maxelem);
	fault_prefix(why, "cannot ban '%s'",
		     address_print(&change->address, text));
}

/* Keeps the first reason, or the one that matters more: the set is gone. */
static void note(struct job *j, const struct set_change *change, int code)
{
	struct fault why = {.kind = FAULT_NONE};
	char name[ENFORCER_NAME];

	if (j->gone || (j->failed && code != ENOENT))
		return;
	j->failed = true;
	nft_group_name(j->group, change->address.prefix, name);
	if (code == ENFILE)
		explain_full(j, change, name, &why);
	else
		nft_refusal(&why, doing(j), name, code);
	j->gone = why.kind == FAULT_SET_GONE;
	if (j->why != NULL)
		*j->why = why;
}

/* A fault that is no answer of the kernel's to an entry. */
static int refuse(struct job *j, const struct set_change *change, size_t number)
{
	char text[ADDRESS_TEXT];

	if (j->failed)
		return -1;
	j->failed = true;
	if (change->address.family != nft_group_family(j->group))
		return fault_set(j->why, FAULT_ENFORCE,
				 "entry %zu is not for set '%s': family '%u', "
				 "needed: %u",
				 number, j->group->name, change->address.family,
				 nft_group_family(j->group));
	return fault_set(j->why, FAULT_ENFORCE,
			 "cannot %s '%s': nothing can be looked up by that "
			 "prefix length; allowed: 1 to 32, or 1 to 128",
			 j->verb == NFT_ADD ? "ban" : "lift",
			 address_print(&change->address, text));
}

static int64_t left_of(const struct set_change *change)
{
	if (change->left < 1)
		return 1;
	return change->left < NFT_LONGEST ? change->left : NFT_LONGEST;
}

static struct nft_entry entry_of(const struct job *j, const struct chunk *k,
				 uint32_t i, char name[ENFORCER_NAME])
{
	const struct set_change *change = k->change[i];

	return (struct nft_entry){
		.set = nft_group_name(j->group, change->address.prefix, name),
		.address = &change->address,
		.left = left_of(change),
		.packets = k->packets[i],
		.bytes = k->bytes[i],
	};
}

/* ---- what is there ---- */

struct asked {
	struct chunk *chunk;
	uint32_t which[CHUNK]; /* entry of the chunk, for each message */
	const struct exchange *exchange;
};

static int see_counters(void *context, const struct set_entry *entry)
{
	struct asked *a = context;
	uint32_t i = a->which[a->exchange->index];

	a->chunk->there[i] = true;
	a->chunk->packets[i] = entry->packets;
	a->chunk->bytes[i] = entry->bytes;
	return 1;
}

static void see_entry(void *context, const struct nlmsghdr *reply)
{
	(void)nft_reply_entries(reply, 0, see_counters, context);
}

static void count_anew(struct chunk *k)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (k->change[i]->fresh)
			k->packets[i] = k->bytes[i] = 0;
}

/* Asks for the entries that were chosen. */
static int ask(struct job *j, struct chunk *k, const bool chosen[CHUNK])
{
	struct asked a = {.chunk = k};
	struct exchange x = {.data = see_entry, .context = &a};
	char name[ENFORCER_NAME];
	struct request r;
	uint32_t n = 0;

	a.exchange = &x;
	channel_begin_plain(j->channel, &r);
	for (uint32_t i = 0; i < k->n; i++) {
		struct nft_entry e = entry_of(j, k, i, name);

		if (!chosen[i])
			continue;
		k->there[i] = false;
		k->packets[i] = k->bytes[i] = 0;
		a.which[n++] = i;
		nft_request_entry(&r, NFT_GET, &e, true);
	}
	if (n > 0 && exchange_run(&x, &j->channel->netlink, &r, j->why) < 0)
		return -1;
	count_anew(k);
	return 0;
}

/* ---- a transaction ---- */

/* The messages of the entries that have no code yet; whose each one is.
 * Returns how many. */
static uint32_t put_entries(struct job *j, const struct chunk *k,
			    struct request *r, uint32_t whose[EXCHANGE_MAX])
{
	char name[ENFORCER_NAME];
	uint32_t last = k->n, n = 0;

	while (last > 0 && k->code[last - 1] != 0)
		last--;
	for (uint32_t i = 0; i < last; i++) {
		struct nft_entry e = entry_of(j, k, i, name);

		if (k->code[i] != 0)
			continue;
		if (j->verb == NFT_ADD && k->there[i]) {
			nft_request_entry(r, NFT_REMOVE, &e, false);
			whose[n++] = i;
		}
		nft_request_entry(r, j->verb, &e, i + 1 == last);
		whose[n++] = i;
	}
	return n;
}

/* Sends the entries that have no code yet; *over when none was refused. */
static int send_chunk(struct job *j, struct chunk *k, bool *over)
{
	struct exchange x = {.transaction = true};
	uint32_t whose[EXCHANGE_MAX], n;
	struct request r;

	*over = true;
	channel_begin_plain(j->channel, &r);
	nft_request_begin(&r);
	n = put_entries(j, k, &r, whose);
	nft_request_end(&r);
	if (n == 0)
		return 0;
	if (exchange_run(&x, &j->channel->netlink, &r, j->why) < 0)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		/* x.code[0]: the transaction as a whole was refused */
		int code = x.code[0] != 0 ? x.code[0] : x.code[i + 1];

		if (code == 0)
			continue;
		if (k->code[whose[i]] == 0)
			k->code[whose[i]] = code;
		*over = false;
	}
	return 0;
}

static int send_all(struct job *j, struct chunk *k)
{
	bool over = false;

	while (!over)
		if (send_chunk(j, k, &over) < 0)
			return -1;
	return 0;
}

/* ---- what was refused ---- */

/* It is there although it was thought to be new, or it ran out between the
 * question and the removal, or it has no set of its length yet. */
static bool is_curable(const struct job *j, const struct chunk *k, uint32_t i)
{
	uint8_t prefix = k->change[i]->address.prefix;

	return k->code[i] == EEXIST ||
	       (k->code[i] == ENOENT &&
		(k->there[i] || !j->group->planned[prefix]));
}

/* One entry once more, by itself: the same address may stand twice in a
 * chunk. */
static int add_again(struct job *j, struct chunk *k, uint32_t i)
{
	static const bool chosen[CHUNK] = {true};
	struct set_change *change = k->change[i];
	struct chunk one = {.change = {change}, .n = 1};

	if (k->code[i] == ENOENT && !j->group->fixed &&
	    !j->group->planned[change->address.prefix] &&
	    nft_group_create(j->group, change->address.prefix, j->channel,
			     j->why) < 0)
		return -1;
	if (ask(j, &one, chosen) < 0 || send_all(j, &one) < 0)
		return -1;
	k->code[i] = one.code[0];
	return 0;
}

/* An entry that is not there is done, unless it has no set: a planned one
 * that is missing is a fault. */
static int settle_remove(struct job *j, struct set_change *change, int *code)
{
	struct fault why = {.kind = FAULT_NONE};

	if (*code != ENOENT)
		return 0;
	if (!j->group->set[change->address.prefix].there &&
	    nft_group_look(j->group, j->channel, &why) < 0) {
		if (why.kind == FAULT_SET_GONE)
			return 0;
		if (j->why != NULL)
			*j->why = why;
		return -1;
	}
	*code = 0;
	return 0;
}

static int settle(struct job *j, struct chunk *k, uint32_t i)
{
	if (j->verb == NFT_REMOVE)
		return settle_remove(j, k->change[i], &k->code[i]);
	return is_curable(j, k, i) ? add_again(j, k, i) : 0;
}

/* ---- all ---- */

static int run_chunk(struct job *j, struct chunk *k)
{
	bool renewed[CHUNK] = {false};

	memset(k->code, 0, sizeof(k->code));
	memset(k->there, 0, sizeof(k->there));
	memset(k->packets, 0, sizeof(k->packets));
	memset(k->bytes, 0, sizeof(k->bytes));
	for (uint32_t i = 0; i < k->n; i++)
		renewed[i] = j->verb == NFT_ADD && !k->change[i]->fresh;
	if (ask(j, k, renewed) < 0 || send_all(j, k) < 0)
		return -1;
	for (uint32_t i = 0; i < k->n; i++) {
		if (k->code[i] != 0 && settle(j, k, i) < 0)
			return -1;
		k->change[i]->done = k->code[i] == 0;
		if (k->code[i] != 0)
			note(j, k->change[i], k->code[i]);
	}
	return 0;
}

static bool is_ours(const struct job *j, const struct set_change *change)
{
	return change->address.family == nft_group_family(j->group) &&
	       change->address.prefix > 0 &&
	       change->address.prefix <= nft_group_bits(j->group);
}

int nft_change_run(struct nft_group *g, struct channel *c, enum nft_verb verb,
		   struct set_change *changes, size_t n, struct fault *why)
{
	struct job j = {.group = g, .channel = c, .verb = verb, .why = why};
	struct chunk k = {.n = 0};

	memset(g->set, 0, sizeof(g->set));
	for (size_t i = 0; i < n; i++) {
		changes[i].done = false;
		if (!is_ours(&j, &changes[i]))
			(void)refuse(&j, &changes[i], i + 1);
	}
	for (size_t i = 0; i < n; i++) {
		if (is_ours(&j, &changes[i]))
			k.change[k.n++] = &changes[i];
		if (k.n < CHUNK && i + 1 < n)
			continue;
		if (run_chunk(&j, &k) < 0)
			return -1;
		k.n = 0;
	}
	return j.failed ? -1 : 0;
}
