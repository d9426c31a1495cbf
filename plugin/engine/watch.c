/*
 * engine_watch: once a minute, a look at the sets. Others may flush, swap or
 * recreate them and the kernel tells nobody.
 */
#include <stdio.h>

#include "engine_impl.h"
#include "saslban/jail.h"

enum {
	WATCH = 60, /* seconds between two looks */
	FILLED = 80 /* per cent of maxelem that are worth a warning */
};

/* Our bans that the kernel should have. */
static int expected(struct engine *e, int64_t now, int64_t *n,
		    struct fault *why)
{
	struct jail_totals t;

	if (jail_totals(e->store, e->jail, now, now, &t, why) < 0)
		return -1;
	*n = t.running - t.observed - t.pending;
	return 0;
}

void engine_meet(struct engine *e)
{
	struct enforcer_state s;

	if (e->enforcer->ops->state(e->enforcer, &s, NULL) < 0)
		return; /* the next look at them will tell */
	for (size_t i = 0; i < ENFORCER_FAMILIES; i++)
		e->identity[i] = s.set[i].identity;
}

static bool replaced(struct engine *e, const struct enforcer_state *s)
{
	bool known = e->identity[0] != 0 || e->identity[1] != 0;
	bool other = false;

	for (size_t i = 0; i < ENFORCER_FAMILIES; i++) {
		other = other || s->set[i].identity != e->identity[i];
		e->identity[i] = s->set[i].identity;
	}
	return known && other;
}

static void warn_filling(struct engine *e, const struct enforcer_state *s)
{
	bool filling = false;

	for (size_t i = 0; i < ENFORCER_FAMILIES; i++) {
		uint64_t part = (uint64_t)s->set[i].elements * 100;

		if (part < (uint64_t)s->set[i].maxelem * FILLED)
			continue;
		filling = true;
		if (!e->filling)
			engine_say(e, REPORT_WARNING,
				   "set '%s%c' holds %u of %u entries; make "
				   "one with a larger maxelem and swap it in",
				   e->settings->set, i == 0 ? '4' : '6',
				   s->set[i].elements, s->set[i].maxelem);
	}
	e->filling = filling;
}

static void warn_unruled(struct engine *e, const struct enforcer_state *s)
{
	bool unruled = s->set[0].references == 0 && s->set[1].references == 0;

	if (unruled && !e->unruled)
		engine_say(e, REPORT_WARNING,
			   "no firewall rule refers to set '%s': bans block "
			   "nothing; see saslban-firewall",
			   e->settings->set);
	e->unruled = unruled;
}

int engine_watch(struct engine *e, struct moment now, struct fault *why)
{
	struct enforcer_state s;
	struct fault refused;
	int64_t want;

	if (now.boot < e->at.watch || !e->settings->enforce || !e->ensured)
		return 0;
	e->at.watch = now.boot + WATCH;
	if (expected(e, now.wall, &want, why) < 0)
		return -1;
	if (e->enforcer->ops->state(e->enforcer, &s, &refused) < 0) {
		e->ensured = false;
		return engine_enforce(e, now, why);
	}
	warn_filling(e, &s);
	warn_unruled(e, &s);
	/* The kernel counts entries that have run out until it collects them,
	 * so it may have more than we expect, never less. */
	if (!replaced(e, &s) &&
	    (int64_t)s.set[0].elements + s.set[1].elements >= want)
		return 0;
	engine_say(e, REPORT_WARNING,
		   "set '%s' was flushed or replaced; putting the bans back",
		   e->settings->set);
	e->ensured = false;
	return engine_enforce(e, now, why);
}
