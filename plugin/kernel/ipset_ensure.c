/*
 * ipset_ensure: the sets are there, and are what we need.
 *
 * A CREATE over a set of another family succeeds and changes nothing, so its
 * answer proves nothing: what counts is the header, read afterwards. A set
 * that is there and fits is taken as it is, whoever made it; one that does
 * not fit is somebody's and is left alone, with a sentence that says what to
 * do.
 */
#include "ipset_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const uint8_t family_of[ENFORCER_FAMILIES] = {AF_INET, AF_INET6};
static const char *const family_name[ENFORCER_FAMILIES] = {"inet", "inet6"};

/* A set of another type or family: neither can be swapped away. */
static int wrong_kind(const char *set, const char *is, const char *needed,
		      struct fault *why)
{
	return fault_set(why, FAULT_ENFORCE,
			 "set '%s' is %s, needed: %s; give the jail another "
			 "set name with set=, or remove it with 'ipset destroy "
			 "%s'",
			 set, is, needed, set);
}

/* A set that lacks an option can be swapped under the rules that use it. */
static int wrong_options(const struct ipset *s, int family, const char *lacks,
			 struct fault *why)
{
	const char *set = s->set[family];

	return fault_set(
		why, FAULT_ENFORCE,
		"set '%s' has no %s, needed: hash:net family %s timeout "
		"counters; put such a one in its place with 'ipset create "
		"%s.tmp hash:net family %s timeout %u counters maxelem %u && "
		"ipset swap %s.tmp %s && ipset destroy %s.tmp'",
		set, lacks, family_name[family], set, family_name[family],
		s->standard, s->maxelem, set, set, set);
}

int ipset_fits(const struct ipset *s, int family, const struct ipset_header *h,
	       struct fault *why)
{
	const char *set = s->set[family];
	char is[64];
	char needed[64];

	if (strcmp(h->type, IPSET_TYPE_NET) != 0 ||
	    h->family != family_of[family]) {
		snprintf(is, sizeof(is), "%s family %s", h->type,
			 h->family == AF_INET    ? "inet"
			 : h->family == AF_INET6 ? "inet6"
						 : "unspec");
		snprintf(needed, sizeof(needed), IPSET_TYPE_NET " family %s",
			 family_name[family]);
		return wrong_kind(set, is, needed, why);
	}
	if (!h->timeouts)
		return wrong_options(s, family, "timeout", why);
	if (!h->counters)
		return wrong_options(s, family, "counters", why);
	return 0;
}

int ipset_list_fits(const struct ipset *s, const struct ipset_header *h,
		    struct fault *why)
{
	if (strcmp(h->type, IPSET_TYPE_LIST) == 0)
		return 0;
	return wrong_kind(s->list, h->type, IPSET_TYPE_LIST, why);
}

struct revisions {
	bool told;
	uint8_t most;
	uint8_t least;
};

static int see_type(void *context, const struct nlmsghdr *reply)
{
	struct revisions *range = context;

	range->told =
		ipset_read_range(reply, true, &range->most, &range->least) == 0;
	return 0;
}

/* The revision to create with: the newest that both know. */
static int choose_revision(struct ipset *s, struct ipset_make *m, uint8_t known,
			   struct fault *why)
{
	struct revisions range = {.told = false};
	struct ipset_talk t = {.data = see_type, .context = &range};
	struct ipset_room r;
	int code;

	if (ipset_start(s, &r, why) < 0)
		return -1;
	ipset_put_type(&r, m->type, m->family);
	code = ipset_ask(s, &r, &t, why);
	if (code != 0)
		return code < 0 ? -1
				: ipset_refused(why, "create set", m->name,
						false, code);
	m->revision = known;
	if (m->revision > range.most)
		m->revision = range.most;
	if (m->revision < range.least)
		m->revision = range.least;
	if (range.told && (m->maxelem == 0 || m->revision >= IPSET_NET_LEAST))
		return 0;
	return fault_set(why, FAULT_ENFORCE,
			 "cannot create set '%s': the kernel's %s has revision "
			 "%u; needed: %d, which has counters",
			 m->name, m->type, range.most, IPSET_NET_LEAST);
}

