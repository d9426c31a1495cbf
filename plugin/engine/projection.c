/*
 * projection: see saslban/projection.h. What is done is in work.c (entries that
 * are due) and audit.c (the content as a whole); here is when it is done, and
 * what is reported of it.
 */
#include "saslban/projection.h"

#include <inttypes.h>
#include <stdlib.h>

#include "audit.h"
#include "carry.h"
#include "report.h"
#include "saslban/duration.h"
#include "saslban/entry.h"
#include "work.h"

enum {
	BURST = 2000,   /* entries in a poll when bans have changed */
	STRIDE = 8000,  /* of one comparison, as it counts (struct audit) */
	RETRY = 5,      /* seconds until a kernel that refused is asked again */
	RETRY_FULL = 1, /* the same for a full set: the newest guesser waits */
	AUDIT = 300,    /* seconds between two comparisons of the content */
	FILLED = 80,    /* per cent of maxelem that are worth a warning */

	/* So many that are held according to the store are soon counted. */
	SOON = 4096
};

struct projection {
	struct enforcer *enforcer;
	enum enforcer_set set;
	const char *name;
	const struct report *report;
	struct carry carry;
	struct audit audit;
	bool ensured;          /* the set is there */
	bool known;            /* and was compared since */
	enum outcome outcome;  /* of the last poll that did something */
	struct fault refused;  /* why it was not carried out */
	bool behind;           /* the last poll ran out of its budget */
	int64_t retry;         /* boot: after trouble; 0: no trouble */
	int64_t renew;         /* wall: when an entry has to be renewed */
	int64_t compare;       /* boot: when to begin the next audit */
	uint64_t added_before; /* entries, when it began */
	size_t held;           /* entries, as it has counted them */
	size_t foreign;        /* entries, as reported */
	uint32_t identity;
	bool filling; /* the set fills up, and it was reported */
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
	*out = p;
	return 0;
}

void projection_close(struct projection *p)
{
	if (p == NULL)
		return;
	audit_end(&p->audit);
	free(p);
}

void projection_forget(struct projection *p)
{
	p->ensured = false;
}

bool projection_is_known(const struct projection *p)
{
	return p->ensured && p->known && !p->behind;
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
	const struct audit *a = &p->audit;
	char example[ADDRESS_TEXT];

	/* One that was added just now need not be among what was read. */
	if (a->missing > 0 && !first &&
	    p->carry.added == p->added_before + a->back)
		report(p->report, REPORT_WARNING,
		       "%zu entr%s had been removed from set '%s'; putting "
		       "%s back",
		       a->missing, a->missing == 1 ? "y" : "ies", p->name,
		       a->missing == 1 ? "it" : "them");
	if (a->foreign > 0 && a->foreign != p->foreign)
		report(p->report, REPORT_WARNING,
		       "set '%s' holds %zu entr%s of which no ban is known, "
		       "as %s; left alone, 'saslbanctl unban' removes them",
		       p->name, a->foreign, a->foreign == 1 ? "y" : "ies",
		       address_print(&a->example, example));
	p->foreign = a->foreign;
}

/* Create or verify the set; what it holds is compared from now on. */
static enum outcome ensure(struct projection *p, struct moment now,
			   struct fault *why)
{
	const struct enforcer_ops *ops = p->enforcer->ops;
	struct set_state state;

	if (ops->ensure(p->enforcer, p->set, why) < 0 ||
	    ops->state(p->enforcer, p->set, &state, why) < 0)
		return KERNEL_REFUSED;
	p->identity = state.identity;
	audit_begin(&p->audit, p->enforcer, p->set, true, now.wall);
	p->carry.since = now.wall;
	p->ensured = true;
	p->known = false;
	return CARRIED_OUT;
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
	}
	if (outcome == STORE_REFUSED || outcome == KERNEL_REFUSED)
		p->ensured = false;
	return outcome;
}

