/* watch: see watch.h. */
#include "watch.h"

enum { WATCH = 60 }; /* seconds between two looks */

void watch_begin(struct watch *w, struct moment now)
{
	w->due = now.boot + WATCH;
}

/* Rules may refer to one of the sets, or to the list that holds both. */
static void warn_unruled(struct watch *w, int64_t references, const char *list,
			 const struct report *r)
{
	bool unruled = references == 0;

	if (unruled && !w->unruled)
		report(r, REPORT_WARNING,
		       "no firewall rule refers to set '%s': bans block "
		       "nothing; see saslban-firewall",
		       list);
	w->unruled = unruled;
}

int watch_poll(struct watch *w,
	       struct projection *const projection[ENFORCER_SETS],
	       struct store *s, const char *list, const struct report *report,
	       struct moment now, struct fault *why)
{
	int64_t references, total = 0;
	bool known = true;

	if (now.boot < w->due)
		return 0;
	w->due = now.boot + WATCH;
	for (size_t i = 0; i < ENFORCER_SETS; i++) {
		if (projection_watch(projection[i], s, now, &references, why) <
		    0)
			return -1;
		known = known && references >= 0;
		total += references;
	}
	if (known)
		warn_unruled(w, total, list, report);
	return 0;
}
