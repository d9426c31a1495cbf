/* changes: see changes.h. */
#include "changes.h"

#include <stdlib.h>

#include "saslban/duration.h"
#include "saslban/offense.h"

enum { CHUNK = 100 }; /* offenses that are read at a time */

struct changes {
	struct offense offense[CHUNK];
	size_t n;
};

static int see_offense(void *context, const struct offense *o)
{
	struct changes *c = context;

	c->offense[c->n++] = *o;
	return c->n == CHUNK;
}

/* One that was begun and ended in between gets one line, the last. */
static void tell(const struct offense *o, struct events *ev, struct moment now)
{
	char address[ADDRESS_TEXT], length[DURATION_TEXT];
	struct event e;

	address_print(&o->address, address);
	if (o->lifted == 0) {
		event_of(&e, EVENT_BAN, o);
		e.enforced = !o->observed && o->held > now.wall;
		events_ban(
			ev, &e, now, "banned %s for %s (strike %u) %s", address,
			duration_length(duration_left(o->until, o->at), length),
			o->strike, o->why);
		return;
	}
	event_lifted(&e, o);
	events_ban(ev, &e, now,
		   "lifted the ban of %s (strike %u, %s left) by %s%s%s",
		   address, o->strike,
		   duration_human(duration_left(o->until, o->lifted), length),
		   o->lifted_by, o->lifted_why[0] == '\0' ? "" : ": ",
		   o->lifted_why);
}

static int mark_all(struct changes *c, struct store *s, struct fault *why)
{
	int result = 0;

	if (store_begin(s, why) < 0)
		return -1;
	for (size_t i = 0; i < c->n && result == 0; i++)
		result = offense_told(s, c->offense[i].id, why);
	return store_end(s, result, why);
}

static int report_chunk(struct changes *c, struct store *s, int64_t jail,
			struct cutting *cutting, struct events *ev,
			struct moment now, size_t *bans, struct fault *why)
{
	c->n = 0;
	if (offense_untold_each(s, jail, CHUNK, see_offense, c, why) < 0)
		return -1;
	if (c->n == 0)
		return 0;
	if (mark_all(c, s, why) < 0)
		return -1;
	for (size_t i = 0; i < c->n; i++) {
		const struct offense *o = &c->offense[i];

		tell(o, ev, now);
		*bans += o->lifted == 0;
		if (o->lifted == 0 && o->ended == 0 && o->until > now.wall)
			cutting_add(cutting, o);
	}
	return 0;
}

int changes_report(struct store *s, int64_t jail, struct cutting *cutting,
		   struct events *ev, struct moment now, size_t *bans,
		   struct fault *why)
{
	struct changes *c = calloc(1, sizeof(*c));
	int result;

	*bans = 0;
	if (c == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	do
		result = report_chunk(c, s, jail, cutting, ev, now, bans, why);
	while (result == 0 && c->n == CHUNK);
	free(c);
	return result;
}
