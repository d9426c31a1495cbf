/* bans: those that the store has told of; see saslban/memory.h. */
#include "parts.h"

static struct ban *ban_of(const struct memory *m, const struct address *a)
{
	struct offender *o = memory_offender(m, a);
	struct hosts *h;

	if (o != NULL)
		return &o->ban;
	h = (struct hosts *)cache_find(&m->networks, memory_key(m, a));
	return h == NULL ? NULL : &h->ban;
}

/* Most networks have never been banned, and that is worth to be known. */
static struct ban *new_ban_of(struct memory *m, const struct address *a)
{
	struct hosts *h =
		(struct hosts *)cache_get(&m->networks, memory_key(m, a));

	return h == NULL ? NULL : &h->ban;
}

bool memory_ban_get(const struct memory *m, const struct address *a,
		    int64_t now, struct history *out)
{
	const struct ban *b = ban_of(m, a);

	if (b == NULL || b->sure != m->sure)
		return false;
	out->strikes = b->strikes;
	out->forever = b->forever;
	out->last_end = b->last_end;
	out->banned = b->last_end > now;
	return true;
}

void memory_ban_put(struct memory *m, const struct address *a, bool network,
		    const struct history *h)
{
	struct ban *b = ban_of(m, a);

	if (b == NULL && network)
		b = new_ban_of(m, a);
	if (b != NULL)
		*b = (struct ban){.sure = m->sure,
				  .strikes = h->strikes,
				  .forever = h->forever,
				  .last_end = h->last_end};
}

void memory_ban_forget(struct memory *m)
{
	m->sure++;
}