static int create(struct ipset *s, struct ipset_make *m, uint8_t known,
		  struct fault *why)
{
	struct ipset_talk t = {.data = NULL};
	struct ipset_room r;
	int code;

	if (choose_revision(s, m, known, why) < 0 ||
	    ipset_start(s, &r, why) < 0)
		return -1;
	ipset_put_create(&r, m);
	code = ipset_ask(s, &r, &t, why);
	if (code < 0)
		return -1;
	/* Somebody was faster: the header tells whether it fits. */
	if (code == 0 || code == EEXIST)
		return 0;
	return ipset_refused(why, "create set", m->name,
			     strcmp(m->type, IPSET_TYPE_LIST) == 0, code);
}

/* The header of a set, which is created if it is not there. */
static int header_or_create(struct ipset *s, struct ipset_make *m,
			    uint8_t known, struct ipset_header *h,
			    struct fault *why)
{
	struct fault first = {.kind = FAULT_NONE};

	if (ipset_header(s, m->name, h, &first) == 0)
		return 0;
	if (first.kind != FAULT_SET_GONE) {
		if (why != NULL)
			*why = first;
		return -1;
	}
	if (create(s, m, known, why) < 0)
		return -1;
	return ipset_header(s, m->name, h, why);
}

static int ensure_set(struct ipset *s, int family, struct fault *why)
{
	struct ipset_make m = {.name = s->set[family],
			       .type = IPSET_TYPE_NET,
			       .family = family_of[family],
			       .standard = s->standard,
			       .maxelem = s->maxelem,
			       .hashsize = ipset_hashsize(s->maxelem)};
	struct ipset_header h;

	if (header_or_create(s, &m, IPSET_NET_REVISION, &h, why) < 0)
		return -1;
	return ipset_fits(s, family, &h, why);
}

/* One of our sets into the list. */
static int add_member(struct ipset *s, int family, bool timeouts,
		      struct fault *why)
{
	struct ipset_talk t = {.data = NULL};
	struct ipset_room r;
	int code;

	if (ipset_start(s, &r, why) < 0)
		return -1;
	ipset_put_member(&r, s->list, s->set[family], timeouts);
	code = ipset_ask(s, &r, &t, why);
	if (code <= 0)
		return code;
	ipset_refused(why, "add to list", s->list, true, code);
	return fault_prefix(why, "set '%s'", s->set[family]);
}

/* The list holds the sets that fit. One with timeouts could let them go:
 * there they are put in again each time, for good. */
static int ensure_list(struct ipset *s, const bool fits[ENFORCER_FAMILIES],
		       struct fault *why)
{
	struct ipset_make m = {
		.name = s->list, .type = IPSET_TYPE_LIST, .family = AF_UNSPEC};
	struct ipset_header h;

	if (header_or_create(s, &m, IPSET_LIST_REVISION, &h, why) < 0 ||
	    ipset_list_fits(s, &h, why) < 0)
		return -1;
	for (int f = 0; f < ENFORCER_FAMILIES; f++)
		if (fits[f] && (!h.holds[f] || h.timeouts) &&
		    add_member(s, f, h.timeouts, why) < 0)
			return -1;
	return 0;
}

/* What is wrong with one set keeps no other from its work: everything is
 * tried, and the first reason is told. */
int ipset_ensure(struct enforcer *e, struct fault *why)
{
	struct ipset *s = (struct ipset *)e;
	bool fits[ENFORCER_FAMILIES];
	struct fault later;
	int result = 0;

	for (int f = 0; f < ENFORCER_FAMILIES; f++) {
		fits[f] = ensure_set(s, f, result < 0 ? &later : why) == 0;
		if (!fits[f])
			result = -1;
	}
	if (ensure_list(s, fits, result < 0 ? &later : why) < 0)
		result = -1;
	return result;
}
