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

int set_not_created(struct fault *why)
{
	size_t used = strlen(why->text);

	snprintf(why->text + used, sizeof(why->text) - used,
		 "; set.create 'off' leaves it to you to create it");
	return -1;
}

/* A set of somebody else's need not be as ours are; but bans have to end, and
 * have to be told from each other. */
static int fits_fixed(const struct set *s, const struct set_header *h,
		      struct fault *why)
{
	const struct family *family = &families[s->which];
	bool hosts = strcmp(h->type, REQUEST_TYPE_HOST) == 0;

	if ((hosts || strcmp(h->type, REQUEST_TYPE_NET) == 0) &&
	    h->family == family->of_kernel && h->timeouts && !h->masked)
		return 0;
	return fault_set(why, FAULT_ENFORCE,
			 "set '%s' is %s family %s%s%s, needed with set.create "
			 "'off': " REQUEST_TYPE_NET " or " REQUEST_TYPE_HOST
			 " family %s with timeout",
			 s->name, h->type, name_of_family(h->family),
			 h->masked ? " with a mask" : "",
			 h->timeouts ? " with timeout" : " without timeout",
			 family->name);
}

/* The other way out, where there is one. */
static int or_fixed(const struct set *s, const struct set_header *h,
		    struct fault *why)
{
	size_t used = why == NULL ? 0 : strlen(why->text);

	if (why != NULL && fits_fixed(s, h, NULL) == 0)
		snprintf(why->text + used, sizeof(why->text) - used,
			 "; or use it as it is with set.create=\"off\"");
	return -1;
}

int set_fits(const struct set *s, const struct set_header *h, struct fault *why)
{
	const struct family *family = &families[s->which];
	char is[64];
	char needed[64];

	if (s->fixed)
		return fits_fixed(s, h, why);
	if (strcmp(h->type, REQUEST_TYPE_NET) != 0 ||
	    h->family != family->of_kernel) {
		snprintf(is, sizeof(is), "%s family %s", h->type,
			 name_of_family(h->family));
		snprintf(needed, sizeof(needed), REQUEST_TYPE_NET " family %s",
			 family->name);
		set_header_wrong(s->name, is, needed, why);
		return or_fixed(s, h, why);
	}
	if (!h->timeouts)
		return wrong_options(s, "timeout", why);
	if (!h->counters) {
		wrong_options(s, "counters", why);
		return or_fixed(s, h, why);
	}
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

static int look_at_fixed(struct set *s, struct channel *c, struct fault *why)
{
	struct set_header h;

	s->known = false;
	if (set_header_read(c, s->name, NULL, &h, why) < 0)
		return why != NULL && why->kind == FAULT_SET_GONE
			       ? set_not_created(why)
			       : -1;
	if (set_fits(s, &h, why) < 0)
		return -1;
	s->hosts = strcmp(h.type, REQUEST_TYPE_HOST) == 0;
	s->uncounted = !h.counters;
	s->known = true;
	return 0;
}

int set_ensure(struct set *s, struct channel *c, struct fault *why)
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

	if (s->fixed)
		return look_at_fixed(s, c, why);
	if (set_header_ensure(c, &create, REVISION_MAX, NULL, &h, why) < 0)
		return -1;
	return set_fits(s, &h, why);
}
