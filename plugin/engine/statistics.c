/* statistics: see statistics.h. */
#include "statistics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/filter_stats.h"
#include "saslban/plural.h"
#include "saslban/stats.h"

enum { DAY = 86400 };

/* What was counted when it was last asked, and what of it is kept. */
struct rule_seen {
	struct rule_info found, kept;
	bool reported; /* that it runs into its limits */
};

struct filter_seen {
	struct spec_info found, kept;
	bool matched;  /* a failregex has, since it was last kept */
	bool reported; /* that prefregex runs into its limits */
	char example[REDACT_TEXT];
};

struct statistics {
	const struct settings *settings;
	const struct filter *source;
	const struct report *report;
	bool listed; /* every filter and rule has its row */
	struct rule_seen *rule;
	size_t rules;
	struct filter_seen filter[SETTINGS_FILTERS];
	size_t filters;
	struct filter_stats blind[SETTINGS_FILTERS]; /* to be reported */
	size_t nblind;
};

int statistics_open(struct statistics **out, const struct settings *settings,
		    const struct filter *f, const struct report *report,
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
	c->settings = settings;
	c->source = f;
	c->report = report;
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

/* ---- read the counters ---- */

static void ask(struct statistics *c)
{
	const struct filter *f = c->source;

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

static int keep_filter(const struct statistics *c, size_t i, struct store *s,
		       int64_t jail, int64_t now, struct fault *why)
{
	const struct filter_seen *t = &c->filter[i];
	struct filter_stats more = {
		.jail = jail,
		.lines = (int64_t)(t->found.lines - t->kept.lines),
		.unmatched = (int64_t)(t->found.unmatched - t->kept.unmatched),
		.ambiguous = (int64_t)(t->found.ambiguous - t->kept.ambiguous),
		.orphans = (int64_t)(t->found.orphans - t->kept.orphans),
		.overruns = (int64_t)(t->found.overruns - t->kept.overruns),
		.matched = t->matched,
	};

	if (c->listed && more.lines == 0 && more.overruns == 0 && !t->matched)
		return 0;
	memcpy(more.filter, c->settings->filter[i], sizeof(more.filter));
	memcpy(more.example, t->example, sizeof(more.example));
	return stats_filter_add(s, &more, now, why);
}

static int keep_rule(const struct statistics *c, const struct rule_seen *t,
		     struct store *s, int64_t jail, int64_t now,
		     struct fault *why)
{
	struct rule_stats more = {
		.jail = jail,
		.kind = rule_kinds[t->found.kind].word,
		.regex = t->found.regex,
		.hits = (int64_t)(t->found.hits - t->kept.hits),
		.overruns = (int64_t)(t->found.overruns - t->kept.overruns),
	};

	if (c->listed && more.hits == 0 && more.overruns == 0)
		return 0;
	snprintf(more.filter, sizeof(more.filter), "%s",
		 c->settings->filter[t->found.spec]);
	snprintf(more.name, sizeof(more.name), "%s", t->found.name);
	return stats_rule_add(s, &more, now, why);
}

static int keep(const struct statistics *c, struct store *s, int64_t jail,
		int64_t now, struct fault *why)
{
	int64_t retain = c->settings->retain;

	if (!c->listed &&
	    stats_unload(s, jail, retain == DURATION_FOREVER ? 0 : now - retain,
			 why) < 0)
		return -1;
	for (size_t i = 0; i < c->filters; i++)
		if (keep_filter(c, i, s, jail, now, why) < 0)
			return -1;
	for (size_t i = 0; i < c->rules; i++)
		if (c->rule[i].found.spec < c->filters &&
		    keep_rule(c, &c->rule[i], s, jail, now, why) < 0)
			return -1;
	return 0;
}

/* ---- which filters are blind? ---- */

struct search {
	struct statistics *statistics;
	int64_t now;
};

/* Reported at most once a day while it persists. */
static int see_filter(void *context, const struct filter_stats *s)
{
	const struct search *search = context;
	struct statistics *c = search->statistics;

	if (!filter_stats_blind(s) ||
	    (s->warned != 0 && search->now - s->warned < DAY))
		return 0;
	for (size_t i = 0; i < c->filters; i++)
		if (strcmp(c->settings->filter[i], s->filter) == 0 &&
		    c->filter[i].found.unmatched >
			    c->filter[i].kept.unmatched) {
			c->blind[c->nblind++] = *s;
			break;
		}
	return c->nblind == SETTINGS_FILTERS;
}

static int find_blind(struct statistics *c, struct store *s, int64_t jail,
		      int64_t now, struct fault *why)
{
	struct search search = {c, now};

	c->nblind = 0;
	if (stats_filter_each(s, jail, see_filter, &search, why) < 0)
		return -1;
	for (size_t i = 0; i < c->nblind; i++)
		if (stats_filter_warned(s, jail, c->blind[i].filter, now, why) <
		    0)
			return -1;
	return 0;
}

/* ---- report ---- */

static void report_limits(struct statistics *c)
{
	for (size_t i = 0; i < c->rules; i++) {
		struct rule_seen *t = &c->rule[i];

		if (t->reported || t->found.overruns == 0)
			continue;
		t->reported = true;
		report(c->report, REPORT_WARNING,
		       "rule '%s' in %s:%u ran into its limits, %llu time%s "
		       "so far; what it gives up on is no match",
		       t->found.name, t->found.file, t->found.line,
		       (unsigned long long)t->found.overruns,
		       plural(t->found.overruns));
	}
	for (size_t i = 0; i < c->filters; i++) {
		struct filter_seen *t = &c->filter[i];

		if (t->reported || t->found.overruns == 0)
			continue;
		t->reported = true;
		report(c->report, REPORT_WARNING,
		       "prefregex of filter '%s' ran into its limits, "
		       "%llu time%s so far; what it gives up on is no match",
		       c->settings->filter[i],
		       (unsigned long long)t->found.overruns,
		       plural(t->found.overruns));
	}
}

static void report_blind(struct statistics *c)
{
	char quiet[DURATION_TEXT];

	for (size_t i = 0; i < c->nblind; i++) {
		const struct filter_stats *s = &c->blind[i];

		report(c->report, REPORT_WARNING,
		       "filter '%.80s' seems blind: no match for %s, but "
		       "%lld unmatched lines look like failed logins, for "
		       "example '%s'; run 'saslbanctl test' on the log",
		       s->filter, duration_human(filter_stats_quiet(s), quiet),
		       (long long)s->unmatched_since_match, s->example);
	}
	c->nblind = 0;
}

static void note_kept(struct statistics *c)
{
	c->listed = true;
	for (size_t i = 0; i < c->rules; i++)
		c->rule[i].kept = c->rule[i].found;
	for (size_t i = 0; i < c->filters; i++) {
		c->filter[i].kept = c->filter[i].found;
		c->filter[i].example[0] = '\0';
	}
}

int statistics_keep(struct statistics *c, struct store *s, int64_t jail,
		    int64_t now, struct fault *why)
{
	int result = -1;

	if (c->source != NULL)
		ask(c);
	if (store_begin(s, why) < 0)
		return -1;
	if (keep(c, s, jail, now, why) == 0 &&
	    find_blind(c, s, jail, now, why) == 0)
		result = jail_touch(s, jail, now, why);
	if (store_end_soon(s, result, why) < 0)
		return -1;
	note_kept(c);
	report_limits(c);
	report_blind(c);
	return 0;
}

static bool has_news(const struct statistics *c)
{
	bool news = false;

	for (size_t i = 0; i < c->filters; i++)
		news = news || memcmp(&c->filter[i].found, &c->filter[i].kept,
				      sizeof(struct spec_info)) != 0;
	for (size_t i = 0; i < c->rules; i++)
		news = news || c->rule[i].found.hits != c->rule[i].kept.hits ||
		       c->rule[i].found.overruns != c->rule[i].kept.overruns;
	return news;
}

int statistics_keep_past(struct statistics *c, struct store *s, int64_t jail,
			 int64_t now, bool *any, struct fault *why)
{
	ask(c);
	c->listed = true; /* it gets no rows of its own any more */
	*any = has_news(c);
	if (!*any)
		return 0;
	if (store_begin(s, why) < 0 ||
	    store_end_soon(s, keep(c, s, jail, now, why), why) < 0)
		return -1;
	note_kept(c);
	return 0;
}
