/* ignorelist: see saslban/ignorelist.h. */
#include "saslban/ignorelist.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/ownaddr.h"
#include "saslban/resolver.h"

struct ignorelist {
	const struct settings *settings;
	struct address fixed[SETTINGS_IGNORED];
	size_t fixed_of[SETTINGS_IGNORED]; /* which entry of ignoreip */
	size_t fixed_n;
	bool self;
	int64_t self_due;
	struct address own[OWNADDR_MAX];
	size_t own_n;
	struct resolver *resolver;
};

static int add(struct ignorelist *l, size_t i, struct fault *why)
{
	const char *text = l->settings->ignored[i];

	if (strcmp(text, "self") == 0) {
		l->self = true;
		return 0;
	}
	if (address_parse(text, strlen(text), &l->fixed[l->fixed_n]) == 0) {
		l->fixed_of[l->fixed_n++] = i;
		return 0;
	}
	if (resolver_add(l->resolver, text) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

int ignorelist_open(struct ignorelist **out, const struct settings *s,
		    struct fault *why)
{
	struct ignorelist *l = calloc(1, sizeof(*l));

	if (l == NULL || (l->resolver = resolver_open()) == NULL) {
		free(l);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	l->settings = s;
	for (size_t i = 0; i < s->ignoreds; i++) {
		if (add(l, i, why) < 0) {
			ignorelist_close(l);
			return -1;
		}
	}
	*out = l;
	return 0;
}

void ignorelist_close(struct ignorelist *l)
{
	if (l == NULL)
		return;
	resolver_close(l->resolver);
	free(l);
}

static bool look_at_self(struct ignorelist *l, int64_t boot)
{
	struct address own[OWNADDR_MAX];
	size_t n;
	bool changed;

	if (!l->self || boot < l->self_due)
		return false;
	l->self_due = boot + IGNORELIST_SELF_AGAIN;
	n = ownaddr_read(own, OWNADDR_MAX);
	if (n == 0)
		return false; /* what we knew is better than nothing */
	changed = n != l->own_n || memcmp(own, l->own, n * sizeof(own[0])) != 0;
	memcpy(l->own, own, n * sizeof(own[0]));
	l->own_n = n;
	return changed;
}

bool ignorelist_turn(struct ignorelist *l, int64_t boot)
{
	bool changed = look_at_self(l, boot);

	return resolver_turn(l->resolver, boot) || changed;
}

int64_t ignorelist_due(const struct ignorelist *l)
{
	int64_t due = resolver_due(l->resolver);

	return l->self && l->self_due < due ? l->self_due : due;
}

const char *ignorelist_touches(const struct ignorelist *l,
			       const struct address *a)
{
	if (address_special(a, NULL) != NULL)
		return "an address that is nobody's";
	for (size_t i = 0; i < l->fixed_n; i++)
		if (address_contains(&l->fixed[i], a) ||
		    address_contains(a, &l->fixed[i]))
			return l->settings->ignored[l->fixed_of[i]];
	for (size_t i = 0; i < l->own_n; i++)
		if (address_contains(a, &l->own[i]))
			return "self";
	return resolver_overlaps(l->resolver, a);
}
