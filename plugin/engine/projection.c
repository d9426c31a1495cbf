/*
 * projection: see saslban/projection.h. What is done is in work.c (entries that
 * are due) and audit.c (the content as a whole); here is when it is done, and
 * what is reported of it.
 */
#include "saslban/projection.h"

#include <stdlib.h>

#include "adopt.h"
#include "audit.h"
#include "capacity.h"
#include "loss.h"
#include "report.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "work.h"

enum {
	BURST = 2000,   /* entries in a poll when bans have changed */
	STRIDE = 8000,  /* of one comparison, as it counts (struct audit) */
	RETRY = 5,      /* seconds until a kernel that refused is asked again */
	RETRY_FULL = 1, /* the same for a full set: the newest guesser waits */
	AUDIT = 300     /* seconds between two comparisons of the content */
};

struct projection {
	struct enforcer *enforcer;
	enum enforcer_set set;
	const char *name;
	const struct report *report;
	struct carry carry;
	struct audit audit;
	struct capacity capacity;
	struct loss loss;      /* and whether it was compared since */
	bool ensured;          /* the set is there */
	enum outcome outcome;  /* of the last poll that did something */
	struct fault refused;  /* why it was not carried out */
	bool behind;           /* the last poll ran out of its budget */
	int64_t retry;         /* boot: after trouble; 0: no trouble */
	int64_t renew;         /* wall: when an entry has to be renewed */
	int64_t compare;       /* boot: when to begin the next audit */
	uint64_t added_before; /* entries, when it began */
	size_t foreign;        /* entries, as reported */
};

int projection_open(struct projection **out, struct enforcer *e,
		    enum enforcer_set set, const struct report *report,
		    struct fault *why)
{
	struct projection *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	p->enforcer = e;
	p->set = set;
	p->name = e->ops->name(e, set);
	p->report = report;
	capacity_init(&p->capacity, e, set, report);
	*out = p;
	return 0;
}

void projection_close(struct projection *p)
{
	if (p == NULL)
		return;
	audit_end(&p->audit);
	capacity_stop(&p->capacity);
	free(p);
}

void projection_forget(struct projection *p, int64_t adopt)
{
	p->ensured = false;
	p->carry.adopt = adopt;
}

bool projection_is_known(const struct projection *p)
{
	return p->ensured && p->loss.known && !p->behind;
}

const struct enforcer_kind *projection_kind(const struct projection *p)
{
	return p->enforcer->ops->kind;
}

uint64_t projection_added(const struct projection *p)
{
	return p->carry.added;
}

/* ---- the set as a whole ---- */

static void report_audit(struct projection *p, bool first)
{
	/* One that was added just now need not be among what was read. */
	bool certain =
		!first && p->carry.added == p->added_before + p->audit.back;

	audit_report(&p->audit, p->report, certain, p->foreign);
	p->foreign = p->audit.strangers.n;
}

static void know(struct projection *p, const struct set_state *s)
{
	loss_know(&p->loss, s);
	capacity_look(&p->capacity, s, p->carry.added);
}

static int look(const struct projection *p, struct store *s, int64_t now,
		struct set_state *out)
{
	return loss_look(p->enforcer, p->set, s, now, out, NULL);
}

/* Create or verify the set; what it holds is compared from now on. */
static enum outcome ensure(struct projection *p, struct moment now,
			   struct fault *why)
{
	const struct enforcer_ops *ops = p->enforcer->ops;
	struct set_state state;
	int64_t held;

	capacity_stop(&p->capacity);
	if (ops->ensure(p->enforcer, p->set, why) < 0 ||
	    ops->state(p->enforcer, p->set, &state, why) < 0)
		return KERNEL_REFUSED;
	if (entry_count(p->carry.store, p->name, now.wall, &held, why) < 0)
		return STORE_REFUSED;
	capacity_expect(&p->capacity, held);
	know(p, &state);
	audit_begin(&p->audit, p->enforcer, p->set, true, now.wall);
	p->carry.since = now.wall;
	p->ensured = true;
	p->loss.known = false;
	return CARRIED_OUT;
}

/* The kernel has refused everything. A set that is gone is to be created, and
 * compared anew. What is wrong with another one in its place, ensure says; the
 * reason replaces the kernel's. */
