/* capacity: see capacity.h. */
#include "capacity.h"

enum {
	FILLED = 80,  /* per cent of maxelem: a larger set is needed */
	TRIES = 12,   /* that fail before it is reported, and given up */
	RETRY = 5,    /* seconds until the next try */
	GIVEN_UP = 60 /* the same when it has been given up */
};

void capacity_init(struct capacity *c, struct enforcer *e,
		   enum enforcer_set set, const struct report *report)
{
	*c = (struct capacity){.enforcer = e, .set = set, .report = report};
}

static uint32_t filled(uint32_t maxelem)
{
	return (uint32_t)(((uint64_t)maxelem * FILLED + 99) / 100);
}

static const char *name_of(const struct capacity *c)
{
	return c->enforcer->ops->name(c->enforcer, c->set);
}

static void warn(const struct capacity *c, const struct set_state *s)
{
	const struct enforcer_ops *ops = c->enforcer->ops;

	if (s->largest > 0)
		report(c->report, REPORT_WARNING,
		       "set '%s' holds %u of %u entries, and set.max allows no "
		       "more",
		       name_of(c), s->elements, s->maxelem);
	else
		report(c->report, REPORT_WARNING,
		       "set '%s' holds %u of %u entries; %s", name_of(c),
		       s->elements, s->maxelem, ops->kind->larger);
}

void capacity_expect(struct capacity *c, int64_t entries)
{
	c->expected = entries < UINT32_MAX ? (uint32_t)entries : UINT32_MAX;
}

/* Is there too little room in it, now or for what is to come? */
static bool is_small(const struct capacity *c)
{
	uint32_t limit = filled(c->maxelem);

	return c->elements >= limit || c->expected >= limit;
}

void capacity_look(struct capacity *c, const struct set_state *s,
		   uint64_t added)
{
	uint32_t limit = filled(s->maxelem);
	uint32_t room = s->elements < limit ? limit - s->elements : 0;

	c->maxelem = s->maxelem;
	c->elements = s->elements;
	c->largest = s->largest;
	/* Many of what is added may be renewals. */
	c->look = added + (room > s->maxelem / 64 ? room : s->maxelem / 64) + 1;
	if (!is_small(c)) {
		c->filling = false;
		if (c->stage == CAPACITY_WANTED)
			c->stage = CAPACITY_IDLE;
		return;
	}
	if (s->largest > s->maxelem) {
		if (c->stage == CAPACITY_IDLE)
			c->stage = CAPACITY_WANTED;
		return;
	}
	if (!c->filling && s->elements >= limit)
		warn(c, s);
	c->filling = s->elements >= limit;
}

bool capacity_can_grow(const struct capacity *c)
{
	return c->largest > c->maxelem && !c->filling;
}

void capacity_stop(struct capacity *c)
{
	if (c->stage > CAPACITY_WANTED)
		c->enforcer->ops->grow_end(c->enforcer, c->set);
	c->stage = CAPACITY_IDLE;
}

/* Another engine may be at it, or somebody may read the set: such things
 * pass. */
static void failed(struct capacity *c, struct moment now,
		   const struct fault *refused)
{
	c->retry = now.boot + RETRY;
	if (++c->tries < TRIES && refused->kind != FAULT_SET_GONE)
		return;
	capacity_stop(c);
	c->retry = now.boot + GIVEN_UP;
	c->tries = 0;
	if (refused->kind == FAULT_SET_GONE)
		return;
	if (!c->filling)
		report(c->report, REPORT_WARNING,
		       "set '%s' holds %u of %u entries and cannot be made "
		       "larger: %s",
		       name_of(c), c->elements, c->maxelem, refused->text);
	c->filling = true;
}

static int begin(struct capacity *c, struct moment now, struct fault *refused)
{
	const struct enforcer_ops *ops = c->enforcer->ops;
	struct set_state state;

	/* It may have been made larger since. */
	if (ops->state(c->enforcer, c->set, &state, refused) < 0)
		return -1;
	c->maxelem = state.maxelem;
	if (!state.more || state.elements > c->elements)
		c->elements = state.elements;
	if (!is_small(c) || state.largest <= state.maxelem) {
		c->stage = CAPACITY_IDLE;
		return 0;
	}
	if (ops->grow_begin(c->enforcer, c->set, now.boot, refused) < 0)
		return -1;
	c->stage = CAPACITY_COPYING;
	return 0;
}

static int copy(struct capacity *c, struct moment now, struct fault *refused)
{
	bool more;

	if (c->enforcer->ops->grow_more(c->enforcer, c->set, now.boot, &more,
					refused) < 0) {
		c->stage = CAPACITY_WANTED;
		return -1;
	}
	if (!more)
		c->stage = CAPACITY_COPIED;
	return 0;
}

static void report_grown(struct capacity *c)
{
	struct set_state state;

	if (c->enforcer->ops->state(c->enforcer, c->set, &state, NULL) < 0)
		return;
	report(c->report, REPORT_INFO,
	       "set '%s' held %u of %u entries; it has room for %u now",
	       name_of(c), c->elements, c->maxelem, state.maxelem);
}

/* Whoever changes the set does so in a transaction: none can come between. */
static int finish(struct capacity *c, struct store *s, struct moment now,
		  bool *grown, struct fault *refused, struct fault *why)
{
	int result;

	if (store_begin(s, why) < 0)
		return -1;
	result = c->enforcer->ops->grow_finish(c->enforcer, c->set, now.boot,
					       refused);
	if (store_end(s, 0, why) < 0)
		return -1;
	if (result < 0)
		return 0;
	c->stage = CAPACITY_IDLE;
	c->filling = false;
	c->tries = 0;
	*grown = true;
	report_grown(c);
	return 0;
}

int capacity_step(struct capacity *c, struct store *s, struct moment now,
		  bool *grown, struct fault *why)
{
	struct fault refused = {.kind = FAULT_NONE};

	*grown = false;
	if (now.boot < capacity_due(c))
		return 0;
	if (c->stage == CAPACITY_WANTED)
		(void)begin(c, now, &refused);
	else if (c->stage == CAPACITY_COPYING)
		(void)copy(c, now, &refused);
	else if (finish(c, s, now, grown, &refused, why) < 0)
		return -1;
	if (refused.kind != FAULT_NONE)
		failed(c, now, &refused);
	return 0;
}

int64_t capacity_due(const struct capacity *c)
{
	return c->stage == CAPACITY_IDLE ? INT64_MAX : c->retry;
}
