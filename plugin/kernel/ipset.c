/*
 * ipset: see saslban/ipset.h.
 *
 * Two sockets: one for requests, one for everything that is a dump, because
 * the kernel runs one dump per socket at a time. Each is opened by the thread
 * that first uses it and stays in its network namespace; the kernel checks
 * CAP_NET_ADMIN of the caller at each send, so a socket that was opened with
 * it is worth nothing without it.
 *
 * Never in here: FLUSH, DESTROY, RENAME, SWAP. What an administrator has made
 * is his; and bans outlive rsyslogd.
 */
#include "ipset_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

int ipset_ask(struct ipset *s, const struct ipset_room *r, struct ipset_talk *t,
	      struct fault *why)
{
	if (ipset_socket_talk(&s->control, r, t, why) < 0)
		return -1;
	return t->code[0];
}

struct range {
	bool told;
	uint8_t most;
	uint8_t least;
};

static int see_protocol(void *context, const struct nlmsghdr *reply)
{
	struct range *range = context;

	range->told = ipset_read_range(reply, false, &range->most,
				       &range->least) == 0;
	return 0;
}

/* PROTOCOL is the one request that says nothing about the version. */
static int handshake(struct ipset *s, struct fault *why)
{
	struct range range = {.told = false};
	struct ipset_talk t = {.data = see_protocol, .context = &range};
	struct ipset_room r = {.bytes = s->bytes,
			       .size = IPSET_ROOM,
			       .protocol = IPSET_PROTOCOL_LEAST};
	int code;

	ipset_put_protocol(&r);
	code = ipset_ask(s, &r, &t, why);
	if (code < 0)
		return -1;
	if (code > 0)
		return ipset_refused(why, "use the kernel's ipset for", s->list,
				     false, code);
	if (!range.told || range.most < IPSET_PROTOCOL_LEAST ||
	    range.least > IPSET_PROTOCOL_KNOWN)
		return fault_set(why, FAULT_ENFORCE,
				 "the kernel's ipset speaks protocol %u to %u; "
				 "known here: %d to %d",
				 range.least, range.most, IPSET_PROTOCOL_LEAST,
				 IPSET_PROTOCOL_KNOWN);
	s->protocol = range.most < IPSET_PROTOCOL_KNOWN ? range.most
							: IPSET_PROTOCOL_KNOWN;
	return 0;
}

int ipset_start(struct ipset *s, struct ipset_room *r, struct fault *why)
{
	if (s->protocol == 0 && handshake(s, why) < 0)
		return -1;
	*r = (struct ipset_room){
		.bytes = s->bytes, .size = IPSET_ROOM, .protocol = s->protocol};
	return 0;
}

struct header_seen {
	struct ipset_header *header;
	const char *member[ENFORCER_FAMILIES];
	bool members;
};

static int see_header(void *context, const struct nlmsghdr *reply)
{
	struct header_seen *seen = context;

	ipset_read_header(reply, seen->header,
			  seen->members ? seen->member : NULL);
	return 0;
}

int ipset_header(struct ipset *s, const char *set, struct ipset_header *h,
		 struct fault *why)
{
	struct header_seen seen = {.header = h,
				   .member = {s->set[0], s->set[1]},
				   .members = set == s->list};
	struct ipset_talk t = {.data = see_header, .context = &seen};
	struct ipset_room r;

	if (ipset_start(s, &r, why) < 0)
		return -1;
	memset(h, 0, sizeof(*h));
	ipset_put_list(&r, set, !seen.members);
	if (ipset_socket_talk(&s->dump, &r, &t, why) < 0)
		return -1;
	if (t.code[0] != 0)
		return ipset_refused(why, "read set", set, false, t.code[0]);
	if (h->type[0] == '\0')
		return fault_set(why, FAULT_ENFORCE,
				 "cannot read set '%s': the kernel's answer "
				 "has no header",
				 set);
	return 0;
}

/*
 * What the engine wants to know is whether any firewall rule uses our sets.
 * The kernel counts rules and lists alike, and being in our own list counts
 * one for each set whether or not a rule names the list. So: a set's own
 * references, less our list's, plus the references of the list itself.
 */
static int ipset_state(struct enforcer *e, struct enforcer_state *out,
		       struct fault *why)
{
	struct ipset *s = (struct ipset *)e;
	struct ipset_header list;
	struct ipset_header h;
	struct enforcer_state state;

