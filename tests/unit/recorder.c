/* recorder: see recorder.h. */
#include "recorder.h"

#include <assert.h>
#include <string.h>

static struct recorder *of(struct enforcer *e)
{
	return (struct recorder *)(void *)e; /* it is the first member */
}

static struct recorder_entry *find(struct recorder_set *s,
				   const struct address *a)
{
	for (size_t i = 0; i < s->n; i++)
		if (address_equal(&s->entries[i].address, a))
			return &s->entries[i];
	return NULL;
}

static struct recorder_entry *append(struct recorder_set *s,
				     const struct address *a)
{
	assert(s->n < RECORDER_ENTRIES);
	s->entries[s->n] = (struct recorder_entry){.address = *a};
	return &s->entries[s->n++];
}

static void drop(struct recorder_set *s, struct recorder_entry *entry)
{
	*entry = s->entries[--s->n];
}

/* The kernel drops entries whose time has run out. */
static void expire(struct recorder *r, enum enforcer_set set)
{
	struct recorder_set *s = &r->set[set];

	for (size_t i = 0; i < s->n;) {
		if (s->entries[i].until > r->now)
			i++;
		else
			drop(s, &s->entries[i]);
	}
}

/* True when the set may be used; false with a fault. */
static bool ready(struct recorder *r, enum enforcer_set set, struct fault *why)
{
	struct recorder_set *s = &r->set[set];

	expire(r, set);
	if (s->refuse != NULL)
		fault_set(why, FAULT_ENFORCE, "%s", s->refuse);
	else if (s->gone)
		fault_set(why, FAULT_SET_GONE, "set '%s' is gone",
			  r->name[set]);
	return s->refuse == NULL && !s->gone;
}

static int64_t left_of(const struct recorder_entry *entry, int64_t now)
{
	return entry->until == INT64_MAX ? 0 : entry->until - now;
}

static struct set_entry as_seen(const struct recorder_entry *entry, int64_t now)
{
	return (struct set_entry){
		.address = entry->address,
		.left = left_of(entry, now),
		.packets = entry->packets,
		.bytes = entry->bytes,
	};
}

/* ---- the verbs ---- */

static const char *recorder_name(const struct enforcer *e,
				 enum enforcer_set set)
{
	return ((const struct recorder *)(const void *)e)->name[set];
}

static int recorder_ensure(struct enforcer *e, enum enforcer_set set,
			   struct fault *why)
{
	struct recorder_set *s = &of(e)->set[set];

	s->ensures++;
	if (s->refuse == NULL)
		s->gone = false;
	return ready(of(e), set, why) ? 0 : -1;
}

static int refuse_address(struct recorder *r, enum enforcer_set set, size_t i,
			  struct fault *why)
{
	return fault_set(why, FAULT_ENFORCE, "entry %zu is not for set '%s'",
			 i + 1, r->name[set]);
}

static bool fits(const struct set_change *c, enum enforcer_set set)
{
	return c->address.family ==
	       (set == ENFORCER_V6 ? ADDRESS_V6 : ADDRESS_V4);
}

/* 0, or -1 when it is full. */
static int add_one(struct recorder *r, struct recorder_set *s,
		   struct set_change *c)
{
	struct recorder_entry *slot = find(s, &c->address);
	int64_t left = c->left < ENFORCER_LONGEST ? c->left : ENFORCER_LONGEST;

	assert(c->left > 0);
	if (slot == NULL && s->capacity > 0 && s->n >= s->capacity)
		return -1;
	if (slot == NULL)
		slot = append(s, &c->address);
	slot->until = r->now + left;
	slot->fresh = c->fresh;
	if (c->fresh)
		slot->packets = slot->bytes = 0;
	c->done = true;
	return 0;
}

static int recorder_add(struct enforcer *e, enum enforcer_set set,
			struct set_change *changes, size_t n, struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_set *s = &r->set[set];
	struct fault ignored = {.kind = FAULT_NONE};
	int result = 0;

	s->adds++;
	s->added += (unsigned)n;
	for (size_t i = 0; i < n; i++)
		changes[i].done = false;
	if (!ready(r, set, why))
		return -1;
	if (s->refuse_add != NULL)
		return fault_set(why, FAULT_ENFORCE, "%s", s->refuse_add);
	for (size_t i = 0; i < n; i++) {
		struct fault *first = result == 0 ? why : &ignored;

		if (!fits(&changes[i], set))
			result = refuse_address(r, set, i, first);
		else if (add_one(r, s, &changes[i]) < 0)
			result = fault_set(first, FAULT_SET_FULL,
					   "set '%s' is full", r->name[set]);
	}
	return result;
}

