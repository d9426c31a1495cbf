/*
 * ipset: see saslban/ipset.h.
 *
 * Never in here: FLUSH and RENAME; DESTROY and SWAP in growth.c alone. What an
 * administrator has created stays; and bans outlive rsyslogd.
 */
#include "saslban/ipset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "channel.h"
#include "growth.h"
#include "saslban/alive.h"
#include "saslban/settings.h"
#include "set.h"
#include "set_change.h"
#include "set_header.h"
#include "set_list.h"
#include "set_reading.h"

struct ipset {
	struct enforcer enforcer; /* first: a cast away */
	char list[ENFORCER_NAME];
	char database[SETTINGS_PATH];
	struct set set[ENFORCER_SETS];
	struct channel channel;
	struct set_reading reading;
	struct growth *growth[ENFORCER_SETS]; /* NULL: none */
};

static struct ipset *of(struct enforcer *e)
{
	return (struct ipset *)(void *)e;
}

static const char *ipset_name(const struct enforcer *e, enum enforcer_set set)
{
	return ((const struct ipset *)(const void *)e)->set[set].name;
}

static int ipset_ensure(struct enforcer *e, enum enforcer_set set,
			struct fault *why)
{
	struct ipset *i = of(e);

	struct fault first = {.kind = FAULT_NONE};

	if (set_ensure(&i->set[set], &i->channel, &first) < 0) {
		if (why != NULL)
			*why = first;
		return -1;
	}
	if (i->set[set].fixed)
		return 0;
	growth_clear(&i->set[set], &i->channel);
	return set_list_ensure(i->list, i->set[set].name, &i->channel, why);
}

/* Of a set that is not ours the kind has to be known, also to those who did not
 * ensure it. */
static int know_kind(struct ipset *i, enum enforcer_set set, struct fault *why)
{
	struct set *s = &i->set[set];

	return !s->fixed || s->known ? 0 : set_ensure(s, &i->channel, why);
}

static int ipset_add(struct enforcer *e, enum enforcer_set set,
		     struct set_change *changes, size_t n, struct fault *why)
{
	struct ipset *i = of(e);

	if (know_kind(i, set, why) < 0)
		return -1;
	return set_change_run(&i->set[set], &i->channel, REQUEST_ADD, changes,
			      n, why);
}

static int ipset_remove(struct enforcer *e, enum enforcer_set set,
			struct set_change *changes, size_t n, struct fault *why)
{
	struct ipset *i = of(e);

	if (know_kind(i, set, why) < 0)
		return -1;
	return set_change_run(&i->set[set], &i->channel, REQUEST_REMOVE,
			      changes, n, why);
}

/* With a reading of its own, so as not to end one that runs. */
static int ipset_each(struct enforcer *e, enum enforcer_set set,
		      int (*see)(void *context, const struct set_entry *entry),
		      void *context, struct fault *why)
{
	struct ipset *i = of(e);
	struct set_reading reading;
	bool more = true;
	int result;

	if (set_reading_open(&reading, why) < 0)
		return -1;
	result =
		set_reading_begin(&reading, &i->channel, i->set[set].name, why);
	while (result == 0 && more)
		result = set_reading_more(&reading, see, context, &more, why);
	set_reading_close(&reading);
	return result;
}

static int ipset_read_begin(struct enforcer *e, enum enforcer_set set,
			    struct fault *why)
{
	struct ipset *i = of(e);

	/* Somebody may have read what was to be removed. */
	if (!i->set[set].fixed)
		growth_clear(&i->set[set], &i->channel);
	return set_reading_begin(&i->reading, &i->channel, i->set[set].name,
				 why);
}

static int ipset_read_more(struct enforcer *e,
			   int (*see)(void *context,
				      const struct set_entry *entry),
			   void *context, bool *more, struct fault *why)
{
	return set_reading_more(&of(e)->reading, see, context, more, why);
}

static void ipset_read_end(struct enforcer *e)
{
	set_reading_end(&of(e)->reading);
}

