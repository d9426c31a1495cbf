/* whereabouts: see whereabouts.h. */
#include "whereabouts.h"

#include <stdio.h>

void whereabouts_init(struct whereabouts *w, const struct settings *settings,
		      const struct report *report)
{
	*w = (struct whereabouts){.settings = settings, .report = report};
}

void whereabouts_close(struct whereabouts *w)
{
	geo_close(w->geo);
	w->geo = NULL;
}

static void open_files(struct whereabouts *w)
{
	const struct settings *s = w->settings;
	struct fault why;

	if (geo_open(&w->geo, &why) < 0) {
		report(w->report, REPORT_WARNING, "%s", why.text);
		return;
	}
	for (size_t i = 0; i < s->geoips; i++)
		if (geo_add(w->geo, s->geoip[i], &why) < 0)
			report(w->report, REPORT_WARNING, "%s", why.text);
}

static void renew(struct whereabouts *w)
{
	struct fault why;

	for (size_t i = 0; i < geo_files(w->geo); i++)
		if (geo_renew(w->geo, i, &why) < 0)
			report(w->report, REPORT_WARNING, "%s", why.text);
}

void whereabouts_fill(struct whereabouts *w, struct event *e, int64_t boot)
{
	const struct address *a =
		e->address.family == ADDRESS_NONE ? &e->host : &e->address;
	struct geo_place p;

	if (w->settings->geoips == 0)
		return;
	if (!w->opened)
		open_files(w);
	else if (boot >= w->look)
		renew(w);
	if (!w->opened || boot >= w->look)
		w->look = boot + WHEREABOUTS_LOOK;
	w->opened = true;
	(void)geo_find(w->geo, a, &p);
	snprintf(e->country, sizeof(e->country), "%s", p.country);
	e->asn = p.asn;
	snprintf(e->as_name, sizeof(e->as_name), "%s", p.as_name);
}
