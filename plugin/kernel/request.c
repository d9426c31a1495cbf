/*
 * request: see request.h.
 *
 * Numbers need NLA_F_NET_BYTEORDER, or the kernel refuses them.
 */
#include "request.h"

#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>

#include "frame.h"

#define BE(type) ((type) | NLA_F_NET_BYTEORDER)

static void put8(struct frame *f, unsigned type, uint8_t value)
{
	frame_put(f, type, sizeof(value), &value);
}

static void put32(struct frame *f, unsigned type, uint32_t value)
{
	frame_put32(f, BE(type), value);
}

static void put64(struct frame *f, unsigned type, uint64_t value)
{
	frame_put64(f, BE(type), value);
}

static struct frame begin(struct request *r, unsigned command, unsigned flags)
{
	/* The kernel does not look at the family. */
	struct frame f = frame_begin(r, NFNL_SUBSYS_IPSET << 8 | command, flags,
				     AF_INET, 0);

	put8(&f, IPSET_ATTR_PROTOCOL, r->protocol);
	return f;
}

uint32_t request_number(const struct request *r, uint32_t first)
{
	struct nlmsghdr *head;
	uint32_t count = 0;

	for (size_t at = 0; at < r->len; at += MNL_ALIGN(head->nlmsg_len)) {
		head = (struct nlmsghdr *)(void *)(r->bytes + at);
		head->nlmsg_seq = first + count++;
	}
	return count;
}

/* ---- sets ---- */

void request_protocol(struct request *r)
{
	struct frame f = begin(r, IPSET_CMD_PROTOCOL, NLM_F_ACK);

	frame_end(&f);
}

void request_type(struct request *r, const char *type, uint8_t family)
{
	struct frame f = begin(r, IPSET_CMD_TYPE, NLM_F_ACK);

	frame_put_name(&f, IPSET_ATTR_TYPENAME, type);
	put8(&f, IPSET_ATTR_FAMILY, family);
	frame_end(&f);
}

void request_create(struct request *r, const struct request_create *c)
{
	struct frame f = begin(r, IPSET_CMD_CREATE, NLM_F_ACK);
	struct nlattr *data;

	frame_put_name(&f, IPSET_ATTR_SETNAME, c->name);
	frame_put_name(&f, IPSET_ATTR_TYPENAME, c->type);
	put8(&f, IPSET_ATTR_REVISION, c->revision);
	put8(&f, IPSET_ATTR_FAMILY, c->family);
	data = frame_nest(&f, IPSET_ATTR_DATA);
	if (c->maxelem > 0) {
		put32(&f, IPSET_ATTR_TIMEOUT, c->default_timeout);
		put32(&f, IPSET_ATTR_CADT_FLAGS,
		      IPSET_FLAG_WITH_COUNTERS | c->flags);
		put32(&f, IPSET_ATTR_HASHSIZE, c->hashsize);
		put32(&f, IPSET_ATTR_MAXELEM, c->maxelem);
	}
	frame_unnest(&f, data);
	frame_end(&f);
}

void request_swap(struct request *r, const char *one, const char *other)
{
	struct frame f = begin(r, IPSET_CMD_SWAP, NLM_F_ACK);

	frame_put_name(&f, IPSET_ATTR_SETNAME, one);
	frame_put_name(&f, IPSET_ATTR_SETNAME2, other);
	frame_end(&f);
}

void request_destroy(struct request *r, const char *set)
{
	struct frame f = begin(r, IPSET_CMD_DESTROY, NLM_F_ACK);

	frame_put_name(&f, IPSET_ATTR_SETNAME, set);
	frame_end(&f);
}

void request_list(struct request *r, const char *set, bool header_only)
{
	struct frame f = begin(r, IPSET_CMD_LIST, NLM_F_DUMP);

	frame_put_name(&f, IPSET_ATTR_SETNAME, set);
	if (header_only)
		put32(&f, IPSET_ATTR_FLAGS, IPSET_FLAG_LIST_HEADER);
	frame_end(&f);
}

void request_member(struct request *r, const char *list, const char *member,
		    bool timeouts)
{
	struct frame f = begin(r, IPSET_CMD_ADD, NLM_F_ACK);
	struct nlattr *data;

	frame_put_name(&f, IPSET_ATTR_SETNAME, list);
	data = frame_nest(&f, IPSET_ATTR_DATA);
	frame_put_name(&f, IPSET_ATTR_NAME, member);
	if (timeouts)
		put32(&f, IPSET_ATTR_TIMEOUT, 0);
	frame_unnest(&f, data);
	frame_end(&f);
}

/* ---- entries ---- */

/* A timeout of 0 would be permanent, one above the longest would be cut by
 * the kernel silently. */
static uint32_t timeout_of(const struct set_change *change)
{
	if (change->left < 1)
		return 1;
	return change->left > ENFORCER_LONGEST ? ENFORCER_LONGEST
					       : (uint32_t)change->left;
}

static void put_address(struct frame *f, const struct address *a)
{
	struct nlattr *ip = frame_nest(f, IPSET_ATTR_IP);

	if (a->family == ADDRESS_V4)
		frame_put(f, BE(IPSET_ATTR_IPADDR_IPV4), 4, a->bytes);
	else
		frame_put(f, BE(IPSET_ATTR_IPADDR_IPV6), 16, a->bytes);
	frame_unnest(f, ip);
	if (a->prefix != address_bits(a))
		put8(f, IPSET_ATTR_CIDR, a->prefix);
}