static void doubt(struct projection *p)
{
	struct fault *why = &p->carry.refused;

	p->ensured = why->kind != FAULT_SET_GONE &&
		     p->enforcer->ops->ensure(p->enforcer, p->set, why) == 0;
}

static enum outcome attempt(struct projection *p, struct moment now,
			    bool changed, struct fault *why)
{
	enum outcome outcome = CARRIED_OUT;
	int64_t budget = changed ? BURST : WORK_CHUNK;

	if (!p->ensured)
		outcome = ensure(p, now, why);
	p->carry.refused.kind = FAULT_NONE;
	if (outcome == CARRIED_OUT) {
		outcome = work_through(&p->carry, &budget, why);
		p->behind = budget <= 0;
		if (outcome == KERNEL_REFUSED)
			doubt(p);
	}
	if (outcome == STORE_REFUSED)
		p->ensured = false;
	return outcome;
}

static void note_outcome(struct projection *p, enum outcome outcome,
			 struct moment now, const struct fault *refused)
{
	p->retry = 0;
	/* Trouble is over when the content is known. */
	if (outcome == CARRIED_OUT && !p->loss.known)
		return;
	p->outcome = outcome;
	if (outcome == CARRIED_OUT)
		return;
	p->refused = *refused;
	p->retry = now.boot +
		   (refused->kind == FAULT_SET_FULL ? RETRY_FULL : RETRY);
}

enum outcome projection_outcome(const struct projection *p, const char **reason)
{
	*reason = p->outcome == CARRIED_OUT ? NULL : p->refused.text;
	return p->outcome;
}

/* ---- the poll ---- */

static bool is_due(const struct projection *p, struct moment now, bool changed)
{
	if (p->retry != 0)
		return now.boot >= p->retry;
	return changed || !p->ensured || p->behind || now.wall >= p->renew;
}

static void take_up(struct projection *p, struct store *s, struct moment now)
{
	p->carry.enforcer = p->enforcer;
	p->carry.set = p->set;
	p->carry.store = s;
	p->carry.now = now.wall;
	p->carry.patient = capacity_can_grow(&p->capacity);
}

/* Has so much been added that the set may be filling up, or did it fill up all
 * at once? */
static void look_ahead(struct projection *p, int64_t now)
{
	bool full = p->carry.patient && p->carry.refused.kind == FAULT_SET_FULL;
	struct set_state state;

	if (p->ensured && (full || p->carry.added >= p->capacity.look) &&
	    look(p, p->carry.store, now, &state) == 0)
		capacity_look(&p->capacity, &state, p->carry.added);
}

int projection_poll(struct projection *p, struct store *s, struct moment now,
		    bool changed, struct fault *why)
{
	struct fault refused = {.kind = FAULT_NONE};
	enum outcome outcome;

	if (!is_due(p, now, changed))
		return 0;
	take_up(p, s, now);
	outcome = attempt(p, now, changed, &refused);
	/* It is created and filled at once; what fails twice is trouble. */
	if (outcome == KERNEL_REFUSED &&
	    p->carry.refused.kind == FAULT_SET_GONE)
		outcome = attempt(p, now, changed, &refused);
	if (outcome == STORE_REFUSED) {
		*why = refused;
		return -1;
	}
	if (p->carry.refused.kind != FAULT_NONE)
		refused = p->carry.refused;
	note_outcome(p, outcome, now, &refused);
	look_ahead(p, now.wall);
	return work_renewal(&p->carry, &p->renew, why);
}

int64_t projection_due(const struct projection *p, struct moment now)
{
	int64_t grow = capacity_due(&p->capacity);
	int64_t due = p->compare < grow ? p->compare : grow;

	if (p->ensured && p->audit.stage != AUDIT_IDLE)
		return now.boot;
	if (p->retry != 0)
		return p->ensured && grow < p->retry ? grow : p->retry;
	if (!p->ensured || p->behind)
		return now.boot;
	if (p->renew != DURATION_FOREVER &&
	    p->renew - now.wall < due - now.boot)
		due = now.boot + (p->renew - now.wall);
	return due;
}

/* ---- a larger set ---- */