/* Somebody else's set need not be in a list. */
static int read_list(struct ipset *i, const struct set *s,
		     struct set_header *list, struct fault *why)
{
	int result = set_list_read(i->list, s->name, &i->channel, list,
				   s->fixed ? NULL : why);

	if (!s->fixed || (result == 0 && list->has_member))
		return result;
	*list = (struct set_header){.has_member = false};
	return 0;
}

/*
 * What the engine wants to know is whether any firewall rule uses the set.
 * The kernel counts rules and lists alike, and being in our own list counts
 * one for the set whether or not a rule names the list. So: the set's own
 * references, less our list's, plus the references of the list itself.
 */
static int ipset_state(struct enforcer *e, enum enforcer_set set,
		       struct set_state *out, struct fault *why)
{
	struct ipset *i = of(e);
	const struct set *s = &i->set[set];
	struct set_header list;
	struct set_header h;
	bool listed;

	if (read_list(i, s, &list, why) < 0 ||
	    set_header_read(&i->channel, s->name, NULL, &h, why) < 0 ||
	    set_fits(s, &h, why) < 0)
		return -1;
	if (!list.has_member && !s->fixed)
		return fault_set(why, FAULT_SET_GONE,
				 "set '%s' is not in the list '%s' any more",
				 s->name, i->list);
	listed = list.has_member;
	*out = (struct set_state){
		.identity = h.identity,
		.elements = h.elements,
		.maxelem = h.maxelem,
		.largest = s->largest,
		.references = list.references,
		.memory = h.memory,
	};
	if (h.references > listed)
		out->references += h.references - listed;
	return 0;
}

/* ---- a larger set ---- */

static void ipset_grow_end(struct enforcer *e, enum enforcer_set set)
{
	struct ipset *i = of(e);

	if (i->growth[set] != NULL)
		growth_end(i->growth[set]);
	free(i->growth[set]);
	i->growth[set] = NULL;
}

static uint32_t twice(uint32_t maxelem, uint32_t largest)
{
	return maxelem < largest / 2 ? 2 * maxelem : largest;
}

static int begin(struct ipset *i, enum enforcer_set set, int64_t now,
		 struct fault *why)
{
	const struct set *s = &i->set[set];
	struct set_header h;

	if (set_header_read(&i->channel, s->name, NULL, &h, why) < 0)
		return -1;
	if (h.maxelem >= s->largest)
		return fault_set(why, FAULT_ENFORCE,
				 "set '%s' has %u entries, allowed: %u",
				 s->name, h.maxelem, s->largest);
	return growth_begin(i->growth[set], s, &i->channel,
			    twice(h.maxelem, s->largest), now, why);
}

