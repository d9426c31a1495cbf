/* exempt: see saslban/exempt.h. */
#include "saslban/exempt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "news.h"
#include "ownaddr.h"
#include "resolver.h"

/* An entry of ignoreip that is an address or a prefix. */
struct fixed {
	const char *entry;
	struct address address;
};

struct exempt {
	const struct settings *settings;
	struct fixed fixed[SETTINGS_IGNORED];
	size_t fixed_n;
	const char *self; /* its entry; NULL: it is not in ignoreip */
	int64_t self_due;
	struct ownaddr own[OWNADDR_MAX];
	size_t own_n;
	struct resolver *resolver;
	uint64_t generation;
};

static int add(struct exempt *x, const char *entry, struct fault *why)
{
	struct fixed *f = &x->fixed[x->fixed_n];

	if (strcmp(entry, "self") == 0) {
		x->self = entry;
	} else if (address_parse(entry, strlen(entry), &f->address) == 0) {
		f->entry = entry;
		x->fixed_n++;
	} else if (resolver_add(x->resolver, entry) < 0) {
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	return 0;
}

int exempt_open(struct exempt **out, const struct settings *s,
		struct fault *why)
{
	struct exempt *x = calloc(1, sizeof(*x));

	if (x == NULL || (x->resolver = resolver_open()) == NULL) {
		free(x);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	x->settings = s;
	x->generation = 1;
	for (size_t i = 0; i < s->ignoreds; i++) {
		if (add(x, s->ignored[i], why) < 0) {
			exempt_close(x);
			return -1;
		}
	}
	*out = x;
	return 0;
}

void exempt_close(struct exempt *x)
{
	if (x == NULL)
		return;
	resolver_close(x->resolver);
	free(x);
}

/* ---- the answer ---- */

struct search {
	const struct address *about;
	struct exempt_reason found;
};

/* True when the search is over: no other reason can be better. */
static bool consider(struct search *s, enum exempt_kind kind, const char *entry,
		     const struct address *a)
{
	bool covers = address_contains(a, s->about);

	if (!covers && !address_contains(s->about, a))
		return false;
	if (covers || s->found.kind == EXEMPT_NOT)
		s->found = (struct exempt_reason){.kind = kind,
						  .entry = entry,
						  .address = *a,
						  .part = !covers};
	return covers;
}

static bool search_fixed(const struct exempt *x, struct search *s)
{
	for (size_t i = 0; i < x->fixed_n; i++)
		if (consider(s, EXEMPT_ADDRESS, x->fixed[i].entry,
			     &x->fixed[i].address))
			return true;
	return false;
}

static bool search_own(const struct exempt *x, struct search *s)
{
	for (size_t i = 0; i < x->own_n; i++)
		if (consider(s,
			     x->own[i].gateway ? EXEMPT_GATEWAY : EXEMPT_SELF,
			     x->self, &x->own[i].address))
			return true;
	return false;
}

static bool search_names(const struct exempt *x, struct search *s)
{
	for (size_t i = 0; i < resolver_names(x->resolver); i++) {
		const struct known_name *name = resolver_name(x->resolver, i);

		for (size_t k = 0; k < name->n; k++)
			if (consider(s, EXEMPT_HOSTNAME, name->text,
				     &name->address[k]))
				return true;
	}
	return false;
}

bool exempt_find(const struct exempt *x, const struct address *a,
		 struct exempt_reason *why)
{
	struct search s = {.about = a, .found = {.kind = EXEMPT_NOT}};
	struct address range;
	const char *what = address_special(a, &range);

	if (what != NULL)
		s.found = (struct exempt_reason){
			.kind = EXEMPT_SPECIAL,
			.entry = what,
			.address = range,
			.part = !address_contains(&range, a)};
	else if (!search_fixed(x, &s) && !search_own(x, &s))
		search_names(x, &s);
	if (why != NULL)
		*why = s.found;
	return s.found.kind != EXEMPT_NOT;
}

bool exempt_offender(const struct exempt *x, const struct address *host,
		     struct address *offender, struct exempt_reason *why)
{
	*offender = settings_offender(x->settings, host);
	if (!exempt_find(x, offender, why))
		return true;
	*offender = *host;
	return !exempt_find(x, host, why);
}

/* ---- staying true ---- */

/* True when one of the n addresses was not known before. */
static bool has_new(const struct exempt *x, const struct ownaddr *own, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < x->own_n &&
		       !address_equal(&own[i].address, &x->own[k].address))
			k++;
		if (k == x->own_n)
			return true;
	}
	return false;
}

static int look_at_self(struct exempt *x)
{
	struct ownaddr own[OWNADDR_MAX];
	size_t n = ownaddr_read(own, OWNADDR_MAX);

	if (n == 0) /* what we knew is better than nothing */
		return errno == 0 ? 0 : -1;
	if (has_new(x, own, n))
		x->generation++;
	memcpy(x->own, own, n * sizeof(own[0]));
	x->own_n = n;
	return 0;
}

int exempt_look(struct exempt *x, struct fault *why)
{
	if (x->self == NULL || look_at_self(x) == 0)
		return 0;
	return fault_set(why, FAULT_SYSTEM,
			 "cannot read this machine's addresses: %s",
			 strerror(errno));
}

void exempt_poll(struct exempt *x, struct moment now)
{
	if (x->self != NULL && now.boot >= x->self_due) {
		x->self_due = now.boot + EXEMPT_SELF_AGAIN;
		(void)look_at_self(x);
	}
	if (resolver_poll(x->resolver, now))
		x->generation++;
}

int64_t exempt_due(const struct exempt *x)
{
	int64_t due = resolver_due(x->resolver);

	return x->self != NULL && x->self_due < due ? x->self_due : due;
}

uint64_t exempt_generation(const struct exempt *x)
{
	return x->generation;
}

/* ---- host names ---- */

size_t exempt_names(const struct exempt *x)
{
	return resolver_names(x->resolver);
}

static enum exempt_name_state state_of(const struct known_name *k, int64_t now)
{
	if (k->n == 0)
		return EXEMPT_NAME_UNKNOWN;
	if (k->trouble == NULL && (k->answered || now - k->at <= EXEMPT_FRESH))
		return EXEMPT_NAME_RESOLVED;
	return EXEMPT_NAME_KEPT;
}

struct exempt_name exempt_name(const struct exempt *x, size_t i, int64_t now)
{
	const struct known_name *k = resolver_name(x->resolver, i);

	return (struct exempt_name){.text = k->text,
				    .state = state_of(k, now),
				    .at = k->at,
				    .address = k->address,
				    .n = k->n,
				    .trouble = k->trouble,
				    .unsaved = k->unsaved};
}

void exempt_remember(struct exempt *x, const char *name,
		     const struct address *a, int64_t at)
{
	if (resolver_remember(x->resolver, name, a, at))
		x->generation++;
}

void exempt_saved(struct exempt *x, size_t i)
{
	resolver_saved(x->resolver, i);
}

bool exempt_news(struct exempt *x, int64_t now, struct exempt_news *out)
{
	return news_next(x->resolver, now, out);
}
