/* audit: see audit.h. */
#include "audit.h"

#include "adopt.h"

enum {
	LOOKS = 250,  /* strangers that are looked up at a time */
	PASSES = 8000 /* entries that are passed over for that */
};

/* What each costs, of `spent`. */
enum { COST_READ = 1, COST_ROW = 8, COST_BACK = 8, COST_FIX = 50 };
enum { COST_LOOK = 12, COST_ASK = 12 };

void audit_end(struct audit *a)
{
	if (a->reading)
		a->enforcer->ops->read_end(a->enforcer);
	seen_end(&a->seen);
	a->looked_at = 0;
	counts_end(&a->counts);
	a->stage = AUDIT_IDLE;
	a->reading = a->starved = false;
}

void audit_begin(struct audit *a, struct enforcer *e, enum enforcer_set set,
		 bool first, int64_t now)
{
	audit_end(a);
	a->enforcer = e;
	a->set = set;
	a->stage = AUDIT_READING;
	a->began = now;
	a->first = first;
	a->cursor.family = ADDRESS_NONE;
	strangers_begin(&a->strangers);
	a->missing = a->back = a->held = a->wrong.n = 0;
	a->work = a->exact = a->list = false;
}

void audit_list(struct audit *a, struct enforcer *e, enum enforcer_set set,
		int64_t now)
{
	audit_begin(a, e, set, true, now);
	a->list = true;
}

bool audit_runs(const struct audit *a)
{
	return a->stage > AUDIT_READING || a->reading;
}

/* ---- reading: what does the set hold? ---- */

static int see_entry(void *context, const struct set_entry *entry)
{
	struct audit *a = context;
	int64_t left = entry->left == 0 ? 0 : entry->left + a->now - a->began;
	struct dropped counted = dropped_seen(entry);

	a->spent += COST_READ;
	a->starved = seen_add(&a->seen, &entry->address, left, &counted) < 0;
	return a->starved;
}

/* Is it too large to be read? */
static bool is_large(const struct enforcer_ops *ops, uint32_t size,
		     const struct set_state *s)
{
	return ops->ask != NULL && (s->more || s->elements > size);
}

static int begin_reading(struct audit *a, bool whole, struct fault *why)
{
	const struct enforcer_ops *ops = a->enforcer->ops;
	struct set_state state;

	if (ops->state(a->enforcer, a->set, &state, why) < 0)
		return -1;
	a->exact = !whole && is_large(ops, ops->kind->small, &state);
	if (a->exact) {
		a->stage = AUDIT_MATCHING;
		return 0;
	}
	if (ops->read_begin(a->enforcer, a->set, why) < 0)
		return -1;
	a->reading = true;
	a->starved = seen_begin(&a->seen, state.elements) < 0;
	return 0;
}

static enum outcome read_step(struct audit *a, const struct carry *c,
			      struct fault *why)
{
	bool more;

	if (!a->reading && begin_reading(a, a->list || c->adopt != 0, why) < 0)
		return KERNEL_REFUSED;
	if (a->starved || a->exact)
		return CARRIED_OUT;
	if (a->enforcer->ops->read_more(a->enforcer, see_entry, a, &more, why) <
	    0)
		return KERNEL_REFUSED;
	a->reading = more;
	if (!more)
		a->stage = a->list ? AUDIT_STRANGERS : AUDIT_MATCHING;
	return CARRIED_OUT;
}

/* ---- matching: does it hold what the store believes? ---- */

struct matching {
	struct audit *audit;
	struct carry *carry; /* takes what is to be put back */
	size_t n;
};

static void correct(struct audit *a, const struct entry *e, int64_t held)
{
	corrections_add(&a->wrong, e, held);
	a->work = true;
}

/* What was read may be older than the entry. */
static bool is_newer(const struct audit *a, const struct entry *e)
{
	return !a->exact && e->since >= a->began;
}

/* One that was added since the audit began need not be among what was read. */
static void match_missing(struct matching *m, const struct entry *e)
{
	struct audit *a = m->audit;

	if (e->held <= a->now || (!a->first && is_newer(a, e)))
		return;
	a->missing++;
	if (e->wanted > a->now)
		m->carry->entry[m->carry->entries++] = *e;
	else
		correct(a, e, 0);
}

