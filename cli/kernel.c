/* kernel: see kernel.h. */
#include "kernel.h"

#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/enforcement.h"
#include "saslban/entry.h"
#include "saslban/projection.h"

/* ---- change ---- */

/* The kernel does not hold the address. */
static int note_absent(struct store *s, const char *set,
		       const struct address *a, struct fault *why)
{
	if (store_begin(s, why) < 0)
		return -1;
	return store_end(s, entry_held(s, set, a, 0, why), why);
}

/* The set is gone: then so is an entry that is to be removed from it. */
static int settle_gone(struct store *s, const char *set,
		       const struct address *a, int64_t now, struct fault *why)
{
	struct fault gone = *why;
	struct entry known;
	bool found;

	if (entry_get(s, set, a, &known, &found, why) < 0)
		return -1;
	if (!found || known.wanted <= now)
		return note_absent(s, set, a, why);
	*why = gone;
	return -1;
}

int kernel_settle(const struct session *s, const struct jail *jail,
		  const struct address *a, int64_t now, struct fault *why)
{
	struct enforcer *e;
	int result;

	if (enforcement_open(&e, &jail->settings, why) < 0)
		return -1;
	result = projection_settle(s->store, e, a, now, why);
	if (result < 0 && why->kind == FAULT_SET_GONE)
		result = settle_gone(s->store,
				     e->ops->name(e, enforcer_set_of(a)), a,
				     now, why);
	e->ops->close(e);
	return result;
}

int kernel_settle_seen(const struct session *s, const struct jail *jail,
		       const struct address *a, int64_t now, struct fault *why)
{
	struct kernel_entry found[KERNEL_NESTED];
	char set[ENFORCER_NAME];
	size_t n;

	if (kernel_find(s, jail, a, now, found, &n, why) < 0)
		return -1;
	enforcer_set_name(jail->settings.set, enforcer_set_of(a), set);
	if ((n == 0 || !address_equal(&found[0].seen.address, a)) &&
	    note_absent(s->store, set, a, why) < 0)
		return -1;
	return kernel_settle(s, jail, a, now, why);
}

int kernel_work(const struct session *s, const struct jail *jail, int64_t now,
		struct fault *why)
{
	struct fault refused;
	struct enforcer *e;
	int result = 0;

	if (enforcement_open(&e, &jail->settings, why) < 0)
		return -1;
	for (int set = 0; set < ENFORCER_SETS; set++) {
		if (projection_work(s->store, e, (enum enforcer_set)set, now,
				    &refused) == 0)
			continue;
		if (result == 0 || why->kind == FAULT_SET_GONE)
			*why = refused;
		result = -1;
	}
	e->ops->close(e);
	return result;
}

enum status kernel_pending(const struct session *s, const struct jail *jail,
			   int64_t now, const struct fault *why)
{
	bool runs = session_has_engine(s, jail, now);

	if (runs && why->kind == FAULT_SET_FULL)
		return edge_end(STATUS_FAILED,
				"recorded, but not in force: %s; the engine of "
				"jail '%s' adds it when another entry ends",
				why->text, jail->settings.name);
	if (runs)
		return edge_end(
			STATUS_OK,
			"recorded; the kernel refused it from here: %s; the "
			"engine of jail '%s' carries it out within seconds",
			why->text, jail->settings.name);
	return edge_end(STATUS_FAILED,
			"recorded, but not in force: %s; jail '%s' has no "
			"running engine, it takes effect when rsyslogd starts",
			why->text, jail->settings.name);
}

/* ---- ask ---- */

const char *kernel_cause_word(enum kernel_cause cause)
{
	static const char *const words[] = {
		[KERNEL_BAN] = "ban",
		[KERNEL_LEAVING] = "leaving",
		[KERNEL_FOREIGN] = "foreign",
	};

	return words[cause];
}

int64_t kernel_left(const struct kernel_entry *e)
{
	return e->seen.left == 0 ? DURATION_FOREVER : e->seen.left;
}

struct search {
	const struct session *session;
	int64_t now;
	const char *set;
	/* One of these two. */
	const struct address *within; /* only entries around it */
	int (*see)(void *context, const struct kernel_entry *e);
	void *context;
	struct kernel_entry *out; /* of within */
	size_t n;
	struct fault why;
	bool failed;
};

static int find_cause(struct search *x, struct kernel_entry *e)
{
	const struct dropped counted = dropped_seen(&e->seen);
	struct entry known = {.held = 0};
	bool found;

	if (entry_get(x->session->store, x->set, &e->seen.address, &known,
		      &found, &x->why) < 0)
		return -1;
	e->since = dropped_since(&counted, &known.counted);
	if (!found)
		e->cause = KERNEL_FOREIGN;
	else if (known.wanted > x->now)
		e->cause = KERNEL_BAN;
	else
		e->cause =
			known.held > x->now ? KERNEL_LEAVING : KERNEL_FOREIGN;
	return 0;
}

/* Keeps the entries in order, the narrowest first. */
static void insert(struct search *x, const struct kernel_entry *e)
{
	size_t at = x->n;

	while (at > 0 &&
	       x->out[at - 1].seen.address.prefix < e->seen.address.prefix)
		at--;
	if (at == KERNEL_NESTED)
		return;
	if (x->n < KERNEL_NESTED)
		x->n++;
	memmove(&x->out[at + 1], &x->out[at],
		(x->n - at - 1) * sizeof(x->out[0]));
	x->out[at] = *e;
}

