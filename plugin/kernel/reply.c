/* reply: see reply.h. */
#include "reply.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

/* Newer than the headers we may be built with. */
enum { SET_INITVAL = 17, TOP_INDEX = 11 };

enum { ATTRIBUTES = 32 }; /* above the numbers of all attributes we read */

/* Some bytes of a message. */
struct part {
	const unsigned char *at;
	size_t left;
};

static struct part part_of(const void *at, size_t len, size_t skip)
{
	skip = NLMSG_ALIGN(skip);
	if (skip > len)
		skip = len;
	return (struct part){(const unsigned char *)at + skip, len - skip};
}

/* Netlink aligns what follows; the last one may lack its padding. */
static void step(struct part *p, size_t len)
{
	*p = part_of(p->at, p->left, len);
}

const struct nlmsghdr *reply_next(const void *datagram, size_t len, size_t *at)
{
	struct part p = part_of(datagram, len, *at);
	const struct nlmsghdr *reply = (const void *)p.at;

	if (p.left < sizeof(*reply) || reply->nlmsg_len < sizeof(*reply) ||
	    reply->nlmsg_len > p.left)
		return NULL;
	step(&p, reply->nlmsg_len);
	*at = len - p.left;
	return reply;
}

static struct part payload_of(const struct nlmsghdr *reply)
{
	return part_of(reply, reply->nlmsg_len, sizeof(*reply));
}

/* The next attribute, NULL when no whole one is left. */
static const struct nlattr *next_attribute(struct part *p)
{
	const struct nlattr *a = (const void *)p->at;

	if (p->left < sizeof(*a) || a->nla_len < sizeof(*a) ||
	    a->nla_len > p->left)
		return NULL;
	step(p, a->nla_len);
	return a;
}

static struct part inside(const struct nlattr *a)
{
	if (a == NULL)
		return (struct part){NULL, 0};
	return part_of(a, a->nla_len, sizeof(*a));
}

/* Attributes by their number; of two with the same the later one. */
struct table {
	const struct nlattr *attr[ATTRIBUTES];
};

static struct table table_of(struct part p)
{
	struct table t = {{NULL}};
	const struct nlattr *a;

	while ((a = next_attribute(&p)) != NULL)
		if ((a->nla_type & NLA_TYPE_MASK) < ATTRIBUTES)
			t.attr[a->nla_type & NLA_TYPE_MASK] = a;
	return t;
}

static struct table top_of(const struct nlmsghdr *reply)
{
	struct part p = payload_of(reply);

	step(&p, sizeof(struct nfgenmsg));
	return table_of(p);
}

/* At least len bytes, or NULL. */
static const void *payload(const struct nlattr *a, size_t len)
{
	struct part p = inside(a);

	return p.left < len ? NULL : p.at;
}

static uint8_t get8(const struct nlattr *a)
{
	const uint8_t *at = payload(a, 1);

	return at == NULL ? 0 : *at;
}

static uint32_t get32(const struct nlattr *a)
{
	const void *at = payload(a, 4);
	uint32_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof(value));
	return ntohl(value);
}

static uint64_t get64(const struct nlattr *a)
{
	const void *at = payload(a, 8);
	uint64_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof(value));
	return be64toh(value);
}

/* "" when there is none or it is too long. */
static void get_name(const struct nlattr *a, char name[ENFORCER_NAME])
{
	struct part p = inside(a);
	size_t len = p.left > 0 ? strnlen((const char *)p.at, p.left) : 0;

	if (len >= ENFORCER_NAME)
		len = 0;
	if (len > 0)
		memcpy(name, p.at, len);
	name[len] = '\0';
}

/* ---- errors ---- */

int reply_code(const struct nlmsghdr *reply)
{
	struct part p = payload_of(reply);
	int error;

	/* The end of a dump need not carry a code. */
	if (p.left < sizeof(error))
		return reply->nlmsg_type == NLMSG_ERROR ? EBADMSG : 0;
	memcpy(&error, p.at, sizeof(error));
	/* A code is 0 or negative; -INT_MIN does not exist. */
	return error > 0 || error == INT_MIN ? EBADMSG : -error;
}

