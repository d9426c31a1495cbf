/* loss: see loss.h. */
#include "loss.h"

#include "saslban/entry.h"

enum {
	/* So many that are held according to the store are soon counted. */
	SOON = 4096
};

void loss_know(struct loss *l, const struct set_state *s)
{
	l->identity = s->identity;
	l->maxelem = s->maxelem;
}

int loss_look(struct enforcer *e, enum enforcer_set set, struct store *s,
	      int64_t now, struct set_state *out, struct fault *why)
{
	int64_t held;

	if (e->ops->state(e, set, out, why) < 0)
		return -1;
	if (!out->more)
		return 0;
	if (entry_count(s, e->ops->name(e, set), now, &held, why) < 0)
		return -1;
	if (held > out->elements)
		out->elements = (uint32_t)held;
	return 0;
}

/* To count a million rows takes long, and that some are missing is for the
 * comparison. */
static int lacks(const struct loss *l, struct store *s, const char *name,
		 int64_t now, const struct set_state *state, bool *out,
		 struct fault *why)
{
	int64_t held;

	*out = false;
	if (!l->known ||
	    (l->held > SOON && state->elements >= l->held - l->held / 8))
		return 0;
	if (entry_count(s, name, now, &held, why) < 0)
		return -1;
	*out = state->elements < held;
	return 0;
}

int loss_find(const struct loss *l, struct store *s, const char *name,
	      int64_t now, const struct set_state *state,
	      enum loss_found *found, struct fault *why)
{
	bool same = state->identity == l->identity;
	bool lacking;

	*found = LOSS_HEAVY;
	if (!same && state->maxelem <= l->maxelem)
		return 0;
	if (lacks(l, s, name, now, state, &lacking, why) < 0)
		return -1;
	if (!lacking)
		*found = same ? LOSS_NONE : LOSS_GROWN;
	return 0;
}
