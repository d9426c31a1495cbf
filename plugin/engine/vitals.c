/* vitals: see vitals.h. */
#include "vitals.h"

#include <inttypes.h>
#include <stdio.h>

#include "saslban/jail.h"
#include "saslban/plain.h"
#include "saslban/plural.h"
#include "saslban/stats.h"
#include "saslban/zone.h"

enum { SILENT = 86400 /* seconds without a line of the filters' programs */ };

struct writing {
	struct paper *paper;
	unsigned *warnings;
	int64_t last; /* line of any filter */
};

static int see_filter(void *context, const struct filter_stats *f)
{
	struct writing *w = context;
	char name[64], at[ZONE_TEXT];

	plain_copy(name, sizeof(name), f->filter);
	if (f->last > w->last)
		w->last = f->last;
	if (f->matched == 0)
		paper_line(w->paper,
			   "  filter    %s: %" PRId64
			   " line%s, never a failed login",
			   name, f->lines, plural(f->lines));
	else
		paper_line(w->paper,
			   "  filter    %s: %" PRId64
			   " line%s, the last failed login %s",
			   name, f->lines, plural(f->lines),
			   zone_time(f->matched, at));
	if (!filter_stats_blind(f))
		return 0;
	paper_line(w->paper,
		   "  WARNING   %s is blind: %" PRId64 " lines look like "
		   "failed logins",
		   name, f->unmatched_since_match);
	paper_line(w->paper, "            that no rule knows; see saslbanctl "
			     "filter");
	++*w->warnings;
	return 0;
}

static void write_sets(struct writing *w, const struct settings *settings,
		       const struct sets *sets)
{
	bool refused = sets_refused(sets);
	struct paper *p = w->paper;

	if (!sets_enforce(sets)) {
		paper_line(p, "  engine    runs, and only observes: nobody is "
			      "banned");
		return;
	}
	paper_line(p, "  engine    runs, and bans with %s in set %s",
		   projection_kind(sets->projection[0])->name, settings->set);
	if (sets->watch.unruled)
		paper_line(p, "  WARNING   no firewall rule refers to the set: "
			      "bans block nothing");
	else
		paper_line(p, "  firewall  refers to the set");
	if (refused)
		paper_line(p, "  WARNING   the kernel refuses to change the "
			      "set: see saslbanctl doctor");
	*w->warnings += sets->watch.unruled + refused;
}

int vitals_write(struct paper *p, struct store *s, int64_t jail,
		 const struct settings *settings, const struct sets *sets,
		 int64_t now, unsigned *warnings, struct fault *why)
{
	struct writing w = {p, warnings, 0};
	char at[ZONE_TEXT];
	int64_t login;

	*warnings = 0;
	paper_line(p, "Is everything alive");
	write_sets(&w, settings, sets);
	if (stats_filter_each(s, jail, see_filter, &w, why) < 0 ||
	    jail_last_login(s, jail, &login, why) < 0)
		return -1;
	if (login > 0)
		paper_line(p, "  login     the last one %s",
			   zone_time(login, at));
	if (w.last == 0 || w.last <= now - SILENT) {
		paper_line(p, "  WARNING   the filters have read no line for a "
			      "day: is the log");
		paper_line(p, "            still passed to the module? See "
			      "saslbanctl doctor");
		++*warnings;
	} else {
		paper_line(p, "  log       the last line %s",
			   zone_time(w.last, at));
	}
	return 0;
}
