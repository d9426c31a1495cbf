/* set: see set.h. */
#include "set.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/ipset/ip_set.h>

#include "request.h"
#include "set_header.h"

enum { REVISION_MAX = 7 }; /* of hash:net, the newest we know */

struct family {
	uint8_t of_kernel; /* AF_* */
	uint8_t of_address;
	const char *name;
};

static const struct family families[] = {
	[ENFORCER_V4] = {AF_INET, ADDRESS_V4, "inet"},
	[ENFORCER_V6] = {AF_INET6, ADDRESS_V6, "inet6"},
};
_Static_assert(sizeof(families) / sizeof(families[0]) == ENFORCER_SETS,
	       "a family for each set");

bool set_base_allowed(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.:-";
	size_t len = strnlen(name, SET_BASE + 1);

	return len > 0 && len <= SET_BASE && strspn(name, allowed) == len;
}

uint32_t set_hashsize(uint32_t maxelem)
{
	uint32_t size = 1024;

	while (size < maxelem / 4 && size < 1048576)
		size *= 2;
	return size;
}

uint8_t set_family(const struct set *s)
{
	return families[s->which].of_address;
}

static const char *name_of_family(uint8_t family)
{
	for (size_t i = 0; i < ENFORCER_SETS; i++)
		if (families[i].of_kernel == family)
			return families[i].name;
	return "unspec";
}

/* A set that lacks an option can be swapped under the rules that use it. */
static int wrong_options(const struct set *s, const char *lacks,
			 struct fault *why)
{
	const char *family = families[s->which].name;

	return fault_set(
		why, FAULT_ENFORCE,
		"set '%s' has no %s, needed: " REQUEST_TYPE_NET
		" family %s timeout counters; put such a one in its place with "
		"'ipset create %s.tmp " REQUEST_TYPE_NET
		" family %s timeout %u counters maxelem %u && ipset swap "
		"%s.tmp %s && ipset destroy %s.tmp'",
		s->name, lacks, family, s->name, family, s->default_timeout,
		s->maxelem, s->name, s->name, s->name);
}

int set_fits(const struct set *s, const struct set_header *h, struct fault *why)
{
	const struct family *family = &families[s->which];
	char is[64];
	char needed[64];

	if (strcmp(h->type, REQUEST_TYPE_NET) != 0 ||
	    h->family != family->of_kernel) {
		snprintf(is, sizeof(is), "%s family %s", h->type,
			 name_of_family(h->family));
		snprintf(needed, sizeof(needed), REQUEST_TYPE_NET " family %s",
			 family->name);
		return set_header_wrong(s->name, is, needed, why);
	}
	if (!h->timeouts)
		return wrong_options(s, "timeout", why);
	if (!h->counters)
		return wrong_options(s, "counters", why);
	return 0;
}

/* The bits of a header that a set is created with; the rest is other news. */
#define OPTIONS                                               \
	(IPSET_FLAG_WITH_COUNTERS | IPSET_FLAG_WITH_COMMENT | \
	 IPSET_FLAG_WITH_FORCEADD | IPSET_FLAG_WITH_SKBINFO)

int set_create_as(const struct set *s, const struct set_header *other,
		  struct channel *c, struct set_header *h, struct fault *why)
{
	struct request_create create = {
		.name = s->name,
		.type = REQUEST_TYPE_NET,
		.family = families[s->which].of_kernel,
		.flags = other->flags & OPTIONS,
		.default_timeout = other->default_timeout,
		.maxelem = s->maxelem,
		.hashsize = set_hashsize(s->maxelem),
	};

	if (set_header_ensure(c, &create, REVISION_MAX, NULL, h, why) < 0)
		return -1;
	return set_fits(s, h, why);
}

int set_ensure(const struct set *s, struct channel *c, struct fault *why)
{
	struct request_create create = {
		.name = s->name,
		.type = REQUEST_TYPE_NET,
		.family = families[s->which].of_kernel,
		.default_timeout = s->default_timeout,
		.maxelem = s->maxelem,
		.hashsize = set_hashsize(s->maxelem),
	};
	struct set_header h;

	if (set_header_ensure(c, &create, REVISION_MAX, NULL, &h, why) < 0)
		return -1;
	return set_fits(s, &h, why);
}