static int recorder_remove(struct enforcer *e, enum enforcer_set set,
			   struct set_change *changes, size_t n,
			   struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_set *s = &r->set[set];
	struct recorder_entry *slot;
	struct fault ignored = {.kind = FAULT_NONE};
	int result = 0;

	s->removes++;
	s->removed += (unsigned)n;
	for (size_t i = 0; i < n; i++)
		changes[i].done = false;
	if (!ready(r, set, why))
		return -1;
	for (size_t i = 0; i < n; i++) {
		changes[i].done = fits(&changes[i], set);
		if (!changes[i].done)
			result = refuse_address(r, set, i,
						result == 0 ? why : &ignored);
		slot = find(s, &changes[i].address);
		if (slot != NULL)
			drop(s, slot);
	}
	return result;
}

static int recorder_each(struct enforcer *e, enum enforcer_set set,
			 int (*see)(void *context,
				    const struct set_entry *entry),
			 void *context, struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_set *s = &r->set[set];
	int answer = 0;

	s->reads++;
	if (!ready(r, set, why))
		return -1;
	for (size_t i = 0; i < s->n && answer == 0; i++) {
		struct set_entry entry = as_seen(&s->entries[i], r->now);

		answer = see(context, &entry);
	}
	return 0;
}

static void recorder_read_end(struct enforcer *e)
{
	of(e)->reading = false;
	of(e)->read_ends++;
}

static int recorder_read_begin(struct enforcer *e, enum enforcer_set set,
			       struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_set *s = &r->set[set];

	r->reading = false;
	s->reads++;
	if (!ready(r, set, why))
		return -1;
	memcpy(r->snapshot, s->entries, s->n * sizeof(s->entries[0]));
	r->snapshot_n = s->n;
	r->snapshot_at = 0;
	r->reading_set = set;
	r->reading = true;
	return 0;
}

static int recorder_read_more(struct enforcer *e,
			      int (*see)(void *context,
					 const struct set_entry *entry),
			      void *context, bool *more, struct fault *why)
{
	struct recorder *r = of(e);
	int answer = 0;

	r->slices++;
	*more = false;
	if (!r->reading)
		return 0;
	if (!ready(r, r->reading_set, why)) {
		r->reading = false;
		return -1;
	}
	for (size_t i = 0;
	     i < r->slice && answer == 0 && r->snapshot_at < r->snapshot_n;
	     i++) {
		struct set_entry entry =
			as_seen(&r->snapshot[r->snapshot_at++], r->now);

		if (r->snapshot[r->snapshot_at - 1].until > r->now)
			answer = see(context, &entry);
	}
	r->reading = answer == 0 && r->snapshot_at < r->snapshot_n;
	*more = r->reading;
	return 0;
}

static int recorder_ask(struct enforcer *e, enum enforcer_set set,
			struct set_question *question, size_t n,
			struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_set *s = &r->set[set];

	s->asks++;
	s->asked += (unsigned)n;
	if (!ready(r, set, why))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct set_question *q = &question[i];
		const struct recorder_entry *entry = find(s, &q->address);

		*q = (struct set_question){.address = q->address};
		if (entry == NULL)
			continue;
		q->there = true;
		q->left = left_of(entry, r->now);
		q->packets = entry->packets;
		q->bytes = entry->bytes;
	}
	return 0;
}

static int recorder_state(struct enforcer *e, enum enforcer_set set,
			  struct set_state *out, struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_set *s = &r->set[set];
	bool more = s->counted > 0 && s->n > s->counted;

	s->states++;
	if (!ready(r, set, why))
		return -1;
	*out = (struct set_state){
		.identity = s->identity,
		.elements = more ? s->counted : (uint32_t)s->n,
		.more = more,
		.maxelem = s->capacity > 0 ? (uint32_t)s->capacity
					   : RECORDER_ENTRIES,
		.largest = (uint32_t)s->largest,
		.references = s->references,
	};
	return 0;
}

static int recorder_grow_begin(struct enforcer *e, enum enforcer_set set,
			       int64_t now, struct fault *why)
{
	struct recorder_set *s = &of(e)->set[set];

	(void)now;
	s->grow_begins++;
	if (!ready(of(e), set, why))
		return -1;
	if (s->refuse_growth != NULL)
		return fault_set(why, FAULT_ENFORCE, "%s", s->refuse_growth);
	assert(!s->growing && s->capacity < s->largest);
	s->growing = true;
	return 0;
}

/* In three steps. */
static int recorder_grow_more(struct enforcer *e, enum enforcer_set set,
			      int64_t now, bool *more, struct fault *why)
{
	struct recorder_set *s = &of(e)->set[set];

	(void)now;
	assert(s->growing);
	*more = ++s->grow_mores % 3 != 0;
	s->growing = ready(of(e), set, why);
	if (s->growing && s->refuse_copy != NULL) {
		s->growing = false;
		fault_set(why, FAULT_ENFORCE, "%s", s->refuse_copy);
	}
	return s->growing ? 0 : -1;
}