static int ipset_grow_begin(struct enforcer *e, enum enforcer_set set,
			    int64_t now, struct fault *why)
{
	struct ipset *i = of(e);

	ipset_grow_end(e, set);
	i->growth[set] = calloc(1, sizeof(*i->growth[set]));
	if (i->growth[set] == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (begin(i, set, now, why) == 0)
		return 0;
	ipset_grow_end(e, set);
	return -1;
}

static int ipset_grow_more(struct enforcer *e, enum enforcer_set set,
			   int64_t now, bool *more, struct fault *why)
{
	*more = false;
	if (growth_more(of(e)->growth[set], now, more, why) == 0)
		return 0;
	ipset_grow_end(e, set);
	return -1;
}

static int ipset_grow_finish(struct enforcer *e, enum enforcer_set set,
			     int64_t now, struct fault *why)
{
	if (growth_finish(of(e)->growth[set], now, why) < 0)
		return -1;
	ipset_grow_end(e, set);
	return 0;
}

static void ipset_close(struct enforcer *e)
{
	struct ipset *i = of(e);

	for (int set = 0; set < ENFORCER_SETS; set++)
		ipset_grow_end(e, (enum enforcer_set)set);
	set_reading_close(&i->reading);
	channel_close(&i->channel);
	free(i);
}

/* The types of set. */
static int ipset_look(struct fault *why)
{
	static const struct {
		const char *type;
		uint8_t family;
	} needed[] = {
		{REQUEST_TYPE_NET, AF_INET},
		{REQUEST_TYPE_NET, AF_INET6},
		{REQUEST_TYPE_LIST, AF_UNSPEC},
	};
	struct channel c;
	int result = 0;

	if (channel_open(&c, "saslban", why) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		struct request_create create = {.name = needed[i].type,
						.type = needed[i].type,
						.family = needed[i].family};

		if (result == 0)
			result = set_header_choose(&c, &create, UINT8_MAX, why);
	}
	channel_close(&c);
	return result;
}

static const struct enforcer_kind kind = {
	.name = "ipset",
	.longest = ENFORCER_LONGEST,
	.joint = true,
	.rules = "saslban-firewall",
	.larger = "put a set with a larger maxelem in its place with "
		  "'ipset swap'",
	.modules = "ip_set_hash_net ip_set_list_set",
	.look = ipset_look,
};

static const struct enforcer_ops ipset_ops = {
	.kind = &kind,
	.name = ipset_name,
	.ensure = ipset_ensure,
	.add = ipset_add,
	.remove = ipset_remove,
	.each = ipset_each,
	.read_begin = ipset_read_begin,
	.read_more = ipset_read_more,
	.read_end = ipset_read_end,
	.state = ipset_state,
	.grow_begin = ipset_grow_begin,
	.grow_more = ipset_grow_more,
	.grow_finish = ipset_grow_finish,
	.grow_end = ipset_grow_end,
	.close = ipset_close,
};

static int check_plan(const struct ipset_plan *plan, struct fault *why)
{
	if (plan->name == NULL || !set_base_allowed(plan->name))
		return fault_set(why, FAULT_SETTING,
				 "set name '%s' is not allowed; allowed: 1 to "
				 "%d letters, digits, _ . : -",
				 plan->name == NULL ? "" : plan->name,
				 SET_BASE);
	if (plan->default_timeout == 0)
		return fault_set(why, FAULT_SETTING,
				 "default timeout '0' of set '%s' is not "
				 "allowed: it would mean forever; allowed: 1 "
				 "to %d seconds",
				 plan->name, ENFORCER_LONGEST);
	if (plan->maxelem == 0)
		return fault_set(why, FAULT_SETTING,
				 "size '0' of set '%s' is not allowed; "
				 "allowed: 1 entry or more",
				 plan->name);
	return 0;
}

static void init_sets(struct ipset *i, const struct ipset_plan *plan)
{
	snprintf(i->list, sizeof(i->list), "%s", plan->name);
	snprintf(i->database, sizeof(i->database), "%s",
		 plan->database == NULL ? ALIVE_NOWHERE : plan->database);
	for (int which = 0; which < ENFORCER_SETS; which++) {
		struct set *s = &i->set[which];

		s->which = (enum enforcer_set)which;
		s->default_timeout = plan->default_timeout < ENFORCER_LONGEST
					     ? plan->default_timeout
					     : ENFORCER_LONGEST;
		s->maxelem = plan->maxelem;
		s->largest = plan->largest;
		s->fixed = plan->fixed;
		s->database = i->database;
		enforcer_set_name(plan->name, s->which, s->name);
	}
}

int ipset_open(struct enforcer **out, const struct ipset_plan *plan,
	       struct fault *why)
{
	struct ipset *i;

	if (check_plan(plan, why) < 0)
		return -1;
	i = calloc(1, sizeof(*i));
	if (i == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	i->enforcer.ops = &ipset_ops;
	init_sets(i, plan);
	if (channel_open(&i->channel, i->list, why) < 0)
		goto free_ipset;
	if (set_reading_open(&i->reading, why) < 0)
		goto close_channel;
	*out = &i->enforcer;
	return 0;

close_channel:
	channel_close(&i->channel);
free_ipset:
	free(i);
	return -1;
}