	if (ipset_header(s, s->list, &list, why) < 0 ||
	    ipset_list_fits(s, &list, why) < 0)
		return -1;
	for (int f = 0; f < ENFORCER_FAMILIES; f++) {
		if (ipset_header(s, s->set[f], &h, why) < 0 ||
		    ipset_fits(s, f, &h, why) < 0)
			return -1;
		if (!list.holds[f])
			return fault_set(why, FAULT_SET_GONE,
					 "set '%s' is not in the list '%s' "
					 "any more",
					 s->set[f], s->list);
		state.set[f].identity = h.identity;
		state.set[f].elements = h.elements;
		state.set[f].maxelem = h.maxelem;
		state.set[f].references = list.references;
		if (h.references > 1)
			state.set[f].references += h.references - 1;
	}
	*out = state;
	return 0;
}

struct entries_seen {
	int (*see)(void *context, const struct entry_seen *seen);
	void *context;
};

static int see_entries(void *context, const struct nlmsghdr *reply)
{
	struct entries_seen *all = context;

	return ipset_read_entries(reply, all->see, all->context);
}

static int ipset_each(struct enforcer *e,
		      int (*see)(void *context, const struct entry_seen *seen),
		      void *context, struct fault *why)
{
	struct ipset *s = (struct ipset *)e;
	struct entries_seen all = {.see = see, .context = context};
	struct ipset_room r;

	for (int f = 0; f < ENFORCER_FAMILIES; f++) {
		struct ipset_talk t = {
			.data = see_entries, .context = &all, .once = true};

		if (ipset_start(s, &r, why) < 0)
			return -1;
		ipset_put_list(&r, s->set[f], false);
		if (ipset_socket_talk(&s->dump, &r, &t, why) < 0)
			return -1;
		if (t.code[0] != 0)
			return ipset_refused(why, "read set", s->set[f], false,
					     t.code[0]);
		if (t.stopped != 0)
			break;
	}
	return 0;
}

static void ipset_close(struct enforcer *e)
{
	struct ipset *s = (struct ipset *)e;

	if (s == NULL)
		return;
	ipset_socket_close(&s->control);
	ipset_socket_close(&s->dump);
	free(s->bytes);
	free(s);
}

static const struct enforcer_ops ipset_ops = {
	.ensure = ipset_ensure,
	.ban = ipset_ban,
	.lift = ipset_lift,
	.each = ipset_each,
	.state = ipset_state,
	.close = ipset_close,
};

static int check_plan(const struct ipset_plan *plan, struct fault *why)
{
	if (plan->name == NULL || !ipset_name_allowed(plan->name))
		return fault_set(why, FAULT_SETTING,
				 "set name '%s' is not allowed; allowed: 1 to "
				 "%d letters, digits, _ . : -",
				 plan->name == NULL ? "" : plan->name,
				 IPSET_BASE);
	if (plan->standard == 0)
		return fault_set(why, FAULT_SETTING,
				 "default timeout '0' of set '%s' is not "
				 "allowed: it would mean for ever; allowed: 1 "
				 "to %d seconds",
				 plan->name, ENFORCER_LONGEST);
	if (plan->maxelem == 0)
		return fault_set(why, FAULT_SETTING,
				 "size '0' of set '%s' is not allowed; "
				 "allowed: 1 entry or more",
				 plan->name);
	return 0;
}

int ipset_open(struct enforcer **out, const struct ipset_plan *plan,
	       struct fault *why)
{
	struct ipset *s;

	if (check_plan(plan, why) < 0)
		return -1;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	s->enforcer.ops = &ipset_ops;
	s->standard = plan->standard < ENFORCER_LONGEST ? plan->standard
							: ENFORCER_LONGEST;
	s->maxelem = plan->maxelem;
	snprintf(s->list, sizeof(s->list), "%s", plan->name);
	snprintf(s->set[0], sizeof(s->set[0]), "%s4", plan->name);
	snprintf(s->set[1], sizeof(s->set[1]), "%s6", plan->name);
	s->bytes = malloc(IPSET_ROOM);
	if (s->bytes == NULL) {
		fault_set(why, FAULT_MEMORY, "out of memory");
		goto fail;
	}
	if (ipset_socket_open(&s->control, why) < 0 ||
	    ipset_socket_open(&s->dump, why) < 0)
		goto fail;
	*out = &s->enforcer;
	return 0;
fail:
	ipset_close(&s->enforcer);
	return -1;
}
