/* check_filters: do the filters load, and do lines reach them? */
#include "exam.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "matcher.h"
#include "quote.h"
#include "saslban/filter.h"
#include "saslban/plural.h"
#include "saslban/stats.h"

enum { QUIET = 86400 }; /* seconds without a line that are odd */

/* ---- do they load ---- */

/* Each alone, so that a broken one is named. */
static bool judge_filter(struct exam *x, const struct jail *j, const char *spec)
{
	const char *dirs[CLI_LIST];
	size_t ndirs = matcher_dirs(x->cli, &j->settings, dirs);
	char quoted[QUOTE_TEXT], dir[QUOTE_TEXT];
	struct filter *filter;
	struct fault why;

	if (filter_open(&filter, &spec, 1, dirs, ndirs, &why) == 0) {
		filter_close(filter);
		return true;
	}
	finding_add(&x->findings, FINDING_FAIL, "filters",
		    "jail '%s': '%s' does not load, and rsyslogd would start "
		    "without the jail: %.*s",
		    j->settings.name, spec, (int)strcspn(why.text, "\n"),
		    why.text);
	quote_shell(spec, quoted);
	if (ndirs > 0)
		finding_remedy(&x->findings, "saslbanctl filter %s --path %s",
			       quoted, quote_shell(dirs[0], dir));
	return false;
}

void check_filters(struct exam *x)
{
	for (size_t i = 0; i < x->session.jails; i++) {
		const struct jail *j = &x->session.jail[i];
		size_t loaded = 0;

		if (!exam_wants(x, j))
			continue;
		for (size_t k = 0; k < j->settings.filters; k++)
			loaded += judge_filter(x, j, j->settings.filter[k]);
		if (loaded == j->settings.filters)
			finding_add(&x->findings, FINDING_OK, "filters",
				    "jail '%s': %zu filter%s load%s",
				    j->settings.name, loaded, plural(loaded),
				    loaded == 1 ? "s" : "");
	}
}

/* ---- do they read ---- */

struct reading {
	struct exam *exam;
	const struct jail *jail;
	int64_t lines;
	int64_t last; /* line of all filters; 0: none */
};

static void judge_blind(struct exam *x, const struct jail *j,
			const struct filter_stats *s)
{
	char quiet[DURATION_TEXT], quoted[QUOTE_TEXT];

	finding_add(&x->findings, FINDING_WARN, "lines",
		    "jail '%s': '%s' is blind: %" PRId64 " lines look like "
		    "failed logins, and no rule has matched for %s",
		    j->settings.name, s->filter, s->unmatched_since_match,
		    output_left(filter_stats_quiet(s), 0, quiet));
	finding_remedy(&x->findings,
		       "saslbanctl test --filter %s /var/log/mail.log",
		       quote_shell(s->filter, quoted));
}

static int add_filter(void *context, const struct filter_stats *s)
{
	struct reading *r = context;

	r->lines += s->lines;
	if (s->last > r->last)
		r->last = s->last;
	if (filter_stats_blind(s))
		judge_blind(r->exam, r->jail, s);
	return 0;
}

static void judge_lines(const struct reading *r)
{
	struct findings *f = &r->exam->findings;
	const char *name = r->jail->settings.name;
	int64_t now = r->exam->cli->now;
	char ago[DURATION_TEXT];

	output_left(now, r->last, ago);
	if (r->lines > 0 && now - r->last <= QUIET) {
		finding_add(f, FINDING_OK, "lines",
			    "jail '%s' has read %" PRId64 " line%s, the last "
			    "one %s ago",
			    name, r->lines, plural(r->lines), ago);
		return;
	}
	if (r->lines == 0)
		finding_add(
			f, FINDING_WARN, "lines",
			"jail '%s' has read no line of a mail server yet, as "
			"far as is counted, which is once a minute; does "
			"the log reach its action?",
			name);
	else
		finding_add(f, FINDING_WARN, "lines",
			    "jail '%s' has read its last line %s ago; does the "
			    "log still reach its action?",
			    name, ago);
	finding_remedy(f, "saslbanctl test /var/log/mail.log");
}

void check_lines(struct exam *x)
{
	for (size_t i = 0; i < x->session.jails; i++) {
		struct reading r = {.exam = x, .jail = &x->session.jail[i]};
		struct fault why;

		if (!exam_wants(x, r.jail))
			continue;
		if (stats_filter_each(x->session.store, r.jail->id, add_filter,
				      &r, &why) < 0)
			finding_add(&x->findings, FINDING_FAIL, "lines", "%s",
				    why.text);
		else
			judge_lines(&r);
	}
}
