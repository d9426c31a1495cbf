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
enum { SET_INITVAL = 17, SET_BITMASK = 12, TOP_INDEX = 11 };

const struct nlmsghdr *reply_next(const void *datagram, size_t len, size_t *at)
{
	struct part p = part_of(datagram, len, *at);
	const struct nlmsghdr *reply = (const void *)p.at;

	if (p.left < sizeof(*reply) || reply->nlmsg_len < sizeof(*reply) ||
	    reply->nlmsg_len > p.left)
		return NULL;
	part_step(&p, reply->nlmsg_len);
	*at = len - p.left;
	return reply;
}

/* ---- errors ---- */

int reply_code(const struct nlmsghdr *reply)
{
	struct part p = part_payload(reply);
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
	struct part p = part_payload(error);
	const struct nlmsghdr *echo;
	size_t at = 0;

	/* Behind the code stands the echo of our request. */
	part_step(&p, sizeof(int));
	echo = p.left > 0 ? reply_next(p.at, p.left, &at) : NULL;
	return echo == NULL
		       ? 0
		       : attribute_32(
				 attributes_top(echo).attr[IPSET_ATTR_LINENO]);
}

/* ---- headers ---- */

/* The seed of the set's hash is drawn anew for each set and moves with it in
 * a swap. Kernels before 5.11 do not show it; then the set's index has to do,
 * which does not reveal a swap. */
static uint32_t identity_of(const struct attributes *top,
			    const struct attributes *data)
{
	const uint8_t *index = attribute_bytes(top->attr[TOP_INDEX], 2);

	if (data->attr[SET_INITVAL] != NULL)
		return attribute_32(data->attr[SET_INITVAL]);
	return index == NULL ? 0 : (uint32_t)(index[0] << 8 | index[1]);
}

static void read_header(const struct attributes *top, struct set_header *h)
{
	struct attributes data =
		attributes_of(attribute_inside(top->attr[IPSET_ATTR_DATA]));

	memset(h, 0, sizeof(*h));
	attribute_name(top->attr[IPSET_ATTR_TYPENAME], h->type);
	h->family = attribute_8(top->attr[IPSET_ATTR_FAMILY]);
	h->timeouts = data.attr[IPSET_ATTR_TIMEOUT] != NULL;
	h->flags = attribute_32(data.attr[IPSET_ATTR_CADT_FLAGS]);
	h->counters = (h->flags & IPSET_FLAG_WITH_COUNTERS) != 0;
	h->default_timeout = attribute_32(data.attr[IPSET_ATTR_TIMEOUT]);
	h->masked = data.attr[IPSET_ATTR_NETMASK] != NULL ||
		    data.attr[SET_BITMASK] != NULL;
	h->identity = identity_of(top, &data);
	h->maxelem = attribute_32(data.attr[IPSET_ATTR_MAXELEM]);
	h->elements = attribute_32(data.attr[IPSET_ATTR_ELEMENTS]);
	h->memory = attribute_32(data.attr[IPSET_ATTR_MEMSIZE]);
	h->references = attribute_32(data.attr[IPSET_ATTR_REFERENCES]);
}

static bool has_member(struct part all, const char *member)
{
	const struct nlattr *data;
	char name[ENFORCER_NAME];

	while ((data = attribute_next(&all)) != NULL) {
		attribute_name(attributes_of(attribute_inside(data))
				       .attr[IPSET_ATTR_NAME],
			       name);
		if (strcmp(name, member) == 0)
			return true;
	}
	return false;
}

void reply_header(const struct nlmsghdr *reply, struct set_header *h,
		  const char *member)
{
	struct attributes top = attributes_top(reply);

	if (top.attr[IPSET_ATTR_DATA] != NULL)
		read_header(&top, h);
	if (member != NULL &&
	    has_member(attribute_inside(top.attr[IPSET_ATTR_ADT]), member))
		h->has_member = true;
}

int reply_range(const struct nlmsghdr *reply, bool type, uint8_t *max,
		uint8_t *min)
{
	struct attributes top = attributes_top(reply);
	const struct nlattr *high =
		top.attr[type ? IPSET_ATTR_REVISION : IPSET_ATTR_PROTOCOL];

	if (attribute_bytes(high, 1) == NULL)
		return -1;
	*max = attribute_8(high);
	*min = attribute_8(top.attr[IPSET_ATTR_PROTOCOL_MIN]);
	return 0;
}

/* ---- entries ---- */

static bool get_address(const struct attributes *t, struct address *a)
{
	struct attributes ip =
		attributes_of(attribute_inside(t->attr[IPSET_ATTR_IP]));
	const void *four = attribute_bytes(ip.attr[IPSET_ATTR_IPADDR_IPV4], 4);
	const void *six = attribute_bytes(ip.attr[IPSET_ATTR_IPADDR_IPV6], 16);

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
		a->prefix = attribute_8(t->attr[IPSET_ATTR_CIDR]);
	return a->prefix <= address_bits(a);
}

bool reply_entry(struct part raw, struct set_entry *entry, bool *exception)
{
	struct attributes t = attributes_of(raw);

	*entry = (struct set_entry){
		.left = attribute_32(t.attr[IPSET_ATTR_TIMEOUT]),
		.packets = attribute_64(t.attr[IPSET_ATTR_PACKETS]),
		.bytes = attribute_64(t.attr[IPSET_ATTR_BYTES]),
	};
	*exception = (attribute_32(t.attr[IPSET_ATTR_CADT_FLAGS]) &
		      IPSET_FLAG_NOMATCH) != 0;
	return get_address(&t, &entry->address);
}

int reply_raw(const struct nlmsghdr *reply,
	      int (*see)(void *context, struct part entry), void *context)
{
	struct part all =
		attribute_inside(attributes_top(reply).attr[IPSET_ATTR_ADT]);
	const struct nlattr *data;
	int answer = 0;

	while (answer == 0 && (data = attribute_next(&all)) != NULL)
		answer = see(context, attribute_inside(data));
	return answer;
}

struct reader {
	int (*see)(void *context, const struct set_entry *entry);
	void *context;
};

static int read_entry(void *context, struct part raw)
{
	const struct reader *r = context;
	struct set_entry entry;
	bool exception;

	if (!reply_entry(raw, &entry, &exception) || exception)
		return 0;
	return r->see(r->context, &entry);
}

int reply_entries(const struct nlmsghdr *reply,
		  int (*see)(void *context, const struct set_entry *entry),
		  void *context)
{
	struct reader r = {.see = see, .context = context};

	return reply_raw(reply, read_entry, &r);
}
