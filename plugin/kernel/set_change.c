/*
 * set_change: see set_change.h.
 *
 * A few entries go as single messages in one send, each with its own answer.
 * Many go in messages of some hundred entries each; the kernel stops at the
 * first entry that it refuses and answers with its line, and we continue behind
 * it.
 */
#include "set_change.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/ipset/ip_set_hash.h>

#include "refusal.h"
#include "set_header.h"

/* Entries in one message. The kernel holds its ipset lock meanwhile; more
 * would make other writers wait too long. */
enum { CHUNK_MAX = 500 };

/* One call. */
struct job {
	const struct set *set;
	struct channel *channel;
	enum request_verb verb;
	struct set_change *changes;
	size_t n;
	struct fault *why;
	bool failed;
	bool strange; /* and that only by what fits no such set */
	bool gone;    /* why says so, and no later reason replaces it */
};

static const char *const doing[] = {
	[REQUEST_ADD] = "add to set",
	[REQUEST_ADD_UNCOUNTED] = "add to set",
	[REQUEST_REMOVE] = "delete from set",
};

/* A code that is about one entry: others may be taken. */
static bool about_entry(int code)
{
	return code == IPSET_ERR_HASH_FULL || code == IPSET_ERR_HASH_ELEM ||
	       code == IPSET_ERR_INVALID_CIDR;
}

/* The kernel's code is only half of it. The set's header has how many entries
 * it takes, and whether it still is the set that ensure looked at. */
static void explain(const struct job *j, int code, struct fault *why)
{
	struct set_header h;

	if (set_header_read(j->channel, j->set->name, NULL, &h, why) < 0)
		return;
	if (code == IPSET_ERR_HASH_FULL)
		fault_set(why, FAULT_SET_FULL,
			  "set '%s' is full (%u entries): make room with "
			  "'ipset del', or put a set with a larger maxelem in "
			  "its place with 'ipset swap'",
			  j->set->name, h.maxelem);
	else if (set_fits(j->set, &h, why) == 0)
		refusal(why, doing[j->verb], j->set->name, false, code);
}

/* Keeps the first reason, or the one that matters more: that the set is gone,
 * and anything but a stranger. */
static void note(struct job *j, const struct set_change *change, int code)
{
	struct fault why = {.kind = FAULT_NONE};
	char text[ADDRESS_TEXT];

	if (j->gone || (j->failed && !j->strange && code != ENOENT))
		return;
	j->failed = true;
	j->strange = false;
	j->gone = code == ENOENT;
	if (j->why == NULL)
		return;
	if (code == EPERM || code == ENOENT)
		refusal(&why, doing[j->verb], j->set->name, false, code);
	else
		explain(j, code, &why);
	if (about_entry(code))
		fault_prefix(&why, "cannot %s '%s'",
			     j->verb == REQUEST_REMOVE ? "lift" : "ban",
			     address_print(&change->address, text));
	j->gone = why.kind == FAULT_SET_GONE;
	*j->why = why;
}

static bool fits(const struct job *j, size_t i)
{
	const struct address *a = &j->changes[i].address;

	return a->family == set_family(j->set) &&
	       (!j->set->hosts || a->prefix == address_bits(a));
}

static int refuse_stranger(const struct job *j, size_t i)
{
	const struct address *a = &j->changes[i].address;
	char text[ADDRESS_TEXT];

	if (a->family == set_family(j->set))
		return fault_set(j->why, FAULT_SETTING,
				 "cannot ban '%s': set '%s' is hash:ip, needed "
				 "for networks: "
				 "hash:net",
				 address_print(a, text), j->set->name);
	return fault_set(j->why, FAULT_ENFORCE,
			 "entry %zu is not for set '%s': family '%u', needed: "
			 "%u",
			 i + 1, j->set->name, a->family, set_family(j->set));
}

/* An address of another family would become a message that the kernel refuses
 * as malformed; of a network hash:ip would make its hosts. One that cannot be
 * there is removed. */
