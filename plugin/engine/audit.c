/* audit: see audit.h. */
#include "audit.h"

#include "saslban/duration.h"

enum {
	LOOKS = 250,   /* strangers that are looked up at a time */
	PASSES = 8000, /* entries that are passed over for that */

	/* Seconds. The kernel counts down from the moment of the add, and
	 * rounds: a smaller difference is none. */
	SLACK = 3
};

/* What each costs, of `spent`. */
enum {
	COST_READ = 1,
	COST_ROW = 8,
	COST_BACK = 8,
	COST_FIX = 50,
	COST_LOOK = 12
};

void audit_end(struct audit *a)
{
	if (a->reading)
		a->enforcer->ops->read_end(a->enforcer);
	seen_end(&a->seen);
	a->looked_at = 0;
	a->nfix = 0;
	counts_end(&a->counts);
	a->stage = AUDIT_IDLE;
	a->reading = false;
	a->starved = false;
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
	a->found.n = 0;
	a->missing = a->back = a->held = 0;
	a->work = false;
}

bool audit_runs(const struct audit *a)
{
	return a->stage > AUDIT_READING || a->reading;
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

static int begin_reading(struct audit *a, struct fault *why)
{
	const struct enforcer_ops *ops = a->enforcer->ops;
	struct set_state state;

	if (ops->state(a->enforcer, a->set, &state, why) < 0 ||
	    ops->read_begin(a->enforcer, a->set, why) < 0)
		return -1;
	a->reading = true;
	a->starved = seen_begin(&a->seen, state.elements) < 0;
	return 0;
}

static enum outcome read_step(struct audit *a, struct fault *why)
{
	bool more;

	if (!a->reading && begin_reading(a, why) < 0)
		return KERNEL_REFUSED;
	if (a->starved)
		return CARRIED_OUT;
	if (a->enforcer->ops->read_more(a->enforcer, see_entry, a, &more, why) <
	    0)
		return KERNEL_REFUSED;
	a->reading = more;
	if (!more)
		a->stage = AUDIT_MATCHING;
	return CARRIED_OUT;
}

/* ---- matching: does it hold what the store believes? ---- */

static bool about(int64_t a, int64_t b)
{
	if (a == DURATION_FOREVER || b == DURATION_FOREVER)
		return a == b;
	return a <= b + SLACK && b <= a + SLACK;
}

/* Until when the kernel holds it, in the store's terms. */
static int64_t held_until(const struct audit *a, const struct entry *e,
			  int64_t left)
{
	int64_t longest = a->enforcer->ops->kind->longest;
	int64_t until = a->began + left;

	/* Somebody has added it for good. That does for our ban, and when
	 * there is none it is not ours to remove. */
	if (left == 0)
		return duration_left(e->wanted, a->now) > longest
			       ? a->now + longest
			       : e->wanted;
	if (about(until, e->held))
		return e->held;
	if (about(until, e->wanted))
		return e->wanted;
	/* It was put back, for longer than it was noted. */
	if (until > e->held && until < e->wanted && carry_is_settled(e, a->now))
		return e->held;
	return until;
}

struct matching {
	struct audit *audit;
	struct carry *carry; /* takes what is to be put back */
	size_t n;
};

static void add_fix(struct audit *a, const struct entry *e, int64_t held)
{
	a->fix[a->nfix++] = (struct audit_fix){e->address, held};
	a->work = true;
}

/* One that was added since the audit began need not be among what was read. */
static void match_missing(struct matching *m, const struct entry *e)
{
	struct audit *a = m->audit;
	struct carry *c = m->carry;

	if (e->held <= a->now || (!a->first && e->since >= a->began))
		return;
	a->missing++;
	if (e->wanted > a->now)
		c->entry[c->entries++] = *e;
	else
		add_fix(a, e, 0);
}

/* And one that was banned anew since then may have been removed in between. */
static void match_seen(struct matching *m, const struct entry *e, int64_t left)
{
	struct audit *a = m->audit;
	int64_t held = held_until(a, e, left);

	if (held != e->held && (e->held > a->now || e->since < a->began))
		add_fix(a, e, held);
}

static int match(void *context, const struct entry *e)
{
	struct matching *m = context;
	struct audit *a = m->audit;
	struct seen_entry *seen = seen_find(&a->seen, &e->address);

	m->n++;
	a->cursor = e->address;
	a->held += e->held > a->now;
	if (seen == NULL) {
		match_missing(m, e);
		return 0;
	}
	seen->known = true;
	match_seen(m, e, seen->left);
	/* As above: another entry than the one that was seen. */
	if (!a->first && e->since >= a->began)
		return 0;
	a->starved = counts_look(&a->counts, e, &seen->counted) < 0;
	return a->starved;
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

static int write_fixes(struct audit *a, struct carry *c, const char *name,
		       struct fault *why)
{
	for (size_t i = 0; i < a->nfix; i++)
		if (entry_held(c->store, name, &a->fix[i].address,
			       a->fix[i].held, why) < 0)
			return -1;
	a->spent += COST_FIX * (int64_t)(a->nfix + a->counts.n);
	return counts_write(&a->counts, name, c->store, why);
}

static enum outcome match_rows(struct matching *m, const char *name,
			       struct fault *why)
{
	struct audit *a = m->audit;
	struct address after = a->cursor;
	struct carry *c = m->carry;

	a->nfix = c->entries = 0;
	if (entry_each(c->store, name,
		       after.family == ADDRESS_NONE ? NULL : &after, AUDIT_STEP,
		       match, m, why) < 0 ||
	    write_fixes(a, c, name, why) < 0)
		return STORE_REFUSED;
	return put_back(a, c, why);
}

/* What is read of the store, put into the set and noted is one transaction: no
 * pardon comes in between. It writes little, most often nothing. */
static enum outcome match_step(struct audit *a, struct carry *c,
			       const char *name, struct fault *why)
{
	struct matching m = {.audit = a, .carry = c};
	enum outcome outcome;

	if (store_begin(c->store, why) < 0)
		return STORE_REFUSED;
	outcome = match_rows(&m, name, why);
	if (store_end_soon(c->store, outcome == STORE_REFUSED ? -1 : 0, why) <
	    0)
		return STORE_REFUSED;
	a->spent += COST_ROW * (int64_t)m.n;
	if (m.n == 0)
		a->stage = AUDIT_STRANGERS;
	/* What had no room is absent now, and weighed like all that is. */
	return outcome == PARTLY_REFUSED ? CARRIED_OUT : outcome;
}

/* ---- strangers: is what was not met in the store foreign to it? ---- */

static void note_foreign(struct audit_foreign *f, const struct address *address)
{
	if (f->n < AUDIT_FOREIGN)
		f->address[f->n] = *address;
	f->n++;
}

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
			note_foreign(&a->found, &seen->address);
	}
	a->spent += PASSES / 10;
	if (a->looked_at >= a->seen.n)
		finish(a);
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
		outcome = read_step(a, why);
	else if (a->stage == AUDIT_MATCHING)
		outcome = match_step(a, c, name, why);
	else
		outcome = strange_step(a, c, name, why);
	if (a->starved) {
		fault_set(why, FAULT_MEMORY, "out of memory");
		outcome = STORE_REFUSED;
	}
	if (outcome != CARRIED_OUT || a->stage == AUDIT_IDLE)
		audit_end(a);
	return outcome;
}

void audit_report(const struct audit *a, const struct report *report_to,
		  bool certain, size_t foreign)
{
	const char *name = a->enforcer->ops->name(a->enforcer, a->set);
	char example[ADDRESS_TEXT];

	if (a->missing > 0 && certain)
		report(report_to, REPORT_WARNING,
		       "%zu entr%s had been removed from set '%s'; putting "
		       "%s back",
		       a->missing, a->missing == 1 ? "y" : "ies", name,
		       a->missing == 1 ? "it" : "them");
	if (a->foreign > 0 && a->foreign != foreign)
		report(report_to, REPORT_WARNING,
		       "set '%s' holds %zu entr%s of which no ban is known, "
		       "as %s; left alone, 'saslbanctl unban' removes them",
		       name, a->foreign, a->foreign == 1 ? "y" : "ies",
		       address_print(&a->example, example));
}
