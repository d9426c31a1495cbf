/* overview_filters: what the filters of a jail have seen. */
#include "overview_parts.h"

#include <inttypes.h>

#include "flow.h"
#include "saslban/plural.h"

enum { EXAMPLE = 14 };

static void print_example(const struct output *o, const struct filter_stats *s)
{
	struct flow f;

	if (s->example[0] == '\0')
		return;
	flow_begin(&f, o, EXAMPLE, "");
	flow_put(&f, FAINT, "%s", s->example);
	flow_end(&f);
}

/* Lines that a rule may be lacking for. */
static void print_unmatched(const struct output *o,
			    const struct filter_stats *s)
{
	const char *end = s->example[0] == '\0' ? "" : ", such as";
	char quiet[DURATION_TEXT];
	struct flow f;

	if (s->unmatched == 0)
		return;
	flow_begin(&f, o, EXAMPLE, "");
	if (filter_stats_blind(s))
		flow_put(&f, BAD, "BLIND for %s: %" PRId64 " unmatched lines%s",
			 output_left(filter_stats_quiet(s), 0, quiet),
			 s->unmatched_since_match, end);
	else
		flow_put(&f, CARE,
			 "%" PRId64 " unmatched line%s that look%s like a "
			 "failed login%s",
			 s->unmatched, plural(s->unmatched),
			 s->unmatched == 1 ? "s" : "", end);
	flow_end(&f);
	print_example(o, s);
}

/* Failed logins that count for nobody. */
static void print_lost(const struct output *o, const struct filter_stats *s)
{
	struct flow f;

	if (s->ambiguous > 0) {
		flow_begin(&f, o, EXAMPLE, "");
		flow_put(&f, CARE,
			 "ambiguous lines: %" PRId64 "; failed logins, and what"
			 " the sender wrote hides the address",
			 s->ambiguous);
		flow_end(&f);
	}
	if (s->orphans > 0) {
		flow_begin(&f, o, EXAMPLE, "");
		flow_put(&f, CARE,
			 "orphans: %" PRId64 "; failed logins of connections"
			 " that are not known, or not any more",
			 s->orphans);
		flow_end(&f);
	}
}

/* The numbers lag behind the failures by up to a minute, so that there may be
 * failures and no lines. */
static bool not_counted_yet(const struct overview *v)
{
	for (size_t i = 0; i < v->filters; i++)
		if (v->filter[i].lines > 0)
			return false;
	return v->totals.failures > 0;
}

static void print_filter(const struct overview *v, const struct output *o,
			 size_t i, int64_t now)
{
	const struct filter_stats *s = &v->filter[i];
	char ago[DURATION_TEXT];
	struct flow f;

	flow_begin(&f, o, PARTS_INDENT, i == 0 ? "filters   " : PARTS_NONE);
	flow_put(&f, PLAIN, "%s: ", s->filter);
	if (s->lines == 0 && not_counted_yet(v))
		flow_put(&f, PLAIN, "lines are counted once a minute");
	else if (s->lines == 0)
		flow_put(&f, PLAIN, "no lines yet");
	else if (s->matched == 0)
		flow_put(&f, PLAIN, "%" PRId64 " line%s, no match yet",
			 s->lines, plural(s->lines));
	else
		flow_put(&f, PLAIN, "%" PRId64 " line%s, last match %s ago",
			 s->lines, plural(s->lines),
			 output_left(now, s->matched, ago));
	flow_end(&f);
	print_unmatched(o, s);
	print_lost(o, s);
}

void parts_filters(const struct overview *v, const struct output *o,
		   int64_t now)
{
	for (size_t i = 0; i < v->filters; i++)
		print_filter(v, o, i, now);
}

/* ---- in short ---- */

/* A filter that never fired, or does not any more. */
static void put_trouble(struct flow *f, const struct filter_stats *s)
{
	char quiet[DURATION_TEXT];

	flow_put(f, PLAIN, "%s: ", s->filter);
	if (filter_stats_blind(s))
		flow_put(f, BAD, "BLIND for %s: %" PRId64 " unmatched lines",
			 output_left(filter_stats_quiet(s), 0, quiet),
			 s->unmatched_since_match);
	else if (s->lines == 0)
		flow_put(f, CARE, "no lines yet");
	else
		flow_put(f, CARE, "%" PRId64 " line%s, never matched", s->lines,
			 plural(s->lines));
}

void parts_filters_brief(const struct overview *v, const struct output *o)
{
	const char *comma = "";
	size_t good = 0;
	struct flow f;

	if (v->filters == 0)
		return;
	flow_begin(&f, o, PARTS_INDENT, "filters   ");
	if (not_counted_yet(v)) {
		flow_put(&f, PLAIN, "lines are counted once a minute");
		flow_end(&f);
		return;
	}
	for (size_t i = 0; i < v->filters; i++) {
		const struct filter_stats *s = &v->filter[i];

		if (!filter_stats_blind(s) && s->matched != 0) {
			good++;
			continue;
		}
		flow_put(&f, PLAIN, "%s", comma);
		put_trouble(&f, s);
		comma = "; ";
	}
	if (good == v->filters)
		flow_put(&f, PLAIN, "%zu, all of them match", good);
	else if (good > 0)
		flow_put(&f, PLAIN, "; %zu other%s match%s", good, plural(good),
			 good == 1 ? "es" : "");
	flow_end(&f);
}