uint32_t reply_line(const struct nlmsghdr *error)
{
	struct part p = payload_of(error);
	const struct nlmsghdr *echo;
	size_t at = 0;

	/* Behind the code stands the echo of our request. */
	step(&p, sizeof(int));
	echo = p.left > 0 ? reply_next(p.at, p.left, &at) : NULL;
	return echo == NULL ? 0 : get32(top_of(echo).attr[IPSET_ATTR_LINENO]);
}

/* ---- headers ---- */

/* The seed of the set's hash is drawn anew for each set and moves with it in
 * a swap. Kernels before 5.11 do not show it; then the set's index has to do,
 * which does not reveal a swap. */
static uint32_t identity_of(const struct table *top, const struct table *data)
{
	const uint8_t *index = payload(top->attr[TOP_INDEX], 2);

	if (data->attr[SET_INITVAL] != NULL)
		return get32(data->attr[SET_INITVAL]);
	return index == NULL ? 0 : (uint32_t)(index[0] << 8 | index[1]);
}

static void read_header(const struct table *top, struct set_header *h)
{
	struct table data = table_of(inside(top->attr[IPSET_ATTR_DATA]));

	memset(h, 0, sizeof(*h));
	get_name(top->attr[IPSET_ATTR_TYPENAME], h->type);
	h->family = get8(top->attr[IPSET_ATTR_FAMILY]);
	h->timeouts = data.attr[IPSET_ATTR_TIMEOUT] != NULL;
	h->counters = (get32(data.attr[IPSET_ATTR_CADT_FLAGS]) &
		       IPSET_FLAG_WITH_COUNTERS) != 0;
	h->identity = identity_of(top, &data);
	h->maxelem = get32(data.attr[IPSET_ATTR_MAXELEM]);
	h->elements = get32(data.attr[IPSET_ATTR_ELEMENTS]);
	h->references = get32(data.attr[IPSET_ATTR_REFERENCES]);
}

static bool has_member(struct part all, const char *member)
{
	const struct nlattr *data;
	char name[ENFORCER_NAME];

	while ((data = next_attribute(&all)) != NULL) {
		get_name(table_of(inside(data)).attr[IPSET_ATTR_NAME], name);
		if (strcmp(name, member) == 0)
			return true;
	}
	return false;
}

void reply_header(const struct nlmsghdr *reply, struct set_header *h,
		  const char *member)
{
	struct table top = top_of(reply);

	if (top.attr[IPSET_ATTR_DATA] != NULL)
		read_header(&top, h);
	if (member != NULL &&
	    has_member(inside(top.attr[IPSET_ATTR_ADT]), member))
		h->has_member = true;
}

int reply_range(const struct nlmsghdr *reply, bool type, uint8_t *max,
		uint8_t *min)
{
	struct table top = top_of(reply);
	const struct nlattr *high =
		top.attr[type ? IPSET_ATTR_REVISION : IPSET_ATTR_PROTOCOL];

	if (payload(high, 1) == NULL)
		return -1;
	*max = get8(high);
	*min = get8(top.attr[IPSET_ATTR_PROTOCOL_MIN]);
	return 0;
}

/* ---- entries ---- */

static bool get_address(const struct table *t, struct address *a)
{
	struct table ip = table_of(inside(t->attr[IPSET_ATTR_IP]));
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

int reply_entries(const struct nlmsghdr *reply,
		  int (*see)(void *context, const struct set_entry *entry),
		  void *context)
{
	struct part all = inside(top_of(reply).attr[IPSET_ATTR_ADT]);
	const struct nlattr *data;
	int answer = 0;

	while (answer == 0 && (data = next_attribute(&all)) != NULL) {
		struct table t = table_of(inside(data));
		uint32_t flags = get32(t.attr[IPSET_ATTR_CADT_FLAGS]);
		struct set_entry entry = {
			.left = get32(t.attr[IPSET_ATTR_TIMEOUT]),
			.packets = get64(t.attr[IPSET_ATTR_PACKETS]),
			.bytes = get64(t.attr[IPSET_ATTR_BYTES]),
		};

		if ((flags & IPSET_FLAG_NOMATCH) == 0 &&
		    get_address(&t, &entry.address))
			answer = see(context, &entry);
	}
	return answer;
}
