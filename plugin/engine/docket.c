/* docket: see docket.h. */
#include "docket.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/outbox.h"

int docket_write(struct docket *d, struct fault *why)
{
	int64_t version;

	if (d->begun)
		return 0;
	if (store_begin(d->store, why) < 0)
		return -1;
	d->begun = true;
	/* Somebody else may have banned or pardoned a moment ago. */
	if (store_version(d->store, &version, why) < 0)
		return -1;
	if (version != d->logins->version)
		memory_ban_forget(d->memory);
	d->logins->version = version;
	return 0;
}

void docket_say(struct docket *d, enum report_level level, const char *format,
		...)
{
	va_list ap;

	/* The last places are for what is worst. */
	d->said = false;
	if (d->nnews >= DOCKET_NEWS - (level == REPORT_ERROR ? 0 : DOCKET_KEPT))
		return;
	d->news[d->nnews].level = level;
	d->news[d->nnews].event.kind = EVENT_NONE;
	va_start(ap, format);
	vsnprintf(d->news[d->nnews].text, DOCKET_TEXT, format, ap);
	va_end(ap);
	d->nnews++;
	d->said = true;
}

void docket_event(struct docket *d, const struct event *e)
{
	if (e->kind == EVENT_NONE)
		return;
	if (d->said)
		d->news[d->nnews - 1].event = *e;
	else
		d->left_out++;
}

bool docket_offender(const struct docket *d, const struct address *host,
		     struct address *offender)
{
	if (d->exempt != NULL)
		return exempt_offender(d->exempt, host, offender, NULL);
	*offender = settings_offender(d->settings, host);
	return true;
}

int docket_notice(struct docket *d, enum notice_kind kind, int64_t about,
		  const struct address *a, unsigned strike, int64_t now,
		  struct fault *why)
{
	const struct settings *c = d->settings;
	struct outbox_row row = {
		.jail = d->jail,
		.kind = kind,
		.about = about,
		.address = *a,
		.at = now,
		.due = notice_due(c->notify_mode, c->notify_wait, kind, strike,
				  now),
	};

	return outbox_add(d->store, &row, why);
}

int docket_offense(struct docket *d, const struct address *a,
		   const struct verdict *v, int64_t failures, const char *text,
		   struct fault *why)
{
	struct offense *o = &d->fresh[d->nfresh];
	struct history now = {.strikes = v->strike,
			      .last_end = v->until,
			      .banned = true,
			      .forever = v->until == DURATION_FOREVER};

	if (d->nfresh == d->most)
		return fault_set(why, FAULT_STORE, "too many offenses at once");
	memset(o, 0, sizeof(*o));
	o->jail = d->jail;
	o->address = *a;
	o->strike = v->strike;
	o->at = v->from;
	o->until = v->until;
	o->failures = failures;
	o->ground = v->ground;
	o->observed = !d->settings->enforce;
	o->told = true; /* by the engine, once it is enforced */
	snprintf(o->why, sizeof(o->why), "%s", text);
	if (docket_write(d, why) < 0 || offense_add(d->store, o, why) < 0 ||
	    docket_notice(d, NOTICE_BAN, o->id, a, o->strike, o->at, why) < 0)
		return -1;
	d->nfresh++;
	memory_ban_put(d->memory, a, v->ground == GROUND_NETWORK, &now);
	return 0;
}
