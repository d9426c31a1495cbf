/* exempt: see saslban/exempt.h. */
#include "saslban/exempt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lists.h"
#include "news.h"
#include "ownaddr.h"
#include "reason.h"
#include "resolver.h"
#include "saslban/duration.h"

struct exempt {
	const struct settings *settings;
	struct lists lists;
	int64_t files_due;   /* INT64_MAX: there is none */
	int64_t allowed_due; /* the next entry of the allow list ends */
	const char *self;    /* its entry; NULL: it is not in ignoreip */
	int64_t self_due;
	struct ownaddr own[OWNADDR_MAX];
	size_t own_n;
	struct resolver *resolver;
	bool names_due; /* the list of names is to be renewed */
	uint64_t generation;
};

static const char *find_self(const struct settings *s)
{
	for (size_t i = 0; i < s->ignoreds; i++)
		if (strcmp(s->ignored[i], "self") == 0)
			return s->ignored[i];
	return NULL;
}

int exempt_open(struct exempt **out, const struct settings *s,
		struct fault *why)
{
	struct exempt *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	x->settings = s;
	x->self = find_self(s);
	x->allowed_due = INT64_MAX;
	x->generation = 1;
	x->resolver = resolver_open();
	if (x->resolver == NULL || lists_open(&x->lists, s) < 0 ||
	    lists_add_names(&x->lists, x->resolver) < 0) {
		exempt_close(x);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	x->files_due = x->lists.files == 0 ? INT64_MAX : 0;
	*out = x;
	return 0;
}

void exempt_close(struct exempt *x)
{
	if (x == NULL)
		return;
	lists_release(&x->lists);
	resolver_close(x->resolver);
	free(x);
}

/* ---- the answer ---- */

static bool search_own(const struct exempt *x, struct reason *r)
{
	for (size_t i = 0; i < x->own_n; i++) {
		const struct ownaddr *own = &x->own[i];
		const struct exempt_reason one = {
			.kind = own->gateway ? EXEMPT_GATEWAY : EXEMPT_SELF,
			.entry = x->self,
			.address = own->address};

		if (reason_weigh(r, &one))
			return true;
	}
	return false;
}

static bool search_names(const struct exempt *x, struct reason *r)
{
	for (size_t i = 0; i < resolver_names(x->resolver); i++) {
		const struct known_name *name = resolver_name(x->resolver, i);
		struct exempt_reason one = {.kind = EXEMPT_HOSTNAME,
					    .entry = name->text,
					    .file = name->source};

		for (size_t k = 0; k < name->n; k++) {
			one.address = name->address[k];
			if (reason_weigh(r, &one))
				return true;
		}
	}
	return false;
}

bool exempt_find(const struct exempt *x, const struct address *a,
		 struct exempt_reason *why)
{
	struct reason r = {.about = a, .found = {.kind = EXEMPT_NOT}};
	struct address range;
	const char *what = address_special(a, &range);

	if (what != NULL)
		r.found = (struct exempt_reason){
			.kind = EXEMPT_SPECIAL,
			.entry = what,
			.address = range,
			.part = !address_contains(&range, a)};
	else if (!lists_search(&x->lists, &r) && !search_own(x, &r))
		search_names(x, &r);
	if (why != NULL)
		*why = r.found;
	return r.found.kind != EXEMPT_NOT;
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

/* Without memory for all of them the names stay as they are, until the next
 * look. */
static void renew_names(struct exempt *x)
{
	resolver_renew(x->resolver);
	x->names_due = lists_add_names(&x->lists, x->resolver) < 0;
	if (!x->names_due)
		resolver_prune(x->resolver);
}

void exempt_read_files(struct exempt *x)
{
	bool news = false;

	if (lists_look(&x->lists, &news) || x->names_due)
		renew_names(x);
	x->generation += news;
}

/* When the next entry of the allow list ends, by the boot clock. */
static void note_end(struct exempt *x, struct moment now)
{
	int64_t end = allowlist_end(&x->lists.allow);

	x->allowed_due = end == DURATION_FOREVER
				 ? INT64_MAX
				 : now.boot + duration_left(end, now.wall);
}

void exempt_poll(struct exempt *x, struct moment now)
{
	if (now.boot >= x->files_due) {
		x->files_due = now.boot + EXEMPT_FILES_AGAIN;
		exempt_read_files(x);
	}
	if (x->allowed_due != INT64_MAX) {
		allowlist_expire(&x->lists.allow, now.wall);
		note_end(x, now);
	}
	if (x->self != NULL && now.boot >= x->self_due) {
		x->self_due = now.boot + EXEMPT_SELF_AGAIN;
		(void)look_at_self(x);
	}
	if (resolver_poll(x->resolver, now))
		x->generation++;
}

void exempt_reread(struct exempt *x)
{
	x->files_due = 0;
	lists_forget(&x->lists);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t exempt_due(const struct exempt *x)
{
	int64_t due = sooner(x->files_due, x->allowed_due);

	due = sooner(due, resolver_due(x->resolver));
	return x->self == NULL ? due : sooner(due, x->self_due);
}

uint64_t exempt_generation(const struct exempt *x)
{
	return x->generation;
}

/* ---- the allow list ---- */

void exempt_allow_begin(struct exempt *x)
{
	allowlist_drop(&x->lists.allow);
}

int exempt_allow(struct exempt *x, const struct allow *a, struct fault *why)
{
	if (allowlist_add(&x->lists.allow, a) == 0)
		return 0;
	return fault_set(why, FAULT_MEMORY, "out of memory");
}

int exempt_allowed(struct exempt *x, struct moment now, struct fault *why)
{
	bool news = false;

	if (lists_allowed(&x->lists, &news) < 0)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	allowlist_expire(&x->lists.allow, now.wall);
	note_end(x, now);
	x->generation += news;
	return 0;
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
	return lists_news(&x->lists, out) || news_next(x->resolver, now, out);
}
