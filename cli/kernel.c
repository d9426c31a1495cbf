/* kernel: see kernel.h. */
#include "kernel.h"

#include <stdlib.h>
#include <string.h>

#include "bantext.h"
#include "saslban/duration.h"
#include "saslban/ipset.h"
#include "saslban/offense.h"

/* The sets are the engine's to make; the plan only names them. */
static int open_set(struct enforcer **out, const struct jail *jail,
		    struct fault *why)
{
	struct ipset_plan plan = {
		.name = jail->settings.set,
		.standard = ENFORCER_LONGEST,
		.maxelem = IPSET_MAXELEM,
	};

	return ipset_open(out, &plan, why);
}

/* ---- settle ---- */

/* What the store says of one address in one set. */
struct truth {
	const struct session *session;
	const char *set;
	const struct address *address;
	int64_t now;
	struct offense *row; /* running, or out of force and still in the set */
	size_t rows;
	int64_t until; /* the end of the longest that runs, 0: none does */
	bool renewal;  /* the kernel has it already */
	bool failed;
};

static int gather(void *context, const struct offense *o)
{
	struct truth *t = context;
	const struct jail *jail = session_jail(t->session, o->jail);
	bool runs = bantext_runs(o, t->now);
	struct offense *more;

	if (!address_equal(&o->address, t->address) || o->observed ||
	    jail == NULL || strcmp(jail->settings.set, t->set) != 0 ||
	    (!runs && o->enforced <= t->now))
		return 0;
	more = reallocarray(t->row, t->rows + 1, sizeof(*more));
	if (more == NULL) {
		t->failed = true;
		return 1;
	}
	t->row = more;
	t->row[t->rows++] = *o;
	if (runs && o->until > t->until)
		t->until = o->until;
	if (runs && o->enforced > t->now)
		t->renewal = true;
	return 0;
}

/* Read the truth. Needs t->row to be freed, whatever comes of it. */
static int read_truth(struct truth *t, struct fault *why)
{
	struct offense_query q = {.at = t->address, .now = t->now};

	if (offense_each(t->session->store, &q, gather, t, why) < 0)
		return -1;
	if (t->failed)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return 0;
}

static int tell_kernel(const struct truth *t, const struct jail *jail,
		       struct fault *why)
{
	struct entry entry = {.address = *t->address, .fresh = !t->renewal};
	struct enforcer *e;
	int result;

	if (open_set(&e, jail, why) < 0)
		return -1;
	if (t->until != 0) {
		entry.left = duration_left(t->until, t->now);
		result = e->ops->ban(e, &entry, 1, why);
	} else {
		result = e->ops->lift(e, &entry, 1, why);
	}
	e->ops->close(e);
	return result;
}

/* Until when the kernel has a ban that was put in now. */
static int64_t in_force(int64_t until, int64_t now)
{
	int64_t left = duration_left(until, now);

	return left > ENFORCER_LONGEST ? now + ENFORCER_LONGEST : until;
}

/* Those that are over first: to the store, the word that one of them is out
 * of the kernel means that the entry of the address is. */
static int note_enforced(const struct truth *t, struct fault *why)
{
	for (int running = 0; running <= 1; running++) {
		for (size_t i = 0; i < t->rows; i++) {
			const struct offense *o = &t->row[i];
			int64_t until =
				running ? in_force(o->until, t->now) : 0;

			if (bantext_runs(o, t->now) != running)
				continue;
			if (offense_enforced(t->session->store, o->id, until,
					     why) < 0)
				return -1;
		}
	}
	return 0;
}

int kernel_settle(const struct session *s, const struct jail *jail,
		  const struct address *a, int64_t now, struct fault *why)
{
	struct truth t = {.session = s,
			  .set = jail->settings.set,
			  .address = a,
			  .now = now};
	int result;

	/* One transaction around it all: nobody can add or lift a ban of this
	 * address between what is read here and what the kernel is told. */
	if (store_begin(s->store, why) < 0)
		return -1;
	result = read_truth(&t, why);
	if (result == 0 && t.rows > 0)
		result = tell_kernel(&t, jail, why);
	if (result == 0)
		result = note_enforced(&t, why);
	if (result == 0)
		result = store_commit(s->store, why);
	if (result < 0)
		store_rollback(s->store);
	free(t.row);
	return result;
}

/* ---- ask ---- */

struct search {
	const struct address *address;
	struct entry_seen best;
	bool found;
};

static int look_at(void *context, const struct entry_seen *seen)
{
	struct search *s = context;

	if (!address_contains(&seen->address, s->address))
		return 0;
	if (!s->found || seen->address.prefix > s->best.address.prefix)
		s->best = *seen;
	s->found = true;
	return s->best.address.prefix == s->address->prefix;
}

int kernel_find(const struct jail *jail, const struct address *a,
		struct entry_seen *out, bool *found, struct fault *why)
{
	struct search s = {.address = a};
	struct enforcer *e;
	int result;

	if (open_set(&e, jail, why) < 0)
		return -1;
	result = e->ops->each(e, look_at, &s, why);
	e->ops->close(e);
	if (result < 0)
		return -1;
	*out = s.best;
	*found = s.found;
	return 0;
}

int kernel_state(const struct jail *jail, struct enforcer_state *out,
		 struct fault *why)
{
	struct enforcer *e;
	int result;

	if (open_set(&e, jail, why) < 0)
		return -1;
	result = e->ops->state(e, out, why);
	e->ops->close(e);
	return result;
}

enum status kernel_pending(const struct jail *jail, int64_t now,
			   const struct fault *why)
{
	bool alive = session_alive(jail, now);

	if (alive && why->kind == FAULT_SET_FULL)
		return edge_end(STATUS_FAILED,
				"recorded, but not in force: %s; the engine of "
				"jail '%s' puts it in when there is room",
				why->text, jail->settings.name);
	if (alive)
		return edge_end(
			STATUS_OK,
			"recorded; the kernel did not take it from here: "
			"%s; the engine of jail '%s' carries it out "
			"within seconds",
			why->text, jail->settings.name);
	return edge_end(STATUS_FAILED,
			"recorded, but not in force: %s; jail '%s' has no "
			"running engine, it takes effect when rsyslogd starts",
			why->text, jail->settings.name);
}