/* And one that was banned anew since then may have been removed in between. */
static void match_seen(struct matching *m, const struct entry *e, int64_t left)
{
	struct audit *a = m->audit;
	int64_t held = corrections_held(
		e, left, a->began, a->enforcer->ops->kind->longest, a->now);

	if (held != e->held && (e->held > a->now || !is_newer(a, e)))
		correct(a, e, held);
}

/* counted: where its counters stand; NULL: it is not there. */
static void match_one(struct matching *m, const struct entry *e, int64_t left,
		      const struct dropped *counted)
{
	struct audit *a = m->audit;

	a->cursor = e->address;
	a->held += e->held > a->now;
	if (counted == NULL) {
		match_missing(m, e);
		return;
	}
	match_seen(m, e, left);
	/* As above: another entry than the one that was seen. */
	if (a->first || !is_newer(a, e))
		a->starved = counts_look(&a->counts, e, counted) < 0;
}

static int match(void *context, const struct entry *e)
{
	struct matching *m = context;
	struct seen_entry *seen = seen_find(&m->audit->seen, &e->address);

	m->n++;
	if (seen == NULL) {
		match_one(m, e, 0, NULL);
		return 0;
	}
	seen->known = true;
	match_one(m, e, seen->left, &seen->counted);
	return m->audit->starved;
}

static enum outcome put_back(struct audit *a, struct carry *c,
			     struct fault *why)
{
	uint64_t before = c->added;
	enum outcome outcome;

	c->lost = true;
	outcome = carry_out(c, why);
	c->lost = false;
	a->back += c->added - before;
	a->work = a->work || c->added - before < c->entries;
	a->spent += COST_BACK * (int64_t)c->entries;
	if (outcome == KERNEL_REFUSED && why != NULL)
		*why = c->refused;
	return outcome;
}

/* What has come of some rows. */
static enum outcome write_down(struct audit *a, struct carry *c,
			       const char *name, struct fault *why)
{
	if (adopt_corrections(&a->wrong, name, c, why) < 0)
		return STORE_REFUSED;
	a->spent += COST_FIX * (int64_t)(a->wrong.n + a->counts.n);
	if (counts_write(&a->counts, name, c->store, why) < 0)
		return STORE_REFUSED;
	return put_back(a, c, why);
}

/* Some rows behind the cursor. */
static int each_row(struct matching *m, const char *name, size_t limit,
		    int (*see)(void *context, const struct entry *e),
		    struct fault *why)
{
	struct address after = m->audit->cursor;

	m->audit->wrong.n = m->carry->entries = 0;
	return entry_each(m->carry->store, name,
			  after.family == ADDRESS_NONE ? NULL : &after, limit,
			  see, m, why);
}

static enum outcome match_rows(struct matching *m, const char *name,
			       struct fault *why)
{
	if (each_row(m, name, AUDIT_STEP, match, why) < 0)
		return STORE_REFUSED;
	return write_down(m->audit, m->carry, name, why);
}

/* ---- asking: the same of a set that is not read ---- */

static int collect(void *context, const struct entry *e)
{
	struct matching *m = context;

	m->audit->question[m->n++].address = e->address;
	m->carry->entry[m->carry->entries++] = *e;
	return 0;
}

static void match_answer(struct matching *m, const struct entry *e,
			 const struct set_question *q)
{
	const struct dropped counted = {q->packets, q->bytes};
	const struct audit *a = m->audit;

	match_one(m, e, q->left == 0 ? 0 : q->left + a->now - a->began,
		  q->there ? &counted : NULL);
}

/* Those that are to be put back take the places of those that were compared. */
static enum outcome ask_rows(struct matching *m, const char *name,
			     struct fault *why)
{
	struct audit *a = m->audit;
	struct carry *c = m->carry;

	if (each_row(m, name, AUDIT_ASKED, collect, why) < 0)
		return STORE_REFUSED;
	if (a->enforcer->ops->ask(a->enforcer, a->set, a->question, m->n, why) <
	    0)
		return KERNEL_REFUSED;
	a->spent += COST_ASK * (int64_t)m->n;
	c->entries = 0;
	for (size_t i = 0; i < m->n && !a->starved; i++) {
		const struct entry e = c->entry[i];

		match_answer(m, &e, &a->question[i]);
	}
	return write_down(a, c, name, why);
}

/* What it has more than it should have are strangers, or entries that have run
 * out; those that came meanwhile may have been counted in vain. */