static int look_at(void *context, const struct set_entry *seen)
{
	struct search *x = context;
	struct kernel_entry e = {.seen = *seen};

	if (x->within != NULL && !address_contains(&seen->address, x->within))
		return 0;
	snprintf(e.set, sizeof(e.set), "%s", x->set);
	if (find_cause(x, &e) < 0) {
		x->failed = true;
		return 1;
	}
	if (x->within != NULL)
		insert(x, &e);
	else if (e.cause != KERNEL_BAN)
		return x->see(x->context, &e);
	return 0;
}

/* Each prefix that the address is in. */
static int ask_for(struct search *x, struct enforcer *e, enum enforcer_set set,
		   struct fault *why)
{
	enum { MOST = 128 };
	struct set_question q[MOST];
	size_t n = 0;

	for (unsigned bits = x->within->prefix; bits > 0 && n < MOST; bits--)
		q[n++].address = address_mask(x->within, bits);
	if (e->ops->ask(e, set, q, n, why) < 0)
		return -1;
	for (size_t i = 0; i < n && !x->failed; i++) {
		const struct set_entry seen = {q[i].address, q[i].left,
					       q[i].packets, q[i].bytes};

		if (q[i].there)
			(void)look_at(x, &seen);
	}
	return 0;
}

static int find_all(struct search *x, struct enforcer *e, enum enforcer_set set,
		    struct fault *why)
{
	if (x->within != NULL && e->ops->ask != NULL)
		return ask_for(x, e, set, why);
	return e->ops->each(e, set, look_at, x, why);
}

/* One set; one that is missing has no entries. */
static int read_set(struct search *x, struct enforcer *e, enum enforcer_set set,
		    struct fault *why)
{
	struct fault refused;

	x->set = e->ops->name(e, set);
	if (find_all(x, e, set, &refused) < 0 &&
	    refused.kind != FAULT_SET_GONE) {
		*why = refused;
		return -1;
	}
	if (x->failed)
		*why = x->why;
	return x->failed ? -1 : 0;
}

int kernel_find(const struct session *s, const struct jail *jail,
		const struct address *a, int64_t now,
		struct kernel_entry out[KERNEL_NESTED], size_t *n,
		struct fault *why)
{
	struct search x = {.session = s, .now = now, .within = a, .out = out};
	struct enforcer *e;
	int result;

	if (enforcement_open(&e, &jail->settings, why) < 0)
		return -1;
	result = read_set(&x, e, enforcer_set_of(a), why);
	e->ops->close(e);
	*n = x.n;
	return result;
}

int kernel_each_unwanted(const struct session *s, const struct jail *jail,
			 int64_t now,
			 int (*see)(void *context,
				    const struct kernel_entry *e),
			 void *context, struct fault *why)
{
	struct search x = {
		.session = s, .now = now, .see = see, .context = context};
	struct enforcer *e;
	int result = 0;

	if (enforcement_open(&e, &jail->settings, why) < 0)
		return -1;
	for (int set = 0; set < ENFORCER_SETS && result == 0; set++)
		result = read_set(&x, e, (enum enforcer_set)set, why);
	e->ops->close(e);
	return result;
}

/* In one transaction: nobody can ban the address between the look into the
 * store and the removal. */
static int remove_unwanted(struct store *s, struct enforcer *e,
			   const struct address *a, int64_t now, bool *removed,
			   struct fault *why)
{
	enum enforcer_set set = enforcer_set_of(a);
	struct set_change change = {.address = *a};
	struct entry known;
	bool found;

	if (entry_get(s, e->ops->name(e, set), a, &known, &found, why) < 0)
		return -1;
	*removed = !found || known.wanted <= now;
	if (!*removed)
		return 0;
	if (e->ops->remove(e, set, &change, 1, why) < 0)
		return -1;
	return entry_held(s, e->ops->name(e, set), a, 0, why);
}

int kernel_remove(const struct session *s, const struct jail *jail,
		  const struct address *a, int64_t now, bool *removed,
		  struct fault *why)
{
	struct enforcer *e;
	int result;

	if (enforcement_open(&e, &jail->settings, why) < 0)
		return -1;
	result = store_begin(s->store, why);
	if (result == 0)
		result = store_end(
			s->store,
			remove_unwanted(s->store, e, a, now, removed, why),
			why);
	e->ops->close(e);
	return result;
}

int kernel_look(const struct settings *s, const struct enforcer_kind **kind,
		struct fault *why)
{
	struct enforcer *e;

	*kind = NULL;
	if (enforcement_open(&e, s, why) < 0)
		return -1;
	*kind = e->ops->kind;
	e->ops->close(e);
	if ((*kind)->look(why) == 0)
		return 0;
	/* ipset was asked first, and the kernel has none. */
	if (s->enforcer == SETTINGS_AUTO && !(*kind)->joint && why != NULL)
		fault_prefix(why, "the kernel has no ipset, and nftables does "
				  "not work, either");
	return -1;
}

int kernel_state(const struct jail *jail, enum enforcer_set set,
		 struct set_state *out, const struct enforcer_kind **kind,
		 struct fault *why)
{
	struct enforcer *e;
	int result;

	*kind = NULL;
	if (enforcement_open(&e, &jail->settings, why) < 0)
		return -1;
	*kind = e->ops->kind;
	result = e->ops->state(e, set, out, why);
	e->ops->close(e);
	return result;
}
