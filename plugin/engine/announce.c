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

void announce_ban(struct report *r, struct store *s, struct enforcer *enforcer,
		  const struct offense *o, int64_t boot)
{
	char address[ADDRESS_TEXT], length[DURATION_TEXT];

	if (!report_has_room(r, boot))
		return;
	report_ban(r, boot, "%s %s for %s (strike %u): %s%s",
		   o->observed ? "would ban" : "banned",
		   address_print(&o->address, address),
		   duration_print(duration_left(o->until, o->at), length),
		   o->strike, o->why,
		   waits(s, enforcer, o) ? "; waits for the kernel" : "");
}
