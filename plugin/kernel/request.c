/*
 * request: see request.h.
 *
 * Numbers need NLA_F_NET_BYTEORDER, or the kernel refuses them.
 */
#include "request.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>

#include "frame.h"

#define BE(type) ((type) | NLA_F_NET_BYTEORDER)

static void put8(struct frame *d, unsigned type, uint8_t value)
{
	frame_put(d, type, sizeof(value), &value);
}

static void put32(struct frame *d, unsigned type, uint32_t value)
{
	value = htonl(value);
	frame_put(d, BE(type), sizeof(value), &value);
}

static void put64(struct frame *d, unsigned type, uint64_t value)
{
	value = htobe64(value);
	frame_put(d, BE(type), sizeof(value), &value);
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
	struct frame d = begin(r, IPSET_CMD_PROTOCOL, NLM_F_ACK);

	frame_end(&d);
}

void request_type(struct request *r, const char *type, uint8_t family)
{
	struct frame d = begin(r, IPSET_CMD_TYPE, NLM_F_ACK);

	frame_put_name(&d, IPSET_ATTR_TYPENAME, type);
	put8(&d, IPSET_ATTR_FAMILY, family);
	frame_end(&d);
}

void request_create(struct request *r, const struct request_create *c)
{
	struct frame d = begin(r, IPSET_CMD_CREATE, NLM_F_ACK);
	struct nlattr *data;

	frame_put_name(&d, IPSET_ATTR_SETNAME, c->name);
	frame_put_name(&d, IPSET_ATTR_TYPENAME, c->type);
	put8(&d, IPSET_ATTR_REVISION, c->revision);
	put8(&d, IPSET_ATTR_FAMILY, c->family);
	data = frame_nest(&d, IPSET_ATTR_DATA);
	if (c->maxelem > 0) {
		put32(&d, IPSET_ATTR_TIMEOUT, c->default_timeout);
		put32(&d, IPSET_ATTR_CADT_FLAGS, IPSET_FLAG_WITH_COUNTERS);
		put32(&d, IPSET_ATTR_HASHSIZE, c->hashsize);
		put32(&d, IPSET_ATTR_MAXELEM, c->maxelem);
	}
	frame_unnest(&d, data);
	frame_end(&d);
}

void request_list(struct request *r, const char *set, bool header_only)
{
	struct frame d = begin(r, IPSET_CMD_LIST, NLM_F_DUMP);

	frame_put_name(&d, IPSET_ATTR_SETNAME, set);
	if (header_only)
		put32(&d, IPSET_ATTR_FLAGS, IPSET_FLAG_LIST_HEADER);
	frame_end(&d);
}

void request_member(struct request *r, const char *list, const char *member,
		    bool timeouts)
{
	struct frame d = begin(r, IPSET_CMD_ADD, NLM_F_ACK);
	struct nlattr *data;

	frame_put_name(&d, IPSET_ATTR_SETNAME, list);
	data = frame_nest(&d, IPSET_ATTR_DATA);
	frame_put_name(&d, IPSET_ATTR_NAME, member);
	if (timeouts)
		put32(&d, IPSET_ATTR_TIMEOUT, 0);
	frame_unnest(&d, data);
	frame_end(&d);
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

static void put_address(struct frame *d, const struct address *a)
{
	struct nlattr *ip = frame_nest(d, IPSET_ATTR_IP);

	if (a->family == ADDRESS_V4)
		frame_put(d, BE(IPSET_ATTR_IPADDR_IPV4), 4, a->bytes);
	else
		frame_put(d, BE(IPSET_ATTR_IPADDR_IPV6), 16, a->bytes);
	frame_unnest(d, ip);
	if (a->prefix != address_bits(a))
		put8(d, IPSET_ATTR_CIDR, a->prefix);
}

/* line 0: without a line number. */
static void put_data(struct frame *d, enum request_verb verb,
		     const struct set_change *change, uint32_t line)
{
	struct nlattr *data = frame_nest(d, IPSET_ATTR_DATA);

	put_address(d, &change->address);
	if (verb == REQUEST_ADD)
		put32(d, IPSET_ATTR_TIMEOUT, timeout_of(change));
	if (verb == REQUEST_ADD && change->fresh) {
		/* A new entry may get the slot of an expired one, and with
		 * the slot the old counters. */
		put64(d, IPSET_ATTR_BYTES, 0);
		put64(d, IPSET_ATTR_PACKETS, 0);
	}
	if (line > 0)
		put32(d, IPSET_ATTR_LINENO, line);
	frame_unnest(d, data);
}

/* NLM_F_EXCL is never set: an entry that is there is renewed, the removal of
 * one that is not there succeeds, and so every request may be repeated. */
static struct frame begin_entries(struct request *r, enum request_verb verb,
				  const char *set, bool answer)
{
	struct frame d =
		begin(r, verb == REQUEST_ADD ? IPSET_CMD_ADD : IPSET_CMD_DEL,
		      answer ? NLM_F_ACK : 0);

	frame_put_name(&d, IPSET_ATTR_SETNAME, set);
	return d;
}

void request_entry(struct request *r, enum request_verb verb, const char *set,
		   const struct set_change *change, bool answer)
{
	struct frame d = begin_entries(r, verb, set, answer);

	put_data(&d, verb, change, 0);
	frame_end(&d);
}

/* The entries of the chunk, until one does not fit. */
static void put_chunk(struct frame *d, enum request_verb verb,
		      struct request_chunk *c)
{
	size_t start = d->ok ? d->head->nlmsg_len : 0;

	for (c->count = 0; d->ok && c->at < c->n; c->at++) {
		const struct set_change *change = &c->changes[c->at];
		uint32_t before = d->head->nlmsg_len;

		if (change->address.family != c->family)
			continue;
		if (c->count == c->max)
			break;
		put_data(d, verb, change, (uint32_t)(c->at + 1));
		if (!d->ok || d->head->nlmsg_len - start > REQUEST_NEST) {
			/* Undo it; the next message begins with it. */
			d->head->nlmsg_len = before;
			d->ok = c->count > 0;
			break;
		}
		c->count++;
	}
}

void request_chunk(struct request *r, enum request_verb verb, const char *set,
		   struct request_chunk *chunk)
{
	struct frame d = begin_entries(r, verb, set, true);
	struct nlattr *all;

	/* The kernel writes the number of the failing line into this
	 * attribute, and insists on it. */
	put32(&d, IPSET_ATTR_LINENO, 0);
	all = frame_nest(&d, IPSET_ATTR_ADT);
	put_chunk(&d, verb, chunk);
	if (d.ok && chunk->count == 0)
		return; /* none left of that family: no message */
	frame_unnest(&d, all);
	frame_end(&d);
}
