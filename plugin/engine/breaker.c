/* breaker: see breaker.h. */
#include "breaker.h"

#include <stdio.h>

#include "recall.h"
#include "saslban/duration.h"
#include "saslban/failure.h"
#include "saslban/outage.h"

void breaker_trouble(struct docket *d, const struct sighting *s, int64_t boot)
{
	int64_t at = policy_when(s->reported, s->arrived);

	/* A line with an address may be the doing of a client. */
	if (s->address.family != ADDRESS_NONE)
		return;
	memory_note_trouble(d->memory, at);
	logins_trouble(d->logins, at, boot);
}

static void tell(struct docket *d, enum event_kind kind, int64_t from,
		 const char *why)
{
	struct event e = {.kind = kind, .from = from};

	snprintf(e.why, sizeof(e.why), "%s", why);
	docket_event(d, &e);
}

static int open_breaker(struct docket *d, const struct signs *signs,
			int64_t now, struct fault *why)
{
	struct outage_row o = {.jail = d->jail,
			       .since = memory_outage_since(d->memory, now),
			       .opened = now};

	snprintf(o.why, sizeof(o.why),
		 "%u customers failed one after the other%s", signs->customers,
		 signs->trouble ? ", and the servers report trouble" : "");
	if (docket_write(d, why) < 0 || outage_begin(d->store, &o, why) < 0 ||
	    failure_excuse(d->store, d->jail, o.since, why) < 0 ||
	    logins_write(d->logins, d->store, d->jail, why) < 0 ||
	    recall_again(d, now, why) < 0)
		return -1;
	docket_say(d, REPORT_WARNING,
		   "outage: nobody can log in: %s; until it is over no failure "
		   "counts",
		   o.why);
	tell(d, EVENT_OUTAGE, o.since, o.why);
	return 0;
}

static int close_breaker(struct docket *d, const struct signs *signs,
			 int64_t now, struct fault *why)
{
	const char *text = signs->logins >= POLICY_OUTAGE_OVER
				   ? "users log in again"
				   : "there was no sign of it for 15m";

	if (docket_write(d, why) < 0 ||
	    outage_end(d->store, d->jail, now, why) < 0)
		return -1;
	memory_set_outage(d->memory, false, now);
	docket_say(d, REPORT_NOTICE, "outage: it is over: %s", text);
	tell(d, EVENT_OUTAGE_OVER, 0, text);
	return 0;
}

int breaker_poll(struct docket *d, int64_t now, struct fault *why)
{
	const struct policy *p = &d->settings->policy;
	struct signs signs;
	bool open;

	if (p->breaker == 0)
		return 0;
	memory_signs(d->memory, now, &signs);
	open = policy_outage(p, &signs, now);
	if (open == signs.open)
		return 0;
	return open ? open_breaker(d, &signs, now, why)
		    : close_breaker(d, &signs, now, why);
}
