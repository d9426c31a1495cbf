/* overview_head: whether a jail has an engine, and what happened that somebody
 * should look into. */
#include "overview_parts.h"

#include <inttypes.h>

#include "flow.h"
#include "saslban/plural.h"

enum { DAY = 86400 };

/* An engine that may not be asked whether it runs is judged by when it wrote
 * last, and so is one that runs and cannot write. */
static void print_engine(const struct overview *v, struct flow *f, int64_t now)
{
	int64_t seen = v->jail->seen;
	bool silent = seen == 0 || now - seen > SESSION_SILENT;
	char ago[DURATION_TEXT];

	output_left(now, seen, ago);
	if ((v->trouble & OVERVIEW_NO_ENGINE) != 0 && seen == 0)
		flow_put(f, BAD, "NO ENGINE RUNS and none ever has");
	else if ((v->trouble & OVERVIEW_NO_ENGINE) != 0)
		flow_put(f, BAD, "NO ENGINE RUNS; the last one wrote %s ago",
			 ago);
	else if (silent && seen == 0)
		flow_put(f, BAD, "engine runs and has not written yet");
	else if (silent)
		flow_put(f, BAD, "engine runs, but has not written for %s",
			 ago);
	else
		flow_put(f, PLAIN, "engine wrote %s ago", ago);
}

/* What to do about it, on a line of its own. */
static void print_advice(const struct overview *v, const struct output *o)
{
	struct flow f;

	if ((v->trouble & OVERVIEW_NO_ENGINE) == 0)
		return;
	flow_begin(&f, o, PARTS_INDENT, "");
	flow_put(&f, CARE,
		 "is rsyslogd running, and does its configuration have this "
		 "jail? 'rsyslogd -N1' shows what is wrong with it");
	flow_end(&f);
}

static void print_heading(const struct overview *v, const struct output *o,
			  int64_t now)
{
	const struct settings *s = &v->jail->settings;
	struct flow f;

	flow_begin(&f, o, 0, "");
	flow_put(&f, STRONG, "%s", s->name);
	flow_put(&f, PLAIN, ": ");
	if (s->enforce)
		flow_put(&f, GOOD, "enforces");
	else
		flow_put(&f, CARE, "only observes");
	flow_put(&f, PLAIN, ", ");
	print_engine(v, &f, now);
	flow_end(&f);
}

/* What happened that somebody should look into. */
static void print_alarms(const struct overview *v, const struct output *o,
			 int64_t now)
{
	struct evidence latest = v->evidence;

	evidence_print_breaches(&v->evidence, o, PARTS_INDENT, PARTS_WIDTH,
				" in the last 7d");
	attacks_print(&v->attacks, o, PARTS_INDENT, PARTS_WIDTH);
	if (latest.outages > 1)
		latest.outages = 1;
	evidence_print_outages(&latest, o, PARTS_INDENT, PARTS_WIDTH, now);
}

void parts_head(const struct overview *v, const struct output *o, int64_t now)
{
	print_heading(v, o, now);
	print_advice(v, o);
	print_alarms(v, o, now);
}

/* Somebody writes lines in the name of a server. */
void parts_foreign(const struct overview *v, const struct output *o,
		   int64_t now)
{
	const struct jail *jail = v->jail;
	char ago[DURATION_TEXT];
	struct flow f;

	if (jail->foreign_lines == 0 || now - jail->foreign_last > DAY)
		return;
	flow_begin(&f, o, PARTS_INDENT, "foreign   ");
	flow_put(&f, BAD,
		 "%" PRId64 " line%s that somebody else wrote, the last %s "
		 "ago",
		 jail->foreign_lines, plural(jail->foreign_lines),
		 output_left(now, jail->foreign_last, ago));
	flow_end(&f);
}
