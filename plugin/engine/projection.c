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
	BUDGET = 16000, /* entries in one poll: failures wait meanwhile */
	RETRY = 5,      /* seconds until a kernel that refused is asked again */
	RETRY_FULL = 1, /* the same for a full set: the newest guesser waits */
	AUDIT = 300,    /* seconds between two comparisons of the content */
	FILLED = 80     /* per cent of maxelem that are worth a warning */
};

struct projection {
	struct enforcer *enforcer;
	enum enforcer_set set;
	const char *name;
	const struct report *report;
	struct carry carry;
	struct audit audit;
	bool ensured;          /* the set is there, and was compared */
	enum outcome outcome;  /* of the last poll that did something */
	struct fault refused;  /* why it was not carried out */
	bool behind;           /* the last poll ran out of its budget */
	int64_t retry;         /* boot: after trouble; 0: no trouble */
	int64_t renew;         /* wall: when an entry has to be renewed */
	int64_t compare;       /* boot: when to begin the next audit */
	uint64_t added_before; /* entries, when it began */
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
	return p->ensured;
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
	if (a->missing > 0 && !first && p->carry.added == p->added_before)
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

/* Create or verify the set, and compare all that it holds. */
static enum outcome ensure(struct projection *p, struct moment now,
			   struct fault *why)
{
	const struct enforcer_ops *ops = p->enforcer->ops;
	enum outcome outcome = CARRIED_OUT;
	struct set_state state;

	if (ops->ensure(p->enforcer, p->set, why) < 0 ||
	    ops->state(p->enforcer, p->set, &state, why) < 0)
		return KERNEL_REFUSED;
	p->identity = state.identity;
	audit_begin(&p->audit, p->enforcer, p->set, true, now.wall);
	while (outcome == CARRIED_OUT && p->audit.stage != AUDIT_IDLE)
		outcome = audit_step(&p->audit, p->carry.store, now.wall, why);
	if (outcome != CARRIED_OUT)
		return outcome;
	report_audit(p, true);
	p->compare = now.boot + AUDIT;
	p->ensured = true;
	return CARRIED_OUT;
}

static enum outcome attempt(struct projection *p, struct moment now,
			    struct fault *why)
{
	enum outcome outcome = CARRIED_OUT;
	int64_t budget = BUDGET;

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
	p->outcome = outcome;
	p->retry = 0;
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
		p->renew -= WORK_HORIZON;
	return 0;
}

/* ---- the poll ---- */

static bool is_due(const struct projection *p, struct moment now, bool changed)
{
	if (p->retry != 0)
		return now.boot >= p->retry;
	return changed || !p->ensured || p->behind || now.wall >= p->renew;
}

int projection_poll(struct projection *p, struct store *s, struct moment now,
		    bool changed, struct fault *why)
{
	struct fault refused = {.kind = FAULT_NONE};
	enum outcome outcome;

	if (!is_due(p, now, changed))
		return 0;
	p->carry.enforcer = p->enforcer;
	p->carry.set = p->set;
	p->carry.store = s;
	p->carry.now = now.wall;
	outcome = attempt(p, now, &refused);
	/* A set that is gone or was replaced is created anew and filled at
	 * once; only what fails twice is trouble. */
	if (outcome == KERNEL_REFUSED)
		outcome = attempt(p, now, &refused);
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

	if (p->retry != 0)
		return p->retry;
	if (!p->ensured || p->behind || p->audit.stage != AUDIT_IDLE)
		return now.boot;
	if (p->renew != DURATION_FOREVER &&
	    p->renew - now.wall < due - now.boot)
		due = now.boot + (p->renew - now.wall);
	return due;
}

/* ---- the comparison of the content, every few minutes ---- */

bool projection_is_comparing(const struct projection *p)
{
	return p->audit.stage != AUDIT_IDLE;
}

int projection_compare(struct projection *p, struct store *s, struct moment now,
		       struct fault *why)
{
	struct audit *a = &p->audit;

	if (!p->ensured)
		return 0;
	if (a->stage == AUDIT_IDLE) {
		if (now.boot < p->compare)
			return 0;
		audit_begin(a, p->enforcer, p->set, false, now.wall);
		p->compare = now.boot + AUDIT;
		p->added_before = p->carry.added;
	}
	switch (audit_step(a, s, now.wall, why)) {
	case STORE_REFUSED:
		return -1;
	case KERNEL_REFUSED:
	case PARTLY_REFUSED:
		p->ensured = false; /* the next poll finds out more */
		return 0;
	case CARRIED_OUT:
		break;
	}
	if (a->stage != AUDIT_IDLE)
		return 0;
	report_audit(p, false);
	p->behind = p->behind || a->missing > 0;
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

int projection_watch(struct projection *p, struct store *s, struct moment now,
		     int64_t *references, struct fault *why)
{
	struct set_state state;
	int64_t held;

	*references = -1;
	if (!p->ensured)
		return 0;
	if (entry_count(s, p->name, now.wall, &held, why) < 0)
		return -1;
	if (p->enforcer->ops->state(p->enforcer, p->set, &state, NULL) < 0) {
		p->ensured = false;
		return 0;
	}
	*references = state.references;
	warn_filling(p, &state);
	/* The kernel counts entries that have run out until it collects them,
	 * so it may have more than we expect, never less. */
	if (state.identity == p->identity && state.elements >= held)
		return 0;
	report(p->report, REPORT_WARNING,
	       "set '%s' was flushed or replaced; putting the bans back",
	       p->name);
	p->ensured = false;
	return 0;
}
