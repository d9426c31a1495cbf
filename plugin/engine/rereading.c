/* rereading: see rereading.h. */
#include "rereading.h"

#include <stdlib.h>

#include "saslban/plural.h"

struct past_edition {
	const struct filter *filter;
	struct statistics *statistics;
	struct past_edition *next;
};

static int begin(struct rereading *r, struct statistics **out,
		 struct fault *why)
{
	return statistics_open(out, r->settings,
			       r->editions == NULL ? NULL
						   : editions_now(r->editions),
			       r->report, why);
}

int rereading_open(struct rereading *r, const struct settings *settings,
		   struct editions *editions, const struct report *report,
		   struct fault *why)
{
	*r = (struct rereading){
		.editions = editions, .settings = settings, .report = report};
	return begin(r, &r->now, why);
}

/* The editions themselves belong to somebody else. */
void rereading_close(struct rereading *r)
{
	struct past_edition *p;

	statistics_close(r->now);
	while ((p = r->past) != NULL) {
		r->past = p->next;
		statistics_close(p->statistics);
		free(p);
	}
}

void rereading_relist(struct rereading *r)
{
	statistics_relist(r->now);
}

/* ---- again ---- */

static void tell(const struct rereading *r, const struct edition_change *c)
{
	if (!c->any)
		report(r->report, REPORT_INFO,
		       "filters read again: nothing has changed, %zu rule%s",
		       c->rules, plural(c->rules));
	else
		report(r->report, REPORT_NOTICE,
		       "filters read again: %zu rule%s, new or changed: %zu, "
		       "gone: %zu",
		       c->rules, plural(c->rules), c->fresh, c->gone);
}

/* The new edition is in force, whether its counters can be kept or not. */
static int follow(struct rereading *r, const struct filter *old,
		  struct past_edition *p, struct fault *why)
{
	struct statistics *now;

	if (begin(r, &now, why) < 0)
		return -1;
	*p = (struct past_edition){old, r->now, r->past};
	r->past = p;
	r->now = now;
	return 0;
}

void rereading_again(struct rereading *r)
{
	struct past_edition *p = calloc(1, sizeof(*p));
	const struct filter *old;
	struct edition_change change = {.any = false};
	struct fault why = {.text = "out of memory"};

	if (r->editions == NULL) {
		free(p);
		return;
	}
	old = editions_now(r->editions);
	if (p == NULL || editions_reread(r->editions, &change, &why) < 0)
		report(r->report, REPORT_ERROR,
		       "filters not read again, the old rules stay: %s",
		       why.text);
	else
		tell(r, &change);
	if (!change.any || follow(r, old, p, &why) < 0)
		free(p);
}

/* ---- keep ---- */

/* True when it is over: its counters stand still, and they are kept. */
static int keep_past(const struct rereading *r, const struct past_edition *p,
		     struct store *s, int64_t jail, int64_t now, bool *over,
		     struct fault *why)
{
	bool any;

	*over = !editions_used(r->editions, p->filter);
	if (statistics_keep_past(p->statistics, s, jail, now, &any, why) < 0)
		return -1;
	/* Its rules have got back the mark of those that are loaded. */
	if (any)
		statistics_relist(r->now);
	return 0;
}

int rereading_keep(struct rereading *r, struct store *s, int64_t jail,
		   int64_t now, struct fault *why)
{
	struct past_edition **link = &r->past, *p;
	bool over;

	while ((p = *link) != NULL) {
		if (keep_past(r, p, s, jail, now, &over, why) < 0)
			return -1;
		if (!over) {
			link = &p->next;
			continue;
		}
		*link = p->next;
		statistics_close(p->statistics);
		editions_drop(r->editions, p->filter);
		free(p);
	}
	return statistics_keep(r->now, s, jail, now, why);
}
