/*
 * ipset_reply: what the kernel's ipset answers, read out of its bytes.
 *
 * Pure. Everything is checked against the length it claims: the kernel is
 * trusted, but versions differ, and an attribute that is missing or short is
 * one that is not there.
 */
#include "ipset_impl.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>

/* Newer than the headers we may be built with. */
enum { SET_INITVAL = 17, TOP_INDEX = 11 };

enum { ATTRS = 32 }; /* above the numbers of all attributes we read */

struct table {
	const struct nlattr *attr[ATTRS];
};

static int remember(const struct nlattr *attr, void *context)
{
	struct table *t = context;
	uint16_t type = mnl_attr_get_type(attr);

	if (type < ATTRS)
		t->attr[type] = attr;
	return MNL_CB_OK;
}

static struct table top_of(const struct nlmsghdr *reply)
{
	struct table t = {{NULL}};

	if (mnl_nlmsg_get_payload_len(reply) >= sizeof(struct nfgenmsg))
		(void)mnl_attr_parse(reply, sizeof(struct nfgenmsg), remember,
				     &t);
	return t;
}

static struct table nest_of(const struct nlattr *nest)
{
	struct table t = {{NULL}};

	if (nest != NULL)
		(void)mnl_attr_parse_nested(nest, remember, &t);
	return t;
}

static const void *payload(const struct nlattr *attr, size_t len)
{
	if (attr == NULL || mnl_attr_get_payload_len(attr) < len)
		return NULL;
	return mnl_attr_get_payload(attr);
}

static uint8_t get8(const struct nlattr *attr)
{
	const uint8_t *at = payload(attr, 1);

	return at == NULL ? 0 : *at;
}

static uint32_t get32(const struct nlattr *attr)
{
	const void *at = payload(attr, 4);
	uint32_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof(value));
	return ntohl(value);
}

static uint64_t get64(const struct nlattr *attr)
{
	const void *at = payload(attr, 8);
	uint64_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof(value));
	return be64toh(value);
}

/* "" when it is none or too long. */
static void get_name(const struct nlattr *attr, char name[IPSET_NAME])
{
	const char *at = payload(attr, 1);
	size_t len = 0;

	if (at != NULL)
		len = strnlen(at, mnl_attr_get_payload_len(attr));
	if (len >= IPSET_NAME)
		len = 0;
	if (len > 0)
		memcpy(name, at, len);
	name[len] = '\0';
}

static void read_members(const struct nlattr *all, struct ipset_header *h,
			 const char *const member[ENFORCER_FAMILIES])
{
	const struct nlattr *data;
	char name[IPSET_NAME];

	mnl_attr_for_each_nested(data, all)
	{
		struct table t = nest_of(data);

		get_name(t.attr[IPSET_ATTR_NAME], name);
		for (int f = 0; f < ENFORCER_FAMILIES; f++)
			if (strcmp(name, member[f]) == 0)
				h->holds[f] = true;
	}
}

/* The seed of the set's hash is drawn anew for each set and moves with it in
 * a swap. Kernels before 5.11 keep it to themselves; then the set's index has
 * to do, which shows less. */
static uint32_t identity_of(const struct table *top, const struct table *data)
{
	const uint8_t *index = payload(top->attr[TOP_INDEX], 2);

	if (data->attr[SET_INITVAL] != NULL)
		return get32(data->attr[SET_INITVAL]);
	return index == NULL ? 0 : (uint32_t)(index[0] << 8 | index[1]);
}

