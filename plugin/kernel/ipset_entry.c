/*
 * ipset_entry: bans into the sets and out of them.
 *
 * Few entries go as single messages in one send, each with its own answer.
 * Many go as messages of some hundred entries each; the kernel stops at the
 * first that it refuses and tells its line, and we go on behind it.
 */
#include "ipset_impl.h"

#include <errno.h>
#include <string.h>

#include <linux/netfilter/ipset/ip_set_hash.h>

/* One call of ban or lift. */
struct job {
	struct ipset *set;
	enum ipset_verb verb;
	struct entry *entries;
	size_t n;
	struct fault *why;
	bool failed;
	bool gone; /* why says so, and no later reason replaces it */
};

static const char *const doing[] = {
	[IPSET_BAN] = "add to set",
	[IPSET_LIFT] = "delete from set",
};

/* 0 or 1; -1 when there is no address. */
static int family_of(const struct entry *e)
{
	switch (e->address.family) {
	case ADDRESS_V4:
		return 0;
	case ADDRESS_V6:
		return 1;
	default:
		return -1;
	}
}

/* A code that is about this entry alone: others may pass. */
static bool about_entry(int code)
{
	return code == IPSET_ERR_HASH_FULL || code == IPSET_ERR_HASH_ELEM ||
	       code == IPSET_ERR_INVALID_CIDR;
}

/* The set is not what it was when ensure looked at it: say what it is. */
static void explain(struct job *j, int family, int code, struct fault *why)
{
	const char *set = j->set->set[family];
	struct ipset_header h;

	if (ipset_header(j->set, set, &h, why) < 0)
		return;
	if (code == IPSET_ERR_HASH_FULL)
		fault_set(why, FAULT_SET_FULL,
			  "set '%s' is full (%u entries): make room with "
			  "'ipset del', or put a set with a larger maxelem in "
			  "its place with 'ipset swap'",
			  set, h.maxelem);
	else if (ipset_fits(j->set, family, &h, why) == 0)
		ipset_refused(why, doing[j->verb], set, false, code);
}

/* Keeps the first reason, or the one that matters more: the set is gone. */
static void note(struct job *j, const struct entry *e, int family, int code)
{
	struct fault why = {.kind = FAULT_NONE};
	char text[ADDRESS_TEXT];

	if (j->gone || (j->failed && code != ENOENT))
		return;
	j->failed = true;
	j->gone = code == ENOENT;
	if (j->why == NULL)
		return;
	if (code == EPERM || code == ENOENT)
		ipset_refused(&why, doing[j->verb], j->set->set[family], false,
			      code);
	else
		explain(j, family, code, &why);
	if (about_entry(code))
		fault_prefix(&why, "cannot %s '%s'",
			     j->verb == IPSET_BAN ? "ban" : "lift",
			     address_print(&e->address, text));
	j->gone = why.kind == FAULT_SET_GONE;
	*j->why = why;
}

static void note_nothing(struct job *j, const struct entry *e)
{
	if (!j->failed)
		fault_set(j->why, FAULT_ENFORCE,
			  "entry %zu holds no address: family '%u'",
			  (size_t)(e - j->entries) + 1, e->address.family);
	j->failed = true;
}

/* At most IPSET_PIPELINE entries, both families, one send. */
static int pipelined(struct job *j)
{
	struct entry *sent[IPSET_PIPELINE];
	struct ipset_talk t = {.data = NULL};
	struct ipset_room r;
	size_t last = j->n;
	uint32_t count = 0;

	if (ipset_start(j->set, &r, j->why) < 0)
		return -1;
	while (last > 0 && family_of(&j->entries[last - 1]) < 0)
		last--;
	for (size_t i = 0; i < j->n; i++) {
		struct entry *e = &j->entries[i];

		if (family_of(e) < 0) {
			note_nothing(j, e);
			continue;
		}
		ipset_put_entry(&r, j->verb, j->set->set[family_of(e)], e,
				i + 1 == last);
		sent[count++] = e;
	}
	if (count > 0 && ipset_ask(j->set, &r, &t, j->why) < 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		sent[i]->done = t.code[i] == 0;
		if (t.code[i] != 0)
			note(j, sent[i], family_of(sent[i]), t.code[i]);
	}
	return j->failed ? -1 : 0;
}

static void mark(struct job *j, uint8_t family, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (j->entries[i].address.family == family)
			j->entries[i].done = true;
}

/* One message. Returns the index to go on from, or n when there is nothing
 * more to be done for this family. */
static size_t bulk_message(struct job *j, int family, struct ipset_lot *lot,
			   int *code)
{
	struct ipset_talk t = {.data = NULL};
	struct ipset_room r;
	size_t from = lot->at;
	size_t bad;

	*code = -1;
	if (ipset_start(j->set, &r, j->why) < 0)
		return j->n;
	ipset_put_lot(&r, j->verb, j->set->set[family], lot);
	*code = 0;
	if (lot->taken == 0)
		return j->n;
	*code = ipset_ask(j->set, &r, &t, j->why);
	if (*code < 0)
		return j->n;
	if (*code == 0) {
		mark(j, lot->family, from, lot->at);
		return lot->at;
	}
	bad = t.line;
	if (bad <= from || bad > lot->at)
		bad = 0; /* not told: nothing is known of this message */
	if (bad > 0)
		mark(j, lot->family, from, bad - 1);
	note(j, &j->entries[bad > 0 ? bad - 1 : from], family, *code);
	return bad > 0 && about_entry(*code) ? bad : j->n;
}

/* All entries of one family. When many are refused the messages get shorter,
 * or each refusal would cost the building of hundreds of entries. */
static int bulk_family(struct job *j, int family)
{
	struct ipset_lot lot = {.entries = j->entries,
				.n = j->n,
				.family = family == 0 ? ADDRESS_V4 : ADDRESS_V6,
				.most = IPSET_BULK};
	int code;

	while (lot.at < j->n) {
		lot.at = bulk_message(j, family, &lot, &code);
		if (code < 0)
			return -1;
		if (code > 0)
			lot.most = (lot.most + 1) / 2;
		else if (lot.most < IPSET_BULK)
			lot.most *= 2;
	}
	return 0;
}

static int bulk(struct job *j)
{
	for (size_t i = 0; i < j->n; i++)
		if (family_of(&j->entries[i]) < 0)
			note_nothing(j, &j->entries[i]);
	for (int f = 0; f < ENFORCER_FAMILIES; f++)
		if (bulk_family(j, f) < 0)
			return -1;
	return j->failed ? -1 : 0;
}

static int run(struct job *j)
{
	for (size_t i = 0; i < j->n; i++)
		j->entries[i].done = false;
	return j->n <= IPSET_PIPELINE ? pipelined(j) : bulk(j);
}

int ipset_ban(struct enforcer *e, struct entry *entries, size_t n,
	      struct fault *why)
{
	struct job j = {.set = (struct ipset *)e,
			.verb = IPSET_BAN,
			.entries = entries,
			.n = n,
			.why = why};

	return run(&j);
}

int ipset_lift(struct enforcer *e, struct entry *entries, size_t n,
	       struct fault *why)
{
	struct job j = {.set = (struct ipset *)e,
			.verb = IPSET_LIFT,
			.entries = entries,
			.n = n,
			.why = why};

	return run(&j);
}
