/*
 * engine_statistics: what the filters and their rules have seen, once a minute.
 *
 * Workers only count; here the counters are read and what has been added to
 * them goes into the store, so that it outlives a restart. What a transaction
 * could not keep is kept by the next one. Then two things are said that
 * nobody would find out otherwise: a rule runs into its limits, and a filter
 * is blind (see saslban/filter_stats.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/filter_stats.h"
#include "saslban/stats.h"

enum { DAY = 86400 };

/* What was counted when it was last asked, and what of it is kept. */
struct rule_seen {
	struct rule_info found, kept;
	bool told; /* of its limits */
};

struct filter_seen {
	struct spec_info found, kept;
	bool matched; /* a failregex has, since it was last kept */
	bool told;    /* of the limits of prefregex */
	char example[REDACT_TEXT];
};

struct statistics {
	bool listed; /* every filter and rule has its row */
	struct rule_seen *rule;
	size_t rules;
	struct filter_seen filter[SETTINGS_FILTERS];
	size_t filters;
	struct filter_stats blind[SETTINGS_FILTERS]; /* to be told of */
	size_t nblind;
};

int statistics_open(struct statistics **out, const struct filter *f,
		    struct fault *why)
{
	struct statistics *c = calloc(1, sizeof(*c));

	if (c != NULL && f != NULL) {
		c->rules = filter_rules(f);
		c->filters = filter_specs(f);
		if (c->filters > SETTINGS_FILTERS)
			c->filters = SETTINGS_FILTERS;
		c->rule = calloc(c->rules + 1, sizeof(*c->rule));
	}
	if (c == NULL || (f != NULL && c->rule == NULL)) {
		free(c);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	*out = c;
	return 0;
}

void statistics_close(struct statistics *c)
{
	if (c == NULL)
		return;
	free(c->rule);
	free(c);
}

void statistics_relist(struct statistics *c)
{
	c->listed = false;
}

/* ---- ask ---- */

static void ask(struct statistics *c, const struct filter *f)
{
	for (size_t i = 0; i < c->filters; i++) {
		struct filter_seen *t = &c->filter[i];

		filter_spec(f, i, &t->found);
		if (t->example[0] == '\0')
			(void)filter_example(f, i, t->example);
		t->matched = false;
	}
	for (size_t i = 0; i < c->rules; i++) {
		struct rule_seen *t = &c->rule[i];

		filter_rule(f, i, &t->found);
		if (t->found.kind == RULE_FAIL &&
		    t->found.hits > t->kept.hits && t->found.spec < c->filters)
			c->filter[t->found.spec].matched = true;
	}
}

/* ---- keep ---- */

static int keep_filter(struct engine *e, size_t i, int64_t now,
		       struct fault *why)
{
	const struct filter_seen *t = &e->statistics->filter[i];
	struct filter_stats more = {
		.jail = e->jail,
		.lines = (int64_t)(t->found.lines - t->kept.lines),
		.unmatched = (int64_t)(t->found.unmatched - t->kept.unmatched),
		.overruns = (int64_t)(t->found.overruns - t->kept.overruns),
		.matched = t->matched,
	};

	if (e->statistics->listed && more.lines == 0 && more.overruns == 0 &&
	    !t->matched)
		return 0;
	memcpy(more.filter, e->settings->filter[i], sizeof(more.filter));
	memcpy(more.example, t->example, sizeof(more.example));
	return stats_filter_add(e->store, &more, now, why);
}

static int keep_rule(struct engine *e, const struct rule_seen *t, int64_t now,
		     struct fault *why)
{
	static const char *const kinds[] = {[RULE_FAIL] = "failure",
					    [RULE_OK] = "success",
					    [RULE_TROUBLE] = "trouble",
					    [RULE_IGNORE] = "ignore"};
	struct rule_stats more = {
		.jail = e->jail,
		.kind = kinds[t->found.kind],
		.regex = t->found.regex,
		.hits = (int64_t)(t->found.hits - t->kept.hits),
		.overruns = (int64_t)(t->found.overruns - t->kept.overruns),
	};