/* line 0: without a line number. */
static void put_data(struct frame *f, enum request_verb verb,
		     const struct set_change *change, uint32_t line)
{
	struct nlattr *data = frame_nest(f, IPSET_ATTR_DATA);

	put_address(f, &change->address);
	if (verb != REQUEST_REMOVE)
		put32(f, IPSET_ATTR_TIMEOUT, timeout_of(change));
	if (verb == REQUEST_ADD && change->fresh) {
		/* A new entry may get the slot of an expired one, and with
		 * the slot the old counters. */
		put64(f, IPSET_ATTR_BYTES, 0);
		put64(f, IPSET_ATTR_PACKETS, 0);
	}
	if (line > 0)
		put32(f, IPSET_ATTR_LINENO, line);
	frame_unnest(f, data);
}

/* NLM_F_EXCL is never set: an entry that is there is renewed, the removal of
 * one that is not there succeeds, and so every request may be repeated. */
static struct frame begin_entries(struct request *r, enum request_verb verb,
				  const char *set, bool answer)
{
	struct frame f =
		begin(r, verb == REQUEST_REMOVE ? IPSET_CMD_DEL : IPSET_CMD_ADD,
		      answer ? NLM_F_ACK : 0);

	frame_put_name(&f, IPSET_ATTR_SETNAME, set);
	return f;
}

void request_entry(struct request *r, enum request_verb verb, const char *set,
		   const struct set_change *change, bool answer)
{
	struct frame f = begin_entries(r, verb, set, answer);

	put_data(&f, verb, change, 0);
	frame_end(&f);
}

/* The entries of the chunk, until one does not fit. */
static void put_chunk(struct frame *f, enum request_verb verb,
		      struct request_chunk *c)
{
	size_t start = f->ok ? f->head->nlmsg_len : 0;

	for (c->count = 0; f->ok && c->at < c->n; c->at++) {
		const struct set_change *change = &c->changes[c->at];
		uint32_t before = f->head->nlmsg_len;

		if (change->address.family != c->family ||
		    (c->hosts &&
		     change->address.prefix != address_bits(&change->address)))
			continue;
		if (c->count == c->max)
			break;
		put_data(f, verb, change, (uint32_t)(c->at + 1));
		if (!f->ok || f->head->nlmsg_len - start > REQUEST_NEST) {
			/* Undo it; the next message begins with it. */
			f->head->nlmsg_len = before;
			f->ok = c->count > 0;
			break;
		}
		c->count++;
	}
}

void request_chunk(struct request *r, enum request_verb verb, const char *set,
		   struct request_chunk *chunk)
{
	struct frame f = begin_entries(r, verb, set, true);
	struct nlattr *all;

	/* The kernel writes the number of the failing line into this
	 * attribute, and insists on it. */
	put32(&f, IPSET_ATTR_LINENO, 0);
	all = frame_nest(&f, IPSET_ATTR_ADT);
	put_chunk(&f, verb, chunk);
	if (f.ok && chunk->count == 0)
		return; /* none left of that family: no message */
	frame_unnest(&f, all);
	frame_end(&f);
}

/* ---- entries as the kernel has told them ---- */

static void put_raw(struct frame *f, const struct nlattr *a, uint16_t flags)
{
	struct part value = attribute_inside(a);

	frame_put(f, a->nla_type | flags, value.left, value.at);
}

/* The addresses of a dump lack the flag without which an add is refused. */
static void put_raw_address(struct frame *f, const struct nlattr *a)
{
	struct nlattr *ip = frame_nest(f, IPSET_ATTR_IP);
	struct part inside = attribute_inside(a);
	const struct nlattr *bytes;

	while ((bytes = attribute_next(&inside)) != NULL)
		put_raw(f, bytes, NLA_F_NET_BYTEORDER);
	frame_unnest(f, ip);
}

/* What is left was cut to whole seconds: nobody may be let in before his time,
 * and a second behind it does no harm. */
static void put_raw_timeout(struct frame *f, const struct nlattr *a)
{
	uint32_t left = attribute_32(a);

	put32(f, IPSET_ATTR_TIMEOUT,
	      left > 0 && left < ENFORCER_LONGEST ? left + 1 : left);
}

static void put_raw_entry(struct frame *f, struct part entry)
{
	struct nlattr *data = frame_nest(f, IPSET_ATTR_DATA);
	const struct nlattr *a;

	while ((a = attribute_next(&entry)) != NULL) {
		unsigned type = a->nla_type & NLA_TYPE_MASK;

		if (type == IPSET_ATTR_IP)
			put_raw_address(f, a);
		else if (type == IPSET_ATTR_TIMEOUT)
			put_raw_timeout(f, a);
		else
			put_raw(f, a, 0);
	}
	frame_unnest(f, data);
}

size_t request_copy(struct request *r, const char *set,
		    const struct part *entry, size_t n)
{
	struct frame f = begin_entries(r, REQUEST_ADD, set, true);
	struct nlattr *all;
	size_t start, i;

	put32(&f, IPSET_ATTR_LINENO, 0);
	all = frame_nest(&f, IPSET_ATTR_ADT);
	start = f.ok ? f.head->nlmsg_len : 0;
	for (i = 0; i < n && f.ok; i++) {
		uint32_t before = f.head->nlmsg_len;

		put_raw_entry(&f, entry[i]);
		if (f.ok && f.head->nlmsg_len - start <= REQUEST_NEST)
			continue;
		/* Undo it; the next message begins with it. */
		f.head->nlmsg_len = before;
		f.ok = i > 0;
		break;
	}
	frame_unnest(&f, all);
	frame_end(&f);
	return i;
}
