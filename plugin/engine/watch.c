/* watch: see watch.h. */
#include "watch.h"

enum { WATCH = 60 }; /* seconds between two looks */

void watch_begin(struct watch *w, struct moment now)
{
	w->due = now.boot + WATCH;
}

/* Rules may refer to one of the sets, or to the list that holds both; where
 * there is no list each of them needs its own. */
static bool is_unruled(const struct enforcer_kind *kind,
		       const int64_t references[ENFORCER_SETS])
{
	size_t without = 0;

	for (size_t i = 0; i < ENFORCER_SETS; i++)
		without += references[i] == 0;
	return kind->joint ? without == ENFORCER_SETS : without > 0;
}

static bool are_known(const int64_t references[ENFORCER_SETS])
{
	for (size_t i = 0; i < ENFORCER_SETS; i++)
		if (references[i] < 0)
			return false;
	return true;
}

static void warn_unruled(struct watch *w, bool unruled,
			 const struct enforcer_kind *kind, const char *name,
			 const struct report *r)
{
	if (unruled && !w->unruled && kind->joint)
		report(r, REPORT_WARNING,
		       "no firewall rule refers to set '%s': bans block "
		       "nothing; see %s",
		       name, kind->rules);
	else if (unruled && !w->unruled)
		report(r, REPORT_WARNING,
		       "some sets of '%s4' and '%s6' have no firewall rule: "
		       "bans in them block nothing; see %s",
		       name, name, kind->rules);
	w->unruled = unruled;
}

int watch_poll(struct watch *w,
	       struct projection *const projection[ENFORCER_SETS],
	       struct store *s, const char *list, const struct report *report,
	       struct moment now, struct fault *why)
{
	const struct enforcer_kind *kind = projection_kind(projection[0]);
	int64_t references[ENFORCER_SETS];

	if (now.boot < w->due)
		return 0;
	w->due = now.boot + WATCH;
	for (size_t i = 0; i < ENFORCER_SETS; i++)
		if (projection_watch(projection[i], s, now, &references[i],
				     why) < 0)
			return -1;
	if (are_known(references))
		warn_unruled(w, is_unruled(kind, references), kind, list,
			     report);
	return 0;
}