void ipset_read_header(const struct nlmsghdr *reply, struct ipset_header *h,
		       const char *const member[ENFORCER_FAMILIES])
{
	struct table top = top_of(reply);
	struct table data;

	if (top.attr[IPSET_ATTR_DATA] != NULL) {
		data = nest_of(top.attr[IPSET_ATTR_DATA]);
		get_name(top.attr[IPSET_ATTR_TYPENAME], h->type);
		h->family = get8(top.attr[IPSET_ATTR_FAMILY]);
		h->timeouts = data.attr[IPSET_ATTR_TIMEOUT] != NULL;
		h->counters = (get32(data.attr[IPSET_ATTR_CADT_FLAGS]) &
			       IPSET_FLAG_WITH_COUNTERS) != 0;
		h->identity = identity_of(&top, &data);
		h->maxelem = get32(data.attr[IPSET_ATTR_MAXELEM]);
		h->elements = get32(data.attr[IPSET_ATTR_ELEMENTS]);
		h->references = get32(data.attr[IPSET_ATTR_REFERENCES]);
	}
	if (member != NULL && top.attr[IPSET_ATTR_ADT] != NULL)
		read_members(top.attr[IPSET_ATTR_ADT], h, member);
}

static bool get_address(const struct table *t, struct address *a)
{
	struct table ip = nest_of(t->attr[IPSET_ATTR_IP]);
	const void *four = payload(ip.attr[IPSET_ATTR_IPADDR_IPV4], 4);
	const void *six = payload(ip.attr[IPSET_ATTR_IPADDR_IPV6], 16);

	memset(a, 0, sizeof(*a));
	if (four != NULL) {
		a->family = ADDRESS_V4;
		memcpy(a->bytes, four, 4);
	} else if (six != NULL) {
		a->family = ADDRESS_V6;
		memcpy(a->bytes, six, 16);
	} else {
		return false;
	}
	a->prefix = (uint8_t)address_bits(a);
	if (t->attr[IPSET_ATTR_CIDR] != NULL)
		a->prefix = get8(t->attr[IPSET_ATTR_CIDR]);
	return a->prefix <= address_bits(a);
}

int ipset_read_entries(const struct nlmsghdr *reply,
		       int (*see)(void *context, const struct entry_seen *seen),
		       void *context)
{
	struct table top = top_of(reply);
	const struct nlattr *data;
	int answer;

	if (top.attr[IPSET_ATTR_ADT] == NULL)
		return 0;
	mnl_attr_for_each_nested(data, top.attr[IPSET_ATTR_ADT])
	{
		struct table t = nest_of(data);
		struct entry_seen seen = {
			.left = get32(t.attr[IPSET_ATTR_TIMEOUT]),
			.packets = get64(t.attr[IPSET_ATTR_PACKETS]),
			.bytes = get64(t.attr[IPSET_ATTR_BYTES]),
		};

		if ((get32(t.attr[IPSET_ATTR_CADT_FLAGS]) &
		     IPSET_FLAG_NOMATCH) != 0)
			continue;
		if (!get_address(&t, &seen.address))
			continue;
		if ((answer = see(context, &seen)) != 0)
			return answer;
	}
	return 0;
}

int ipset_read_range(const struct nlmsghdr *reply, bool type, uint8_t *most,
		     uint8_t *least)
{
	struct table top = top_of(reply);
	const struct nlattr *high =
		top.attr[type ? IPSET_ATTR_REVISION : IPSET_ATTR_PROTOCOL];

	if (payload(high, 1) == NULL)
		return -1;
	*most = get8(high);
	*least = get8(top.attr[IPSET_ATTR_PROTOCOL_MIN]);
	return 0;
}

uint32_t ipset_read_line(const struct nlmsghdr *error)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(error);
	size_t len = mnl_nlmsg_get_payload_len(error);
	size_t skip = sizeof(*e) + MNL_ALIGN(sizeof(struct nfgenmsg));
	struct table t = {{NULL}};

	/* The echo of our request, its length as the request had it. */
	if (len < skip ||
	    e->msg.nlmsg_len > len - offsetof(struct nlmsgerr, msg))
		return 0;
	(void)mnl_attr_parse_payload((const char *)e + skip, len - skip,
				     remember, &t);
	return get32(t.attr[IPSET_ATTR_LINENO]);
}
