/* sync: see saslban/sync.h. */
#include "saslban/sync.h"

#include <stdlib.h>

#include "audit.h"
#include "carry.h"
#include "work.h"

/* What looks foreign may have been removed while the set was being read: it is
 * looked at twice. Where a large set has more entries than it should have, it
 * is read to know them: that takes long, and somebody has asked for it. */
enum stage { BEGIN, COMPARE, COMPARE_AGAIN, LIST, WORK, DONE };

struct sync {
	struct carry carry;
	struct audit audit;
	enum stage stage;
	struct sync_result result;
};

int sync_open(struct sync **out, struct store *s, struct enforcer *e,
	      enum enforcer_set set, struct fault *why)
{
	struct sync *y = calloc(1, sizeof(*y));

	if (y == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	y->carry.enforcer = e;
	y->carry.set = set;
	y->carry.store = s;
	*out = y;
	return 0;
}

void sync_close(struct sync *y)
{
	if (y == NULL)
		return;
	audit_end(&y->audit);
	free(y);
}

const struct sync_result *sync_result(const struct sync *y)
{
	return &y->result;
}

static void begin_audit(struct sync *y, enum stage stage)
{
	y->stage = stage;
	audit_begin(&y->audit, y->carry.enforcer, y->carry.set, true,
		    y->carry.now);
}

static void begin_list(struct sync *y)
{
	y->stage = LIST;
	audit_list(&y->audit, y->carry.enforcer, y->carry.set, y->carry.now);
}

static enum outcome begin(struct sync *y, struct fault *why)
{
	struct enforcer *e = y->carry.enforcer;

	if (e->ops->ensure(e, y->carry.set, why) < 0)
		return KERNEL_REFUSED;
	begin_audit(y, COMPARE);
	return CARRIED_OUT;
}

static enum outcome compare(struct sync *y, struct fault *why)
{
	enum outcome outcome = audit_step(&y->audit, &y->carry, why);

	if (outcome != CARRIED_OUT || y->audit.stage != AUDIT_IDLE)
		return outcome;
	y->result.held = y->audit.held;
	y->result.missing += y->audit.missing;
	y->result.foreign = y->audit.strangers.n;
	y->result.example = y->audit.strangers.example;
	if (y->stage == COMPARE && y->audit.strangers.now.n > 0)
		begin_audit(y, COMPARE_AGAIN);
	else if (y->audit.strangers.now.excess > 0)
		begin_list(y);
	else
		y->stage = WORK;
	return CARRIED_OUT;
}

static enum outcome list(struct sync *y, struct fault *why)
{
	const struct strangers_found *f = &y->audit.strangers.now;
	enum outcome outcome = audit_step(&y->audit, &y->carry, why);

	if (outcome != CARRIED_OUT || y->audit.stage != AUDIT_IDLE)
		return outcome;
	y->result.foreign = f->n;
	if (f->n > 0)
		y->result.example = f->address[0];
	y->stage = WORK;
	return CARRIED_OUT;
}

static enum outcome work(struct sync *y, struct fault *why)
{
	int64_t budget = WORK_CHUNK;
	enum outcome outcome;

	y->carry.refused.kind = FAULT_NONE;
	outcome = work_through(&y->carry, &budget, why);
	if (outcome != CARRIED_OUT && outcome != STORE_REFUSED && why != NULL)
		*why = y->carry.refused;
	if (budget > 0)
		y->stage = DONE;
	return outcome;
}

static enum outcome step(struct sync *y, struct fault *why)
{
	switch (y->stage) {
	case BEGIN:
		return begin(y, why);
	case COMPARE:
	case COMPARE_AGAIN:
		return compare(y, why);
	case LIST:
		return list(y, why);
	case WORK:
		return work(y, why);
	case DONE:
		break;
	}
	return CARRIED_OUT;
}

int sync_step(struct sync *y, int64_t now, bool *more, struct fault *why)
{
	enum outcome outcome;

	y->carry.now = now;
	outcome = step(y, why);
	y->result.added = (size_t)y->carry.added;
	y->result.removed = (size_t)y->carry.removed;
	*more = outcome == CARRIED_OUT && y->stage != DONE;
	return outcome == CARRIED_OUT ? 0 : -1;
}
