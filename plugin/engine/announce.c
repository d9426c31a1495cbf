/* announce: see announce.h. */
#include "announce.h"

#include "saslban/duration.h"
#include "saslban/entry.h"

/* True when it is recorded and the kernel does not hold it yet. */
static bool waits(struct store *s, struct enforcer *enforcer,
		  const struct offense *o)
{
	struct entry entry;
	bool found;

	if (o->observed || enforcer == NULL)
		return false;
	if (entry_get(
		    s,
		    enforcer->ops->name(enforcer, enforcer_set_of(&o->address)),
		    &o->address, &entry, &found, NULL) < 0)
		return true;
	return !found || entry.held <= o->at;
}

void announce_ban(struct events *ev, struct store *s, struct enforcer *enforcer,
		  const struct offense *o, struct moment now)
{
	char address[ADDRESS_TEXT], length[DURATION_TEXT];
	struct event e;
	bool late;

	if (!events_heard(ev, now.boot))
		return;
	late = waits(s, enforcer, o);
	event_of(&e, EVENT_BAN, o);
	e.enforced = !late && !o->observed;
	events_cause(ev, s, o->jail, &e);
	events_ban(ev, &e, now, "%s %s for %s (strike %u): %s%s",
		   o->observed ? "would ban" : "banned",
		   address_print(&o->address, address),
		   duration_length(duration_left(o->until, o->at), length),
		   o->strike, o->why, late ? "; waits for the kernel" : "");
}