static void note_strangers(struct job *j)
{
	for (size_t i = 0; i < j->n; i++) {
		struct set_change *change = &j->changes[i];

		if (fits(j, i))
			continue;
		if (j->verb == REQUEST_REMOVE &&
		    change->address.family == set_family(j->set)) {
			change->done = true;
			continue;
		}
		if (!j->failed)
			refuse_stranger(j, i);
		j->failed = j->strange = true;
	}
}

/* ---- a few: at most EXCHANGE_MAX entries, one send ---- */

static int run_few(struct job *j)
{
	struct set_change *sent[EXCHANGE_MAX];
	struct exchange x = {.data = NULL};
	struct request r;
	size_t last = j->n;
	uint32_t count = 0;

	if (channel_begin(j->channel, &r, j->why) < 0)
		return -1;
	while (last > 0 && !fits(j, last - 1))
		last--;
	for (size_t i = 0; i < last; i++) {
		if (!fits(j, i))
			continue;
		request_entry(&r, j->verb, j->set->name, &j->changes[i],
			      i + 1 == last);
		sent[count++] = &j->changes[i];
	}
	if (count > 0 && exchange_run(&x, &j->channel->netlink, &r, j->why) < 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		sent[i]->done = x.code[i] == 0;
		if (x.code[i] != 0)
			note(j, sent[i], x.code[i]);
	}
	return 0;
}

/* ---- many ---- */

static void mark(struct job *j, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (fits(j, i))
			j->changes[i].done = true;
}

/* The kernel refused the message that begins at from. Returns the index to go
 * on from, or n when no further entry would be taken. */
static size_t after_refusal(struct job *j, size_t from,
			    const struct request_chunk *chunk, uint32_t line,
			    int code)
{
	size_t bad = line;

	/* Without a line nothing is known of this message. */
	if (bad <= from || bad > chunk->at) {
		note(j, &j->changes[from], code);
		return j->n;
	}
	mark(j, from, bad - 1);
	note(j, &j->changes[bad - 1], code);
	return about_entry(code) ? bad : j->n;
}

/* One message, and the chunk's at to go on from. Returns 0, or the kernel's
 * code; -1 with a fault. */
static int run_chunk(struct job *j, struct request_chunk *chunk)
{
	struct exchange x = {.data = NULL};
	size_t from = chunk->at;
	struct request r;
	int code;

	if (channel_begin(j->channel, &r, j->why) < 0)
		return -1;
	request_chunk(&r, j->verb, j->set->name, chunk);
	if (chunk->count == 0 && !r.full)
		return 0;
	code = channel_ask(j->channel, &r, &x, j->why);
	if (code == 0)
		mark(j, from, chunk->at);
	else if (code > 0)
		chunk->at = after_refusal(j, from, chunk, x.line, code);
	return code;
}

/* When many entries are refused the messages get shorter, or each refusal
 * would cost the building of hundreds of entries. */
static int run_many(struct job *j)
{
	struct request_chunk chunk = {.changes = j->changes,
				      .n = j->n,
				      .family = set_family(j->set),
				      .hosts = j->set->hosts,
				      .max = CHUNK_MAX};
	int code;

	while (chunk.at < j->n) {
		code = run_chunk(j, &chunk);
		if (code < 0)
			return -1;
		if (code > 0)
			chunk.max = (chunk.max + 1) / 2;
		else if (chunk.max < CHUNK_MAX)
			chunk.max *= 2;
	}
	return 0;
}

int set_change_run(const struct set *s, struct channel *c,
		   enum request_verb verb, struct set_change *changes, size_t n,
		   struct fault *why)
{
	struct job j = {.set = s,
			.channel = c,
			.verb = verb == REQUEST_ADD && s->uncounted
					? REQUEST_ADD_UNCOUNTED
					: verb,
			.changes = changes,
			.n = n,
			.why = why};

	for (size_t i = 0; i < n; i++)
		changes[i].done = false;
	note_strangers(&j);
	if ((n <= EXCHANGE_MAX ? run_few(&j) : run_many(&j)) < 0)
		return -1;
	return j.failed ? -1 : 0;
}
