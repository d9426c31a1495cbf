/* audit: see audit.h. */
#include "audit.h"

#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"

enum {
	STEP = 1000, /* entries of the store that are looked up at a time */

	/* Seconds. The kernel counts down from the moment of the add, and
	 * rounds: a smaller difference is none. */
	SLACK = 3
};

struct audit_seen {
	struct address address;
	int64_t left; /* seconds; 0: permanent */
};

struct audit_fix {
	struct address address;
	int64_t held;
};

/* Capacity for one more element; false when there is no memory. */
static bool grow(struct audit *a, void **array, size_t size, size_t n,
		 size_t *capacity)
{
	void *more;

	if (n < *capacity)
		return true;
	more = reallocarray(*array, *capacity == 0 ? 1024 : 2 * *capacity,
			    size);
	if (more == NULL) {
		a->starved = true;
		return false;
	}
	*array = more;
	*capacity = *capacity == 0 ? 1024 : 2 * *capacity;
	return true;
}

void audit_end(struct audit *a)
{
	if (a->reading)
		a->enforcer->ops->read_end(a->enforcer);
	free(a->seen);
	free(a->fix);
	a->seen = NULL;
	a->fix = NULL;
	a->nseen = a->seen_capacity = a->looked_up = 0;
	a->nfix = a->fix_capacity = 0;
	a->stage = AUDIT_IDLE;
	a->reading = false;
	a->starved = false;
}

void audit_begin(struct audit *a, struct enforcer *e, enum enforcer_set set,
		 bool whole, int64_t now)
{
	audit_end(a);
	a->enforcer = e;
	a->set = set;
	a->stage = AUDIT_READING;
	a->began = now;
	a->whole = whole;
	a->cursor.family = ADDRESS_NONE;
	a->found.n = 0;
	a->missing = 0;
}

/* It has seen everything. */
static void finish(struct audit *a)
{
	size_t known =
		a->before.n < AUDIT_FOREIGN ? a->before.n : AUDIT_FOREIGN;

	a->foreign = 0;
	for (size_t i = 0; i < a->found.n && i < AUDIT_FOREIGN; i++)
		for (size_t j = 0; j < known; j++) {
			if (!address_equal(&a->found.address[i],
					   &a->before.address[j]))
				continue;
			if (a->foreign++ == 0)
				a->example = a->found.address[i];
			break;
		}
	/* Too many to tell apart, and too many to be a passing doubt. */
	if (a->found.n > AUDIT_FOREIGN && a->before.n > AUDIT_FOREIGN)
		a->foreign = a->found.n;
	a->before = a->found;
	a->stage = AUDIT_IDLE;
}

static int add_fix(struct audit *a, const struct address *address, int64_t held)
{
	if (!grow(a, (void **)&a->fix, sizeof(*a->fix), a->nfix,
		  &a->fix_capacity))
		return -1;
	a->fix[a->nfix++] = (struct audit_fix){*address, held};
	return 0;
}

static enum outcome write_fixes(struct audit *a, const char *name,
				struct store *s, struct fault *why)
{
	int result = 0;

	if (a->nfix == 0)
		return CARRIED_OUT;
	if (store_begin(s, why) < 0)
		return STORE_REFUSED;
	for (size_t i = 0; i < a->nfix && result == 0; i++)
		result = entry_held(s, name, &a->fix[i].address, a->fix[i].held,
				    why);
	a->nfix = 0;
	return store_end(s, result, why) < 0 ? STORE_REFUSED : CARRIED_OUT;
}

/* ---- reading: is what the set holds known to the store? ---- */

static int see_entry(void *context, const struct set_entry *entry)
{
	struct audit *a = context;

	if (!grow(a, (void **)&a->seen, sizeof(*a->seen), a->nseen,
		  &a->seen_capacity))
		return 1;
	a->seen[a->nseen++] = (struct audit_seen){entry->address, entry->left};
	return 0;
}

static bool about(int64_t a, int64_t b)
{
	if (a == DURATION_FOREVER || b == DURATION_FOREVER)
		return a == b;
	return a <= b + SLACK && b <= a + SLACK;
}

/* Until when the kernel holds it, in the store's terms. */
static int64_t held_until(const struct entry *e, int64_t left, int64_t longest,
			  int64_t now)
{
	int64_t until = now + left;

	/* Somebody has added it for good. That does for our ban, and when
	 * there is none it is not ours to remove. */
	if (left == 0)
		return duration_left(e->wanted, now) > longest ? now + longest
							       : e->wanted;
	if (about(until, e->held))
		return e->held;
	return about(until, e->wanted) ? e->wanted : until;
}

static void note_foreign(struct audit_foreign *f, const struct address *address)
{
	if (f->n < AUDIT_FOREIGN)
		f->address[f->n] = *address;
	f->n++;
}

