/*
 * ipset_message: requests to the kernel's ipset, as bytes.
 *
 * Pure: nothing here knows a socket. The sequence number is left at 0 for
 * the conversation to fill in. Two traps of the protocol decide much of this
 * file: a FLUSH or DESTROY without a name means every set on the machine, so
 * no message that needs a name is built without one (and neither verb is ever
 * built); and numbers need NLA_F_NET_BYTEORDER or the kernel refuses them.
 */
#include "ipset_impl.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>

#define BE(type) ((type) | NLA_F_NET_BYTEORDER)

/* One message being written; ok turns false when something did not fit. */
struct draft {
	struct ipset_room *room;
	struct nlmsghdr *head;
	size_t size;
	bool ok;
};

/* libmnl leaves the bytes that fill an attribute up to a multiple of four as
 * they were; the kernel need not see what our memory held. */
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
	size_t len = strnlen(name, IPSET_NAME);

	d->ok = d->ok && len > 0 && len < IPSET_NAME;
	put(d, type, len + 1, name);
}

static struct draft begin(struct ipset_room *r, unsigned command,
			  unsigned flags)
{
	struct draft d = {.room = r, .size = r->size - r->len, .ok = true};
	struct nfgenmsg *family;

	if (d.size < MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(*family))) {
		d.ok = false;
		return d;
	}
	d.head = mnl_nlmsg_put_header(r->bytes + r->len);
	d.head->nlmsg_type = (uint16_t)(NFNL_SUBSYS_IPSET << 8 | command);
	d.head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	family = mnl_nlmsg_put_extra_header(d.head, sizeof(*family));
	family->nfgen_family = AF_INET; /* not looked at by the kernel */
	family->version = NFNETLINK_V0;
	family->res_id = htons(0);
	put8(&d, IPSET_ATTR_PROTOCOL, r->protocol);
	return d;
}

