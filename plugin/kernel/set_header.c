/* set_header: see set_header.h. */
#include "set_header.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "refusal.h"

enum { NET_REVISION_MIN = 3 }; /* the first of hash:net with counters */

int set_header_wrong(const char *name, const char *is, const char *needed,
		     struct fault *why)
{
	return fault_set(why, FAULT_ENFORCE,
			 "set '%s' is %s, needed: %s; give the jail another "
			 "set name with set=, or remove it with 'ipset destroy "
			 "%s'",
			 name, is, needed, name);
}

struct search {
	struct set_header *header;
	const char *member;
};

static void see_header(void *context, const struct nlmsghdr *reply)
{
	struct search *s = context;

	reply_header(reply, s->header, s->member);
}

int set_header_read(struct channel *c, const char *name, const char *member,
		    struct set_header *h, struct fault *why)
{
	struct search search = {.header = h, .member = member};
	struct exchange x = {.data = see_header, .context = &search};
	struct request r;
	int code;

	if (channel_begin(c, &r, why) < 0)
		return -1;
	memset(h, 0, sizeof(*h));
	request_list(&r, name, member == NULL);
	code = channel_ask(c, &r, &x, why);
	if (code < 0)
		return -1;
	if (code > 0)
		return refusal(why, "read set", name, false, code);
	if (h->type[0] == '\0')
		return fault_set(why, FAULT_ENFORCE,
				 "cannot read set '%s': the kernel's answer "
				 "has no header",
				 name);
	return 0;
}

struct revisions {
	bool known;
	uint8_t max;
	uint8_t min;
};

static void see_revisions(void *context, const struct nlmsghdr *reply)
{
	struct revisions *range = context;

	range->known = reply_range(reply, true, &range->max, &range->min) == 0;
}

int set_header_choose(struct channel *c, struct request_create *create,
		      uint8_t revision_max, struct fault *why)
{
	struct revisions range = {.known = false};
	struct exchange x = {.data = see_revisions, .context = &range};
	struct request r;
	int code;

	if (channel_begin(c, &r, why) < 0)
		return -1;
	request_type(&r, create->type, create->family);
	code = channel_ask(c, &r, &x, why);
	if (code < 0)
		return -1;
	if (code > 0)
		return refusal(why, "create set", create->name, false, code);
	create->revision = revision_max < range.max ? revision_max : range.max;
	if (create->revision < range.min)
		create->revision = range.min;
	if (range.known && (strcmp(create->type, REQUEST_TYPE_NET) != 0 ||
			    create->revision >= NET_REVISION_MIN))
		return 0;
	return fault_set(why, FAULT_ENFORCE,
			 "cannot create set '%s': the kernel's %s has revision "
			 "%u; needed: %d, which has counters",
			 create->name, create->type, range.max,
			 NET_REVISION_MIN);
}

static int create_set(struct channel *c, struct request_create *create,
		      uint8_t revision_max, struct fault *why)
{
	struct exchange x = {.data = NULL};
	struct request r;
	int code;

	if (set_header_choose(c, create, revision_max, why) < 0 ||
	    channel_begin(c, &r, why) < 0)
		return -1;
	request_create(&r, create);
	code = channel_ask(c, &r, &x, why);
	if (code < 0)
		return -1;
	/* Somebody was faster: the header shows what he has created. */
	if (code == 0 || code == EEXIST)
		return 0;
	return refusal(why, "create set", create->name,
		       strcmp(create->type, REQUEST_TYPE_LIST) == 0, code);
}

int set_header_ensure(struct channel *c, struct request_create *create,
		      uint8_t revision_max, const char *member,
		      struct set_header *h, struct fault *why)
{
	struct fault first = {.kind = FAULT_NONE};

	if (set_header_read(c, create->name, member, h, &first) == 0)
		return 0;
	if (first.kind != FAULT_SET_GONE) {
		if (why != NULL)
			*why = first;
		return -1;
	}
	if (create_set(c, create, revision_max, why) < 0)
		return -1;
	return set_header_read(c, create->name, member, h, why);
}
