/*
 * engine_count: what the filters and their rules have seen, once a minute.
 *
 * Workers only count; here the counters are read and what has been added to
 * them goes into the store, so that it outlives a restart. What a transaction
 * could not keep is kept by the next one. Then two things are said that
 * nobody would find out otherwise: a rule runs into its limits, and a filter
 * is deaf (see saslban/source.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_impl.h"
#include "saslban/duration.h"
#include "saslban/jail.h"
#include "saslban/source.h"
#include "saslban/stats.h"

enum { DAY = 86400 };

/* What was counted when it was last asked, and what of it is kept. */
struct rule_tally {
	struct rule_info found, kept;
	bool told; /* of its limits */
};

struct source_tally {
	struct source_info found, kept;
	bool matched; /* a failregex has, since it was last kept */
	bool told;    /* of the limits of prefregex */
	char example[REDACT_TEXT];
};

struct census {
	bool listed; /* every filter and rule has its row */
	struct rule_tally *rule;
	size_t rules;
	struct source_tally source[SETTINGS_FILTERS];
	size_t sources;
	struct source deaf[SETTINGS_FILTERS]; /* to be told of */
	size_t ndeaf;
};

int census_open(struct census **out, const struct filter *f, struct fault *why)
{
	struct census *c = calloc(1, sizeof(*c));

	if (c != NULL && f != NULL) {
		c->rules = filter_rules(f);
		c->sources = filter_sources(f);
		if (c->sources > SETTINGS_FILTERS)
			c->sources = SETTINGS_FILTERS;
		c->rule = calloc(c->rules + 1, sizeof(*c->rule));
	}
	if (c == NULL || (f != NULL && c->rule == NULL)) {
		free(c);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	*out = c;
	return 0;
}

void census_close(struct census *c)
{
	if (c == NULL)
		return;
	free(c->rule);
	free(c);
}

void census_relist(struct census *c)
{
	c->listed = false;
}

/* ---- ask ---- */

static void ask(struct census *c, const struct filter *f)
{
	for (size_t i = 0; i < c->sources; i++) {
		struct source_tally *t = &c->source[i];

		filter_source(f, i, &t->found);
		if (t->example[0] == '\0')
			(void)filter_example(f, i, t->example);
		t->matched = false;
	}
	for (size_t i = 0; i < c->rules; i++) {
		struct rule_tally *t = &c->rule[i];

		filter_rule(f, i, &t->found);
		if (t->found.kind == RULE_FAIL &&
		    t->found.hits > t->kept.hits &&
		    t->found.source < c->sources)
			c->source[t->found.source].matched = true;
	}
}

/* ---- keep ---- */

static int keep_source(struct engine *e, size_t i, int64_t now,
		       struct fault *why)
{
	const struct source_tally *t = &e->census->source[i];
	struct source more = {
		.jail = e->jail,
		.lines = (int64_t)(t->found.lines - t->kept.lines),
		.telltales = (int64_t)(t->found.telltales - t->kept.telltales),
		.overruns = (int64_t)(t->found.overruns - t->kept.overruns),
		.matched = t->matched,
	};

	if (e->census->listed && more.lines == 0 && more.overruns == 0 &&
	    !t->matched)
		return 0;
	memcpy(more.filter, e->settings->filter[i], sizeof(more.filter));
	memcpy(more.example, t->example, sizeof(more.example));
	return store_source_add(e->store, &more, now, why);
}

static int keep_rule(struct engine *e, const struct rule_tally *t, int64_t now,
		     struct fault *why)
{
	static const char *const kinds[] = {[RULE_FAIL] = "failure",
					    [RULE_OK] = "success",
					    [RULE_TROUBLE] = "trouble",
					    [RULE_IGNORE] = "ignore"};
	struct source_rule more = {
		.jail = e->jail,
		.kind = kinds[t->found.kind],
		.regex = t->found.regex,
		.hits = (int64_t)(t->found.hits - t->kept.hits),
		.overruns = (int64_t)(t->found.overruns - t->kept.overruns),
	};

	if (e->census->listed && more.hits == 0 && more.overruns == 0)
		return 0;
	snprintf(more.filter, sizeof(more.filter), "%s",
		 e->settings->filter[t->found.source]);
	snprintf(more.name, sizeof(more.name), "%s", t->found.name);
	return store_rule_add(e->store, &more, now, why);
}

static int keep(struct engine *e, int64_t now, struct fault *why)
{
	const struct census *c = e->census;
	int64_t retain = e->settings->retain;

	if (!c->listed &&
	    store_sources_unload(e->store, e->jail,
				 retain == DURATION_FOREVER ? 0 : now - retain,
				 why) < 0)
		return -1;
	for (size_t i = 0; i < c->sources; i++)
		if (keep_source(e, i, now, why) < 0)
			return -1;
	for (size_t i = 0; i < c->rules; i++)
		if (c->rule[i].found.source < c->sources &&
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
static int see_source(void *context, const struct source *s)
{
	const struct search *search = context;
	const struct engine *e = search->e;
	struct census *c = e->census;

	if (!source_is_deaf(s) ||
	    (s->warned != 0 && search->now - s->warned < DAY))
		return 0;
	for (size_t i = 0; i < c->sources; i++)
		if (strcmp(e->settings->filter[i], s->filter) == 0 &&
		    c->source[i].found.telltales >
			    c->source[i].kept.telltales) {
			c->deaf[c->ndeaf++] = *s;
			break;
		}
	return c->ndeaf == SETTINGS_FILTERS;
}

static int find_deaf(struct engine *e, int64_t now, struct fault *why)
{
	struct search search = {e, now};
	struct census *c = e->census;

	c->ndeaf = 0;
	if (store_source_each(e->store, e->jail, see_source, &search, why) < 0)
		return -1;
	for (size_t i = 0; i < c->ndeaf; i++)
		if (store_source_warned(e->store, e->jail, c->deaf[i].filter,
					now, why) < 0)
			return -1;
	return 0;
}

/* ---- tell ---- */

static void tell_limits(struct engine *e)
{
	struct census *c = e->census;

	for (size_t i = 0; i < c->rules; i++) {
		struct rule_tally *t = &c->rule[i];

		if (t->told || t->found.overruns == 0)
			continue;
		t->told = true;
		engine_say(e, REPORT_WARNING,
			   "rule '%s' in %s:%u ran into its limits, %llu times "
			   "so far; what it gives up on is no match",
			   t->found.name, t->found.file, t->found.line,
			   (unsigned long long)t->found.overruns);
	}
	for (size_t i = 0; i < c->sources; i++) {
		struct source_tally *t = &c->source[i];

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

static void tell_deaf(struct engine *e)
{
	char span[DURATION_TEXT];

	for (size_t i = 0; i < e->census->ndeaf; i++) {
		const struct source *s = &e->census->deaf[i];

		engine_say(e, REPORT_WARNING,
			   "filter '%.80s' has matched no failed login for %s, "
			   "while %lld lines look like some, as '%s'; try "
			   "saslbanctl test on your log",
			   s->filter, duration_human(source_quiet(s), span),
			   (long long)s->missed, s->example);
	}
	e->census->ndeaf = 0;
}

static void close_books(struct census *c)
{
	c->listed = true;
	for (size_t i = 0; i < c->rules; i++)
		c->rule[i].kept = c->rule[i].found;
	for (size_t i = 0; i < c->sources; i++) {
		c->source[i].kept = c->source[i].found;
		c->source[i].example[0] = '\0';
	}
}

int engine_count(struct engine *e, int64_t now, struct fault *why)
{
	int result = -1;

	if (e->store == NULL)
		return 0;
	if (e->filter != NULL)
		ask(e->census, e->filter);
	if (store_begin(e->store, why) < 0)
		return -1;
	if (keep(e, now, why) == 0 && find_deaf(e, now, why) == 0)
		result = jail_touch(e->store, e->jail, now, why);
	if (store_end(e->store, result, why) < 0)
		return -1;
	close_books(e->census);
	tell_limits(e);
	tell_deaf(e);
	return 0;
}