	if (e->statistics->listed && more.hits == 0 && more.overruns == 0)
		return 0;
	snprintf(more.filter, sizeof(more.filter), "%s",
		 e->settings->filter[t->found.spec]);
	snprintf(more.name, sizeof(more.name), "%s", t->found.name);
	return stats_rule_add(e->store, &more, now, why);
}

static int keep(struct engine *e, int64_t now, struct fault *why)
{
	const struct statistics *c = e->statistics;
	int64_t retain = e->settings->retain;

	if (!c->listed &&
	    stats_unload(e->store, e->jail,
			 retain == DURATION_FOREVER ? 0 : now - retain,
			 why) < 0)
		return -1;
	for (size_t i = 0; i < c->filters; i++)
		if (keep_filter(e, i, now, why) < 0)
			return -1;
	for (size_t i = 0; i < c->rules; i++)
		if (c->rule[i].found.spec < c->filters &&
		    keep_rule(e, &c->rule[i], now, why) < 0)
			return -1;
	return 0;
}

/* ---- find out ---- */

struct search {
	struct engine *e;
	int64_t now;
};

/* It is told of while it goes on, and once a day. */
static int see_filter(void *context, const struct filter_stats *s)
{
	const struct search *search = context;
	const struct engine *e = search->e;
	struct statistics *c = e->statistics;

	if (!filter_stats_blind(s) ||
	    (s->warned != 0 && search->now - s->warned < DAY))
		return 0;
	for (size_t i = 0; i < c->filters; i++)
		if (strcmp(e->settings->filter[i], s->filter) == 0 &&
		    c->filter[i].found.unmatched >
			    c->filter[i].kept.unmatched) {
			c->blind[c->nblind++] = *s;
			break;
		}
	return c->nblind == SETTINGS_FILTERS;
}

static int find_blind(struct engine *e, int64_t now, struct fault *why)
{
	struct search search = {e, now};
	struct statistics *c = e->statistics;

	c->nblind = 0;
	if (stats_filter_each(e->store, e->jail, see_filter, &search, why) < 0)
		return -1;
	for (size_t i = 0; i < c->nblind; i++)
		if (stats_filter_warned(e->store, e->jail, c->blind[i].filter,
					now, why) < 0)
			return -1;
	return 0;
}

/* ---- tell ---- */

static void tell_limits(struct engine *e)
{
	struct statistics *c = e->statistics;

	for (size_t i = 0; i < c->rules; i++) {
		struct rule_seen *t = &c->rule[i];

		if (t->told || t->found.overruns == 0)
			continue;
		t->told = true;
		engine_say(e, REPORT_WARNING,
			   "rule '%s' in %s:%u ran into its limits, %llu times "
			   "so far; what it gives up on is no match",
			   t->found.name, t->found.file, t->found.line,
			   (unsigned long long)t->found.overruns);
	}
	for (size_t i = 0; i < c->filters; i++) {
		struct filter_seen *t = &c->filter[i];

		if (t->told || t->found.overruns == 0)
			continue;
		t->told = true;
		engine_say(e, REPORT_WARNING,
			   "prefregex of filter '%s' ran into its limits, "
			   "%llu times so far; what it gives up on is no match",
			   e->settings->filter[i],
			   (unsigned long long)t->found.overruns);
	}
}

static void tell_blind(struct engine *e)
{
	char span[DURATION_TEXT];

	for (size_t i = 0; i < e->statistics->nblind; i++) {
		const struct filter_stats *s = &e->statistics->blind[i];

		engine_say(e, REPORT_WARNING,
			   "filter '%.80s' seems blind: no match for %s, but "
			   "%lld unmatched lines look like failed logins, for "
			   "example '%s'; run 'saslbanctl test' on the log",
			   s->filter,
			   duration_human(filter_stats_quiet(s), span),
			   (long long)s->unmatched_since_match, s->example);
	}
	e->statistics->nblind = 0;
}

static void close_books(struct statistics *c)
{
	c->listed = true;
	for (size_t i = 0; i < c->rules; i++)
		c->rule[i].kept = c->rule[i].found;
	for (size_t i = 0; i < c->filters; i++) {
		c->filter[i].kept = c->filter[i].found;
		c->filter[i].example[0] = '\0';
	}
}

int engine_count(struct engine *e, int64_t now, struct fault *why)
{
	int result = -1;

	if (e->store == NULL)
		return 0;
	if (e->filter != NULL)
		ask(e->statistics, e->filter);
	if (store_begin(e->store, why) < 0)
		return -1;
	if (keep(e, now, why) == 0 && find_blind(e, now, why) == 0)
		result = jail_touch(e->store, e->jail, now, why);
	if (store_end(e->store, result, why) < 0)
		return -1;
	close_books(e->statistics);
	tell_limits(e);
	tell_blind(e);
	return 0;
}