static int look_up(struct audit *a, const struct audit_seen *seen,
		   const char *name, struct store *s, int64_t now,
		   struct fault *why)
{
	struct entry e;
	bool found;
	int64_t held;

	if (entry_get(s, name, &seen->address, &e, &found, why) < 0)
		return -1;
	if (!found) {
		note_foreign(&a->found, &seen->address);
		return 0;
	}
	held = held_until(&e, seen->left, a->enforcer->ops->kind->longest, now);
	return held == e.held ? 0 : add_fix(a, &seen->address, held);
}

static int by_address(const void *x, const void *y)
{
	return memcmp(&((const struct audit_seen *)x)->address,
		      &((const struct audit_seen *)y)->address,
		      sizeof(struct address));
}

/* What comes next of the set; *more: there is more behind it. */
static int read_some(struct audit *a, bool *more, struct fault *why)
{
	const struct enforcer_ops *ops = a->enforcer->ops;

	*more = false;
	if (a->whole)
		return ops->each(a->enforcer, a->set, see_entry, a, why);
	if (!a->reading && ops->read_begin(a->enforcer, a->set, why) < 0)
		return -1;
	a->reading = true;
	if (ops->read_more(a->enforcer, see_entry, a, more, why) < 0)
		return -1;
	a->reading = *more;
	return 0;
}

static enum outcome read_step(struct audit *a, const char *name,
			      struct store *s, int64_t now, struct fault *why)
{
	bool more;

	if (read_some(a, &more, why) < 0)
		return KERNEL_REFUSED;
	for (; a->looked_up < a->nseen; a->looked_up++)
		if (look_up(a, &a->seen[a->looked_up], name, s, now, why) < 0)
			return STORE_REFUSED;
	if (!more) {
		if (a->nseen > 0)
			qsort(a->seen, a->nseen, sizeof(*a->seen), by_address);
		a->stage = AUDIT_CHECKING;
	}
	return write_fixes(a, name, s, why);
}

/* ---- checking: does the set hold what the store believes? ---- */

struct check {
	struct audit *audit;
	int64_t now;
	size_t n;
};

static bool was_seen(const struct audit *a, const struct address *address)
{
	struct audit_seen key = {.address = *address};

	return a->nseen > 0 && bsearch(&key, a->seen, a->nseen, sizeof(key),
				       by_address) != NULL;
}

/* One that was added between two slices need not be among what was read. */
static int see_held(void *context, const struct entry *e)
{
	struct check *c = context;

	c->n++;
	c->audit->cursor = e->address;
	if (e->held <= c->now || was_seen(c->audit, &e->address) ||
	    (!c->audit->whole && e->since >= c->audit->began))
		return 0;
	c->audit->missing++;
	return add_fix(c->audit, &e->address, 0);
}

/* An empty set, as after a reboot, needs no look at each entry. */
static enum outcome note_empty(struct audit *a, const char *name,
			       struct store *s, int64_t now, struct fault *why)
{
	int64_t held;
	int result;

	finish(a);
	if (entry_count(s, name, now, &held, why) < 0)
		return STORE_REFUSED;
	a->missing = (size_t)held;
	if (held == 0)
		return CARRIED_OUT;
	if (store_begin(s, why) < 0)
		return STORE_REFUSED;
	result = entry_lost(s, name, why);
	return store_end(s, result, why) < 0 ? STORE_REFUSED : CARRIED_OUT;
}

static enum outcome check_step(struct audit *a, const char *name,
			       struct store *s, int64_t now, struct fault *why)
{
	struct check c = {.audit = a, .now = now};
	struct address after = a->cursor;
	enum outcome outcome;

	if (a->nseen == 0)
		return note_empty(a, name, s, now, why);
	if (entry_each(s, name, after.family == ADDRESS_NONE ? NULL : &after,
		       STEP, see_held, &c, why) < 0)
		return STORE_REFUSED;
	outcome = write_fixes(a, name, s, why);
	if (outcome == CARRIED_OUT && c.n < STEP)
		finish(a);
	return outcome;
}

enum outcome audit_step(struct audit *a, struct store *s, int64_t now,
			struct fault *why)
{
	enum outcome outcome = CARRIED_OUT;
	const char *name;

	if (a->stage == AUDIT_IDLE)
		return CARRIED_OUT;
	name = a->enforcer->ops->name(a->enforcer, a->set);
	if (a->stage == AUDIT_READING)
		outcome = read_step(a, name, s, now, why);
	else
		outcome = check_step(a, name, s, now, why);
	if (a->starved) {
		fault_set(why, FAULT_MEMORY, "out of memory");
		outcome = STORE_REFUSED;
	}
	if (outcome != CARRIED_OUT || a->stage == AUDIT_IDLE)
		audit_end(a);
	return outcome;
}