static int recorder_grow_finish(struct enforcer *e, enum enforcer_set set,
				int64_t now, struct fault *why)
{
	struct recorder *r = of(e);
	struct recorder_set *s = &r->set[set];

	(void)now;
	assert(s->growing);
	s->grow_finishes++;
	if (!ready(r, set, why))
		return -1;
	if (s->refuse_finish != NULL)
		return fault_set(why, FAULT_ENFORCE, "%s", s->refuse_finish);
	s->growing = false;
	s->capacity *= 2;
	s->identity = ++r->identity;
	return 0;
}

static void recorder_grow_end(struct enforcer *e, enum enforcer_set set)
{
	of(e)->set[set].grow_ends++;
	of(e)->set[set].growing = false;
}

static void recorder_close(struct enforcer *e)
{
	(void)e; /* the test's own */
}

static const struct enforcer_kind kind = {
	.name = "recorder",
	.longest = ENFORCER_LONGEST,
	.joint = true,
	.rules = "saslban-firewall",
	.larger = "put a larger one in its place",
};

static const struct enforcer_ops recorder_ops = {
	.kind = &kind,
	.name = recorder_name,
	.ensure = recorder_ensure,
	.add = recorder_add,
	.remove = recorder_remove,
	.each = recorder_each,
	.read_begin = recorder_read_begin,
	.read_more = recorder_read_more,
	.read_end = recorder_read_end,
	.state = recorder_state,
	.grow_begin = recorder_grow_begin,
	.grow_more = recorder_grow_more,
	.grow_finish = recorder_grow_finish,
	.grow_end = recorder_grow_end,
	.close = recorder_close,
};

static const struct enforcer_kind asked_kind = {
	.name = "asked recorder",
	.longest = ENFORCER_LONGEST,
	.joint = true,
	.rules = "saslban-firewall",
	.larger = "put a larger one in its place",
	.small = RECORDER_SMALL,
	.medium = RECORDER_MEDIUM,
};

/* ---- the test's side ---- */

void recorder_can_be_asked(struct recorder *r)
{
	r->asked = recorder_ops;
	r->asked.kind = &asked_kind;
	r->asked.ask = recorder_ask;
	r->enforcer.ops = &r->asked;
}

void recorder_init(struct recorder *r, int64_t now)
{
	memset(r, 0, sizeof(*r));
	r->enforcer.ops = &recorder_ops;
	r->now = now;
	r->slice = 100;
	r->identity = 6;
	for (int i = 0; i < ENFORCER_SETS; i++) {
		enforcer_set_name("saslban", (enum enforcer_set)i, r->name[i]);
		r->set[i].identity = ++r->identity;
		r->set[i].references = 1;
	}
}

static struct address parsed(const char *text)
{
	struct address a;
	int result = address_parse(text, strlen(text), &a);

	assert(result == 0);
	(void)result;
	return a;
}

struct recorder_entry *recorder_find(struct recorder *r, const char *address)
{
	struct address a = parsed(address);

	expire(r, enforcer_set_of(&a));
	return find(&r->set[enforcer_set_of(&a)], &a);
}

int64_t recorder_left(const struct recorder *r, const char *address)
{
	struct address a = parsed(address);
	const struct recorder_set *s = &r->set[enforcer_set_of(&a)];

	for (size_t i = 0; i < s->n; i++)
		if (address_equal(&s->entries[i].address, &a) &&
		    s->entries[i].until > r->now)
			return s->entries[i].until - r->now;
	return 0;
}

void recorder_put(struct recorder *r, const char *address, int64_t left)
{
	struct address a = parsed(address);
	struct recorder_set *s = &r->set[enforcer_set_of(&a)];
	struct recorder_entry *slot = recorder_find(r, address);

	if (slot == NULL)
		slot = append(s, &a);
	slot->until = left == 0 ? INT64_MAX : r->now + left;
}

void recorder_delete(struct recorder *r, const char *address)
{
	struct recorder_entry *slot = recorder_find(r, address);

	assert(slot != NULL);
	if (slot != NULL) {
		struct address a = slot->address;

		drop(&r->set[enforcer_set_of(&a)], slot);
	}
}

void recorder_flush(struct recorder *r, enum enforcer_set set)
{
	for (int i = 0; i < ENFORCER_SETS; i++)
		if (set == ENFORCER_SETS || set == (enum enforcer_set)i)
			r->set[i].n = 0;
}

void recorder_swap(struct recorder *r, enum enforcer_set set)
{
	r->set[set].n = 0;
	r->set[set].identity = ++r->identity;
}

void recorder_destroy(struct recorder *r, enum enforcer_set set)
{
	recorder_swap(r, set);
	r->set[set].gone = true;
}

void recorder_refuse(struct recorder *r, const char *text)
{
	for (int i = 0; i < ENFORCER_SETS; i++)
		r->set[i].refuse = text;
}

unsigned recorder_added(const struct recorder *r)
{
	return r->set[ENFORCER_V4].added + r->set[ENFORCER_V6].added;
}

unsigned recorder_removed(const struct recorder *r)
{
	return r->set[ENFORCER_V4].removed + r->set[ENFORCER_V6].removed;
}
