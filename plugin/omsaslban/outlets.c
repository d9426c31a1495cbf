/* outlets: see outlets.h. */
#include "outlets.h"

#include <stddef.h>

#include <errmsg.h>

static const struct kind {
	const char *parameter;
	size_t offset; /* of the ruleset's name in struct settings */
} kinds[OUTLETS] = {
	[OUTLET_EVENTS] = {"events.ruleset", offsetof(struct settings, events)},
	[OUTLET_NOTIFY] = {"notify.ruleset", offsetof(struct settings, notify)},
};

static void complain(const struct settings *s, const struct kind *k,
		     const struct fault *why)
{
	LogError(0, RS_RET_RULESET_NOT_FOUND,
		 "omsaslban: jail %s: parameter '%s': %s", s->name,
		 k->parameter, why->text);
}

void outlets_find(struct outlets *o, rsconf_t *conf, const struct settings *s)
{
	for (int i = 0; i < OUTLETS; i++) {
		const char *name = (const char *)s + kinds[i].offset;

		if (name[0] != '\0' &&
		    feed_open(&o->of[i], conf, name, &o->trouble[i]) < 0)
			complain(s, &kinds[i], &o->trouble[i]);
	}
}

void outlets_go(struct outlets *o, const struct settings *s)
{
	for (int i = 0; i < OUTLETS; i++)
		if (o->of[i] != NULL && feed_go(o->of[i], &o->trouble[i]) < 0)
			complain(s, &kinds[i], &o->trouble[i]);
}

/* A mail that is submitted now could be lost; its caller keeps it for the next
 * start. An event is not kept, and most find their way yet. */
bool outlets_submit(void *context, enum outlet outlet, const struct outgoing *m)
{
	struct outlets *o = context;

	if (outlet == OUTLET_NOTIFY && feed_ending())
		return false;
	return feed_take(o->of[outlet], m);
}

bool outlets_passed(void *context, enum outlet outlet)
{
	struct outlets *o = context;

	return feed_passed(o->of[outlet]);
}

const char *outlets_trouble(void *context, enum outlet outlet)
{
	const struct outlets *o = context;

	return o->trouble[outlet].text;
}

void outlets_close(struct outlets *o)
{
	for (int i = 0; i < OUTLETS; i++) {
		feed_close(o->of[i]);
		o->of[i] = NULL;
	}
}