static void note_outcome(struct projection *p, enum outcome outcome,
			 struct moment now, const struct fault *refused)
{
	p->retry = 0;
	/* Trouble is over when the content is known. */
	if (outcome == CARRIED_OUT && !p->known)
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

static int find_renewal(struct projection *p, struct store *s, int64_t now,
			struct fault *why)
{
	if (entry_next_short(s, p->name, now, &p->renew, why) < 0)
		return -1;
	if (p->renew != DURATION_FOREVER)
		p->renew -= CARRY_HORIZON;
	return 0;
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
	/* A set that is gone or was replaced is created anew and filled at
	 * once; only what fails twice is trouble. */
	if (outcome == KERNEL_REFUSED)
		outcome = attempt(p, now, changed, &refused);
	if (outcome == STORE_REFUSED) {
		*why = refused;
		return -1;
	}
	if (p->carry.refused.kind != FAULT_NONE)
		refused = p->carry.refused;
	note_outcome(p, outcome, now, &refused);
	return find_renewal(p, s, now.wall, why);
}

int64_t projection_due(const struct projection *p, struct moment now)
{
	int64_t due = p->compare;

	if (p->ensured && p->audit.stage != AUDIT_IDLE)
		return now.boot;
	if (p->retry != 0)
		return p->retry;
	if (!p->ensured || p->behind)
		return now.boot;
	if (p->renew != DURATION_FOREVER &&
	    p->renew - now.wall < due - now.boot)
		due = now.boot + (p->renew - now.wall);
	return due;
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
	report_audit(p, !p->known);
	p->behind = p->behind || !p->known || p->audit.work;
	p->compare = now.boot + AUDIT;
	p->carry.since = 0;
	p->held = p->audit.held;
	p->known = true;
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
	take_up(p, s, now);
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
	return 0;
}

/* ---- the watch ---- */

static void warn_filling(struct projection *p, const struct set_state *s)
{
	bool filling =
		(uint64_t)s->elements * 100 >= (uint64_t)s->maxelem * FILLED;

	if (filling && !p->filling)
		report(p->report, REPORT_WARNING,
		       "set '%s' holds %u of %u entries; %s", p->name,
		       s->elements, s->maxelem, p->enforcer->ops->kind->larger);
	p->filling = filling;
}

/* Of what nobody has counted the store knows best. */
static int count_held(const struct projection *p, struct store *s, int64_t now,
		      struct set_state *state, struct fault *why)
{
	int64_t held;

	if (!state->more)
		return 0;
	if (entry_count(s, p->name, now, &held, why) < 0)
		return -1;
	if (held > state->elements)
		state->elements = (uint32_t)held;
	return 0;
}

/* Has it lost many? The kernel counts entries that have run out until it
 * collects them, so it may have more than we expect, never less. To count a
 * million rows takes long, and that some are missing is for the comparison. */
static int find_loss(const struct projection *p, struct store *s, int64_t now,
		     const struct set_state *state, bool *lost,
		     struct fault *why)
{
	int64_t held;

	*lost = state->identity != p->identity;
	if (*lost || !p->known ||
	    (p->held > SOON && state->elements >= p->held - p->held / 8))
		return 0;
	if (entry_count(s, p->name, now, &held, why) < 0)
		return -1;
	*lost = state->elements < held;
	return 0;
}

int projection_watch(struct projection *p, struct store *s, struct moment now,
		     int64_t *references, struct fault *why)
{
	struct set_state state;
	bool lost;

	*references = -1;
	if (!p->ensured)
		return 0;
	if (p->enforcer->ops->state(p->enforcer, p->set, &state, NULL) < 0) {
		p->ensured = false;
		return 0;
	}
	*references = state.references;
	if (count_held(p, s, now.wall, &state, why) < 0)
		return -1;
	warn_filling(p, &state);
	if (find_loss(p, s, now.wall, &state, &lost, why) < 0)
		return -1;
	if (!lost)
		return 0;
	report(p->report, REPORT_WARNING,
	       "set '%s' was flushed or replaced; putting the bans back",
	       p->name);
	p->ensured = false;
	return 0;
}
