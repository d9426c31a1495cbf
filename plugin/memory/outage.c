/* outage: see outage.h. */
#include "outage.h"

#include <string.h>

/* One customer is one sign, and one address is; the first time is what counts.
 * True when it was not there. */
static bool note(struct sign sign[OUTAGE_SIGNS], uint64_t user,
		 uint64_t address, int64_t at)
{
	size_t oldest = 0;

	for (size_t i = 0; i < OUTAGE_SIGNS; i++) {
		if (sign[i].at != 0 &&
		    (sign[i].user == user || sign[i].address == address))
			return false;
		if (sign[i].at < sign[oldest].at)
			oldest = i;
	}
	sign[oldest] = (struct sign){user, address, at};
	return true;
}

static unsigned count(const struct sign sign[OUTAGE_SIGNS], int64_t since)
{
	unsigned n = 0;

	for (size_t i = 0; i < OUTAGE_SIGNS; i++)
		n += sign[i].at != 0 && sign[i].at > since;
	return n;
}

static void forget(struct sign sign[OUTAGE_SIGNS])
{
	memset(sign, 0, OUTAGE_SIGNS * sizeof(sign[0]));
}

/* What is too old makes no sign any more, and its user may give a new one. */
static void age(struct sign sign[OUTAGE_SIGNS], int64_t since)
{
	for (size_t i = 0; i < OUTAGE_SIGNS; i++)
		if (sign[i].at <= since)
			sign[i] = (struct sign){0};
}

void outage_note_failure(struct outage *o, uint64_t user, uint64_t address,
			 int64_t at)
{
	age(o->failed, at - POLICY_OUTAGE_WINDOW);
	if (at > o->cleared)
		(void)note(o->failed, user, address, at);
	if (at > o->last)
		o->last = at;
}

void outage_note_trouble(struct outage *o, int64_t at)
{
	if (at > o->trouble)
		o->trouble = at;
	if (o->open && at > o->last)
		o->last = at;
}

bool outage_note_login(struct outage *o, uint64_t user, int64_t at)
{
	outage_forget(o, at);
	return o->open && note(o->login, user, user, at);
}

void outage_forget(struct outage *o, int64_t at)
{
	if (at > o->cleared)
		o->cleared = at;
	age(o->failed, o->cleared);
}

void outage_note_again(struct outage *o, int64_t at)
{
	if (at > o->again)
		o->again = at;
}

void outage_signs(const struct outage *o, int64_t now, struct signs *out)
{
	int64_t since = now - POLICY_OUTAGE_WINDOW;

	*out = (struct signs){.open = o->open,
			      .customers = count(o->failed, since),
			      .trouble = o->trouble > since,
			      .logins = count(o->login, 0),
			      .last = o->last,
			      .again = o->again,
			      .opened = o->opened};
}

void outage_set(struct outage *o, bool open, int64_t now)
{
	o->open = open;
	o->opened = o->again = now;
	o->last = now;
	forget(o->login);
	if (open)
		return;
	outage_forget(o, now);
}

int64_t outage_since(const struct outage *o, int64_t now)
{
	int64_t since = now;

	for (size_t i = 0; i < OUTAGE_SIGNS; i++)
		if (o->failed[i].at > now - POLICY_OUTAGE_WINDOW &&
		    o->failed[i].at != 0 && o->failed[i].at < since)
			since = o->failed[i].at;
	return since;
}