static enum outcome count_all(struct audit *a, const struct carry *c,
			      struct fault *why)
{
	const struct enforcer_ops *ops = a->enforcer->ops;
	size_t should = a->held + (c->added - a->added - a->back);
	struct set_state state;

	if (ops->state(a->enforcer, a->set, &state, why) < 0)
		return KERNEL_REFUSED;
	a->list = !state.more && state.elements > should;
	if (a->list && is_large(ops, ops->kind->medium, &state)) {
		strangers_count(&a->strangers, state.elements, should);
		a->list = false;
	}
	a->stage = a->list ? AUDIT_READING : AUDIT_IDLE;
	return CARRIED_OUT;
}

/* What is read of the store, put into the set and noted is one transaction: no
 * pardon comes in between. It writes little, most often nothing. */
static enum outcome match_step(struct audit *a, struct carry *c,
			       const char *name, struct fault *why)
{
	struct matching m = {.audit = a, .carry = c};
	enum outcome outcome;

	if (a->cursor.family == ADDRESS_NONE)
		a->added = c->added;
	if (store_begin(c->store, why) < 0)
		return STORE_REFUSED;
	outcome = (a->exact ? ask_rows : match_rows)(&m, name, why);
	if (store_end_soon(c->store, outcome == STORE_REFUSED ? -1 : 0, why) <
	    0)
		return STORE_REFUSED;
	a->spent += COST_ROW * (int64_t)m.n;
	if (m.n == 0 && a->exact)
		return outcome == CARRIED_OUT ? count_all(a, c, why) : outcome;
	if (m.n == 0)
		a->stage = AUDIT_STRANGERS;
	/* What had no room is absent now, and weighed like all that is. */
	return outcome == PARTLY_REFUSED ? CARRIED_OUT : outcome;
}

/* ---- strangers: is what was not met in the store foreign to it? ---- */

/* A row may have come behind our back. */
static enum outcome strange_step(struct audit *a, struct carry *c,
				 const char *name, struct fault *why)
{
	size_t end = a->looked_at + PASSES;

	for (int looks = 0;
	     a->looked_at < a->seen.n && a->looked_at < end && looks < LOOKS;
	     a->looked_at++) {
		const struct seen_entry *seen = &a->seen.entry[a->looked_at];
		struct entry e;
		bool found;

		if (seen->known)
			continue;
		looks++;
		a->spent += COST_LOOK;
		if (entry_get(c->store, name, &seen->address, &e, &found, why) <
		    0)
			return STORE_REFUSED;
		if (!found)
			adopt_meet(a, c, seen);
	}
	if (adopt_met(a, c, name, why) < 0)
		return STORE_REFUSED;
	a->spent += PASSES / 10;
	if (a->looked_at >= a->seen.n)
		a->stage = AUDIT_IDLE;
	return CARRIED_OUT;
}

enum outcome audit_step(struct audit *a, struct carry *c, struct fault *why)
{
	enum outcome outcome = CARRIED_OUT;
	const char *name;

	if (a->stage == AUDIT_IDLE)
		return CARRIED_OUT;
	name = a->enforcer->ops->name(a->enforcer, a->set);
	a->now = c->now;
	if (a->stage == AUDIT_READING)
		outcome = read_step(a, c, why);
	else if (a->stage == AUDIT_MATCHING)
		outcome = match_step(a, c, name, why);
	else
		outcome = strange_step(a, c, name, why);
	if (a->starved) {
		fault_set(why, FAULT_MEMORY, "out of memory");
		outcome = STORE_REFUSED;
	}
	if (outcome == CARRIED_OUT && a->stage == AUDIT_IDLE)
		strangers_conclude(&a->strangers);
	if (outcome != CARRIED_OUT || a->stage == AUDIT_IDLE)
		audit_end(a);
	return outcome;
}

void audit_report(const struct audit *a, const struct report *report_to,
		  bool certain, size_t foreign)
{
	const char *name = a->enforcer->ops->name(a->enforcer, a->set);

	if (a->missing > 0 && certain)
		report(report_to, REPORT_WARNING,
		       "%zu entr%s had been removed from set '%s'; putting "
		       "%s back",
		       a->missing, a->missing == 1 ? "y" : "ies", name,
		       a->missing == 1 ? "it" : "them");
	strangers_report(&a->strangers, name, foreign, report_to);
}
