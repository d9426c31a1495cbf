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

#define BE(type) ((type) | NLA_F_NET_BYTEORDER)

/* One message being written; ok turns false when something does not fit. */
struct draft {
	struct request *request;
	struct nlmsghdr *head;
	size_t size;
	bool ok;
};

/* libmnl leaves the padding of an attribute as it was in the buffer; the
 * kernel is not to see what our memory held. */
static void put(struct draft *d, unsigned type, size_t len, const void *data)
{
	size_t pad = MNL_ALIGN(len) - len;
	char *tail;

	d->ok = d->ok &&
		mnl_attr_put_check(d->head, d->size, (uint16_t)type, len, data);
	if (d->ok && pad > 0) {
		tail = mnl_nlmsg_get_payload_tail(d->head);
		memset(tail - pad, 0, pad);
	}
}

static void put8(struct draft *d, unsigned type, uint8_t value)
{
	put(d, type, sizeof(value), &value);
}

static void put32(struct draft *d, unsigned type, uint32_t value)
{
	value = htonl(value);
	put(d, BE(type), sizeof(value), &value);
}

static void put64(struct draft *d, unsigned type, uint64_t value)
{
	value = htobe64(value);
	put(d, BE(type), sizeof(value), &value);
}

/* A name: 1 to 31 characters, or the message is not built. */
static void put_name(struct draft *d, unsigned type, const char *name)
{
	size_t len = strnlen(name, ENFORCER_NAME);

	d->ok = d->ok && len > 0 && len < ENFORCER_NAME;
	put(d, type, len + 1, name);
}

static struct draft begin(struct request *r, unsigned command, unsigned flags)
{
	struct draft d = {.request = r, .size = r->size - r->len, .ok = true};
	struct nfgenmsg *family;

	if (d.size < MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(*family))) {
		d.ok = false;
		return d;
	}
	d.head = mnl_nlmsg_put_header(r->bytes + r->len);
	d.head->nlmsg_type = (uint16_t)(NFNL_SUBSYS_IPSET << 8 | command);
	d.head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	family = mnl_nlmsg_put_extra_header(d.head, sizeof(*family));
	family->nfgen_family = AF_INET; /* the kernel does not look at it */
	family->version = NFNETLINK_V0;
	family->res_id = htons(0);
	put8(&d, IPSET_ATTR_PROTOCOL, r->protocol);
	return d;
}

static void end(struct draft *d)
{
	if (d->ok)
		d->request->len += MNL_ALIGN(d->head->nlmsg_len);
	else
		d->request->full = true;
}

static struct nlattr *nest(struct draft *d, uint16_t type)
{
	struct nlattr *start = NULL;

	if (d->ok)
		start = mnl_attr_nest_start_check(d->head, d->size, type);
	d->ok = start != NULL;
	return start;
}

static void unnest(struct draft *d, struct nlattr *start)
{
	if (start != NULL && d->ok)
		mnl_attr_nest_end(d->head, start);
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
	struct draft d = begin(r, IPSET_CMD_PROTOCOL, NLM_F_ACK);

	end(&d);
}

void request_type(struct request *r, const char *type, uint8_t family)
{
	struct draft d = begin(r, IPSET_CMD_TYPE, NLM_F_ACK);

	put_name(&d, IPSET_ATTR_TYPENAME, type);
	put8(&d, IPSET_ATTR_FAMILY, family);
	end(&d);
}

void request_create(struct request *r, const struct request_create *c)
{
	struct draft d = begin(r, IPSET_CMD_CREATE, NLM_F_ACK);
	struct nlattr *data;

	put_name(&d, IPSET_ATTR_SETNAME, c->name);
	put_name(&d, IPSET_ATTR_TYPENAME, c->type);
	put8(&d, IPSET_ATTR_REVISION, c->revision);
	put8(&d, IPSET_ATTR_FAMILY, c->family);
	data = nest(&d, IPSET_ATTR_DATA);
	if (c->maxelem > 0) {
		put32(&d, IPSET_ATTR_TIMEOUT, c->default_timeout);
		put32(&d, IPSET_ATTR_CADT_FLAGS, IPSET_FLAG_WITH_COUNTERS);
		put32(&d, IPSET_ATTR_HASHSIZE, c->hashsize);
		put32(&d, IPSET_ATTR_MAXELEM, c->maxelem);
	}
	unnest(&d, data);
	end(&d);
}

void request_list(struct request *r, const char *set, bool header_only)
{
	struct draft d = begin(r, IPSET_CMD_LIST, NLM_F_DUMP);

	put_name(&d, IPSET_ATTR_SETNAME, set);
	if (header_only)
		put32(&d, IPSET_ATTR_FLAGS, IPSET_FLAG_LIST_HEADER);
	end(&d);
}

void request_member(struct request *r, const char *list, const char *member,
		    bool timeouts)
{
	struct draft d = begin(r, IPSET_CMD_ADD, NLM_F_ACK);
	struct nlattr *data;

	put_name(&d, IPSET_ATTR_SETNAME, list);
	data = nest(&d, IPSET_ATTR_DATA);
	put_name(&d, IPSET_ATTR_NAME, member);
	if (timeouts)
		put32(&d, IPSET_ATTR_TIMEOUT, 0);
	unnest(&d, data);
	end(&d);
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

static void put_address(struct draft *d, const struct address *a)
{
	struct nlattr *ip = nest(d, IPSET_ATTR_IP);

	if (a->family == ADDRESS_V4)
		put(d, BE(IPSET_ATTR_IPADDR_IPV4), 4, a->bytes);
	else
		put(d, BE(IPSET_ATTR_IPADDR_IPV6), 16, a->bytes);
	unnest(d, ip);
	if (a->prefix != address_bits(a))
		put8(d, IPSET_ATTR_CIDR, a->prefix);
}

/* line 0: without a line number. */
static void put_data(struct draft *d, enum request_verb verb,
		     const struct set_change *change, uint32_t line)
{
	struct nlattr *data = nest(d, IPSET_ATTR_DATA);

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
	unnest(d, data);
}

/* NLM_F_EXCL is never set: an entry that is there is renewed, the removal of
 * one that is not there succeeds, and so every request may be repeated. */
static struct draft begin_entries(struct request *r, enum request_verb verb,
				  const char *set, bool answer)
{
	struct draft d =
		begin(r, verb == REQUEST_ADD ? IPSET_CMD_ADD : IPSET_CMD_DEL,
		      answer ? NLM_F_ACK : 0);

	put_name(&d, IPSET_ATTR_SETNAME, set);
	return d;
}

void request_entry(struct request *r, enum request_verb verb, const char *set,
		   const struct set_change *change, bool answer)
{
	struct draft d = begin_entries(r, verb, set, answer);

	put_data(&d, verb, change, 0);
	end(&d);
}

/* The entries of the chunk, until one does not fit. */
static void put_chunk(struct draft *d, enum request_verb verb,
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
	struct draft d = begin_entries(r, verb, set, true);
	struct nlattr *all;

	/* The kernel writes the number of the failing line into this
	 * attribute, and insists on it. */
	put32(&d, IPSET_ATTR_LINENO, 0);
	all = nest(&d, IPSET_ATTR_ADT);
	put_chunk(&d, verb, chunk);
	if (d.ok && chunk->count == 0)
		return; /* none left of that family: no message */
	unnest(&d, all);
	end(&d);
}