static void end(struct draft *d)
{
	if (d->ok)
		d->room->len += MNL_ALIGN(d->head->nlmsg_len);
	else
		d->room->full = true;
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

bool ipset_name_allowed(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.:-";
	size_t len = strnlen(name, IPSET_BASE + 1);

	return len > 0 && len <= IPSET_BASE && strspn(name, allowed) == len;
}

uint32_t ipset_hashsize(uint32_t maxelem)
{
	uint32_t size = 1024;

	while (size < maxelem / 4 && size < 262144)
		size *= 2;
	return size;
}

void ipset_put_protocol(struct ipset_room *r)
{
	struct draft d = begin(r, IPSET_CMD_PROTOCOL, NLM_F_ACK);

	end(&d);
}

void ipset_put_type(struct ipset_room *r, const char *type, uint8_t family)
{
	struct draft d = begin(r, IPSET_CMD_TYPE, NLM_F_ACK);

	put_name(&d, IPSET_ATTR_TYPENAME, type);
	put8(&d, IPSET_ATTR_FAMILY, family);
	end(&d);
}

void ipset_put_create(struct ipset_room *r, const struct ipset_make *m)
{
	struct draft d = begin(r, IPSET_CMD_CREATE, NLM_F_ACK);
	struct nlattr *data;

	put_name(&d, IPSET_ATTR_SETNAME, m->name);
	put_name(&d, IPSET_ATTR_TYPENAME, m->type);
	put8(&d, IPSET_ATTR_REVISION, m->revision);
	put8(&d, IPSET_ATTR_FAMILY, m->family);
	data = nest(&d, IPSET_ATTR_DATA);
	if (m->maxelem > 0) {
		put32(&d, IPSET_ATTR_TIMEOUT, m->standard);
		put32(&d, IPSET_ATTR_CADT_FLAGS, IPSET_FLAG_WITH_COUNTERS);
		put32(&d, IPSET_ATTR_HASHSIZE, m->hashsize);
		put32(&d, IPSET_ATTR_MAXELEM, m->maxelem);
	}
	unnest(&d, data);
	end(&d);
}

void ipset_put_list(struct ipset_room *r, const char *set, bool header_only)
{
	struct draft d = begin(r, IPSET_CMD_LIST, NLM_F_DUMP);

	put_name(&d, IPSET_ATTR_SETNAME, set);
	if (header_only)
		put32(&d, IPSET_ATTR_FLAGS, IPSET_FLAG_LIST_HEADER);
	end(&d);
}

void ipset_put_member(struct ipset_room *r, const char *set, const char *member,
		      bool timeouts)
{
	struct draft d = begin(r, IPSET_CMD_ADD, NLM_F_ACK);
	struct nlattr *data;

	put_name(&d, IPSET_ATTR_SETNAME, set);
	data = nest(&d, IPSET_ATTR_DATA);
	put_name(&d, IPSET_ATTR_NAME, member);
	if (timeouts)
		put32(&d, IPSET_ATTR_TIMEOUT, 0);
	unnest(&d, data);
	end(&d);
}

/* A timeout of 0 would be a ban for ever, one above the kernel's longest
 * would be cut by it without a word. */
static uint32_t timeout_of(const struct entry *e)
{
	if (e->left < 1)
		return 1;
	return e->left > ENFORCER_LONGEST ? ENFORCER_LONGEST
					  : (uint32_t)e->left;
}

static void put_address(struct draft *d, const struct address *a)
{
	bool four = a->family == ADDRESS_V4;
	struct nlattr *ip = nest(d, IPSET_ATTR_IP);

	if (four)
		put(d, BE(IPSET_ATTR_IPADDR_IPV4), 4, a->bytes);
	else
		put(d, BE(IPSET_ATTR_IPADDR_IPV6), 16, a->bytes);
	unnest(d, ip);
	if (a->prefix != address_bits(a))
		put8(d, IPSET_ATTR_CIDR, a->prefix);
}

/* line 0: none. */
static void put_data(struct draft *d, enum ipset_verb verb,
		     const struct entry *e, uint32_t line)
{
	struct nlattr *data = nest(d, IPSET_ATTR_DATA);

	put_address(d, &e->address);
	if (verb == IPSET_BAN)
		put32(d, IPSET_ATTR_TIMEOUT, timeout_of(e));
	if (verb == IPSET_BAN && e->fresh) {
		/* A new entry may get the slot of an expired one, and with
		 * it that one's counters. */
		put64(d, IPSET_ATTR_BYTES, 0);
		put64(d, IPSET_ATTR_PACKETS, 0);
	}
	if (line > 0)
		put32(d, IPSET_ATTR_LINENO, line);
	unnest(d, data);
}

/* Never NLM_F_EXCL: an entry that is there is renewed, one that is not there
 * is gone, and so everything may be repeated. */
static struct draft begin_entries(struct ipset_room *r, enum ipset_verb verb,
				  const char *set, bool answer)
{
	struct draft d =
		begin(r, verb == IPSET_BAN ? IPSET_CMD_ADD : IPSET_CMD_DEL,
		      answer ? NLM_F_ACK : 0);

	put_name(&d, IPSET_ATTR_SETNAME, set);
	return d;
}

void ipset_put_entry(struct ipset_room *r, enum ipset_verb verb,
		     const char *set, const struct entry *e, bool answer)
{
	struct draft d = begin_entries(r, verb, set, answer);

	put_data(&d, verb, e, 0);
	end(&d);
}

void ipset_put_lot(struct ipset_room *r, enum ipset_verb verb, const char *set,
		   struct ipset_lot *lot)
{
	struct draft d = begin_entries(r, verb, set, true);
	struct nlattr *all;
	uint32_t before;
	size_t start;

	/* The kernel writes the failing line here; it has to be there. */
	put32(&d, IPSET_ATTR_LINENO, 0);
	all = nest(&d, IPSET_ATTR_ADT);
	start = d.ok ? d.head->nlmsg_len : 0;
	for (lot->taken = 0; d.ok && lot->at < lot->n; lot->at++) {
		const struct entry *e = &lot->entries[lot->at];

		if (e->address.family != lot->family)
			continue;
		if (lot->taken == lot->most)
			break;
		before = d.head->nlmsg_len;
		put_data(&d, verb, e, (uint32_t)(lot->at + 1));
		if (!d.ok || d.head->nlmsg_len - start > IPSET_NEST) {
			/* Take it back; the next message begins with it. */
			d.head->nlmsg_len = before;
			d.ok = lot->taken > 0;
			break;
		}
		lot->taken++;
	}
	if (d.ok && lot->taken == 0)
		return; /* none left of that family: no message */
	unnest(&d, all);
	end(&d);
}
