/*
 * settings_check: what one parameter says about another, and the values that
 * depend on others.
 */
#include "saslban/settings.h"

#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "settings_kind.h"

#define FIELD(member) offsetof(struct settings, member)

/* The jail that the plain set name belongs to. */
#define DEFAULT_SET "saslban"

/* saslban for the jail sasl, saslban-NAME for another: two jails share a set
 * only when configured to. */
static int derive_set(struct settings *s, struct fault *why)
{
	char set[sizeof(DEFAULT_SET) + SETTINGS_NAME];

	if (s->set[0] != '\0')
		return 0;
	if (strcmp(s->name, settings_find("name")->default_text) == 0)
		snprintf(set, sizeof(set), DEFAULT_SET);
	else
		snprintf(set, sizeof(set), DEFAULT_SET "-%s", s->name);
	if (strlen(set) >= sizeof(s->set))
		return fault_set(
			why, FAULT_SETTING,
			"parameter 'set' is needed: '%s', made of "
			"the jail's name, is longer than %d characters",
			set, SETTINGS_SET - 1);
	memcpy(s->set, set, strlen(set) + 1);
	return 0;
}

/* Twice the same filter counts its lines twice, and is a slip for another. */
static int check_doubles(const struct settings *s, struct fault *why)
{
	for (size_t i = 1; i < s->filters; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(s->filter[i], s->filter[k]) == 0)
				return fault_set(why, FAULT_SETTING,
						 "parameter 'filter': '%.200s' "
						 "is given twice; allowed: "
						 "each filter once",
						 s->filter[i]);
	return 0;
}

struct origin {
	const char *family;
	struct address all;
};

/* Where attackers come from. For IPv6 that is global unicast (RFC 4291,
 * 2.5.4), from which all public addresses are taken. */
static const struct origin origins[] = {
	{"IPv4", {.family = ADDRESS_V4, .prefix = 0}},
	{"IPv6", {.family = ADDRESS_V6, .prefix = 3, .bytes = {0x20}}},
};

static int refuse_ignored(const struct origin *o, const struct address *entry,
			  struct fault *why)
{
	char text[ADDRESS_TEXT];
	bool alone = address_contains(entry, &o->all);

	return fault_set(why, FAULT_SETTING,
			 "parameter 'ignoreip': '%s'%s every public %s "
			 "address, so that none could be banned; allowed only "
			 "with enforce 'off'",
			 address_print(entry, text),
			 alone ? " exempts" : " and other entries exempt",
			 o->family);
}

struct bound {
	const char *name;
	size_t offset;
	unsigned least; /* that makes sense, above 0 */
};

static const struct bound bounds[] = {
	{"network.v4", FIELD(policy.network4), 8},
	{"network.v6", FIELD(policy.network6), 16},
	{"network.v6.wide", FIELD(policy.network6_wide), 16},
	{"breaker", FIELD(policy.breaker), 2},
};

/* 0 is off, and what is a little more would be meant otherwise. */
static int check_bounds(const struct settings *s, struct fault *why)
{
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		const struct bound *b = &bounds[i];
		unsigned value;

		memcpy(&value, (const char *)s + b->offset, sizeof(value));
		if (value > 0 && value < b->least)
			return fault_set(why, FAULT_SETTING,
					 "parameter '%s': '%u' is not allowed; "
					 "allowed: %s",
					 b->name, value,
					 settings_find(b->name)->allowed);
	}
	return 0;
}

static const struct origin *exempted(const struct address *by, size_t n)
{
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++)
		if (address_covered(&origins[i].all, by, n))
			return &origins[i];
	return NULL;
}

const char *settings_everybody(const struct address *by, size_t n)
{
	const struct origin *o = exempted(by, n);

	return o == NULL ? NULL : o->family;
}

/* A jail that can ban nobody is a slip, unless it only observes. The
 * entries are taken together: 0.0.0.0/1 and 128.0.0.0/1 exempt as many
 * attackers as 0.0.0.0/0 does. */
static int check_ignored(const struct settings *s, struct fault *why)
{
	struct address entry[SETTINGS_IGNORED];
	const struct address *first = entry;
	const struct origin *o;
	size_t n = 0;

	for (size_t i = 0; i < s->ignoreds; i++)
		n += address_parse(s->ignored[i], strlen(s->ignored[i]),
				   &entry[n]) == 0;
	o = exempted(entry, n);
	if (!s->enforce || o == NULL)
		return 0;
	while (!address_contains(first, &o->all) &&
	       !address_contains(&o->all, first))
		first++;
	return refuse_ignored(o, first, why);
}

int settings_check(struct settings *s, struct fault *why)
{
	const struct policy *p = &s->policy;
	char longest[DURATION_TEXT];
	char step[DURATION_TEXT];

	for (size_t i = 0; i < p->steps; i++) {
		if (p->ladder[i] <= p->longest)
			continue;
		return fault_set(why, FAULT_SETTING,
				 "parameter 'bantime': '%s' is longer than "
				 "bantime.max '%s'",
				 duration_print(p->ladder[i], step),
				 duration_print(p->longest, longest));
	}
	for (size_t i = 1; i < p->steps; i++) {
		if (p->ladder[i - 1] <= p->ladder[i])
			continue;
		return fault_set(why, FAULT_SETTING,
				 "parameter 'bantime': '%s' is shorter than "
				 "the step before it; allowed: steps that do "
				 "not get shorter",
				 duration_print(p->ladder[i], step));
	}
	if (s->retain < p->findtime)
		return fault_set(why, FAULT_SETTING,
				 "parameter 'retain': '%s' is shorter than "
				 "findtime '%s'",
				 duration_print(s->retain, step),
				 duration_print(p->findtime, longest));
	if (check_bounds(s, why) < 0 || check_doubles(s, why) < 0 ||
	    check_ignored(s, why) < 0 || settings_check_notify(s, why) < 0)
		return -1;
	return derive_set(s, why) < 0 ? -1 : settings_check_enforcer(s, why);
}
