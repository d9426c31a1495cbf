/* attribute: see attribute.h. */
#include "attribute.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

struct part part_of(const void *at, size_t len, size_t skip)
{
	skip = NLMSG_ALIGN(skip);
	if (skip > len)
		skip = len;
	return (struct part){(const unsigned char *)at + skip, len - skip};
}

void part_step(struct part *p, size_t len)
{
	*p = part_of(p->at, p->left, len);
}

struct part part_payload(const struct nlmsghdr *reply)
{
	return part_of(reply, reply->nlmsg_len, sizeof(*reply));
}

const struct nlattr *attribute_next(struct part *p)
{
	const struct nlattr *a = (const void *)p->at;

	if (p->left < sizeof(*a) || a->nla_len < sizeof(*a) ||
	    a->nla_len > p->left)
		return NULL;
	part_step(p, a->nla_len);
	return a;
}

struct part attribute_inside(const struct nlattr *a)
{
	if (a == NULL)
		return (struct part){NULL, 0};
	return part_of(a, a->nla_len, sizeof(*a));
}

struct attributes attributes_of(struct part p)
{
	struct attributes t = {{NULL}};
	const struct nlattr *a;

	while ((a = attribute_next(&p)) != NULL)
		if ((a->nla_type & NLA_TYPE_MASK) < ATTRIBUTES)
			t.attr[a->nla_type & NLA_TYPE_MASK] = a;
	return t;
}

struct attributes attributes_top(const struct nlmsghdr *reply)
{
	struct part p = part_payload(reply);

	part_step(&p, sizeof(struct nfgenmsg));
	return attributes_of(p);
}

const void *attribute_bytes(const struct nlattr *a, size_t len)
{
	struct part p = attribute_inside(a);

	return p.left < len ? NULL : p.at;
}

uint8_t attribute_8(const struct nlattr *a)
{
	const uint8_t *at = attribute_bytes(a, 1);

	return at == NULL ? 0 : *at;
}

uint32_t attribute_32(const struct nlattr *a)
{
	const void *at = attribute_bytes(a, 4);
	uint32_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof(value));
	return ntohl(value);
}

uint64_t attribute_64(const struct nlattr *a)
{
	const void *at = attribute_bytes(a, 8);
	uint64_t value = 0;

	if (at != NULL)
		memcpy(&value, at, sizeof(value));
	return be64toh(value);
}

void attribute_name(const struct nlattr *a, char name[ENFORCER_NAME])
{
	struct part p = attribute_inside(a);
	size_t len = p.left > 0 ? strnlen((const char *)p.at, p.left) : 0;

	if (len >= ENFORCER_NAME)
		len = 0;
	if (len > 0)
		memcpy(name, p.at, len);
	name[len] = '\0';
}