/* What was absent for want of room goes in with the next poll, and soon the
 * content is compared. */
static int grow(struct projection *p, struct store *s, struct moment now,
		struct fault *why)
{
	struct set_state state;
	bool grown;

	if (capacity_step(&p->capacity, s, now, &grown, why) < 0)
		return -1;
	if (!grown)
		return 0;
	p->behind = true;
	p->retry = 0;
	p->compare = now.boot;
	p->ensured = look(p, s, now.wall, &state) == 0;
	if (p->ensured)
		know(p, &state);
	return 0;
}

/* ---- the comparison of the content: at first, and every few minutes ---- */

bool projection_is_comparing(const struct projection *p)
{
	return audit_runs(&p->audit);
}

/* The kernel's trouble. The next poll finds out more, at once if the set is
 * gone: it is created then. */
static void give_up(struct projection *p, enum outcome outcome,
		    struct moment now, const struct fault *refused)
{
	p->ensured = false;
	if (refused->kind != FAULT_SET_GONE)
		note_outcome(p, outcome, now, refused);
}

/* It has come to its end. What it found to be done is the next poll's, and what
 * waited for it. */
static void conclude(struct projection *p, struct moment now)
{
	report_audit(p, !p->loss.known);
	p->behind = p->behind || !p->loss.known || p->audit.work;
	p->compare = now.boot + AUDIT;
	p->carry.since = 0;
	p->loss.held = p->audit.held;
	capacity_expect(&p->capacity, 0);
	p->capacity.look = 0; /* at once: another engine may have filled it */
	p->loss.known = true;
	adopt_end(&p->carry, p->name, p->report);
}

/* Some steps, as many as do not keep a fresh ban waiting. */
static enum outcome stride(struct projection *p, struct fault *why)
{
	struct audit *a = &p->audit;
	enum outcome outcome;

	a->spent = 0;
	do
		outcome = audit_step(a, &p->carry, why);
	while (outcome == CARRIED_OUT && a->stage != AUDIT_IDLE &&
	       a->spent < STRIDE);
	return outcome;
}

int projection_compare(struct projection *p, struct store *s, struct moment now,
		       struct fault *why)
{
	struct fault refused = {.kind = FAULT_NONE};
	struct audit *a = &p->audit;
	enum outcome outcome;

	if (!p->ensured)
		return 0;
	/* Who reads a set keeps it from being replaced. */
	if (!a->reading && now.boot >= capacity_due(&p->capacity))
		return grow(p, s, now, why);
	take_up(p, s, now);
	p->carry.refused.kind = FAULT_NONE;
	if (a->stage == AUDIT_IDLE) {
		if (now.boot < p->compare)
			return 0;
		audit_begin(a, p->enforcer, p->set, false, now.wall);
		p->added_before = p->carry.added;
	}
	outcome = stride(p, &refused);
	if (outcome == STORE_REFUSED) {
		p->ensured = false;
		*why = refused;
		return -1;
	}
	if (outcome != CARRIED_OUT)
		give_up(p, outcome, now, &refused);
	else if (a->stage == AUDIT_IDLE)
		conclude(p, now);
	look_ahead(p, now.wall);
	return 0;
}

/* ---- the watch ---- */

int projection_watch(struct projection *p, struct store *s, struct moment now,
		     int64_t *references, struct fault *why)
{
	enum loss_found found;
	struct set_state state;

	*references = -1;
	if (!p->ensured)
		return 0;
	p->ensured = look(p, s, now.wall, &state) == 0;
	if (!p->ensured)
		return 0;
	*references = state.references;
	capacity_look(&p->capacity, &state, p->carry.added);
	if (loss_find(&p->loss, s, p->name, now.wall, &state, &found, why) < 0)
		return -1;
	if (found == LOSS_NONE)
		return 0;
	if (found == LOSS_HEAVY)
		report(p->report, REPORT_WARNING,
		       "set '%s' was flushed or replaced; putting the bans "
		       "back",
		       p->name);
	p->ensured = found == LOSS_GROWN && p->loss.known;
	if (!p->ensured)
		return 0;
	audit_end(&p->audit); /* it was of the other set */
	know(p, &state);
	p->compare = now.boot;
	return 0;
}
