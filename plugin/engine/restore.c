/* restore: see restore.h. */
#include "restore.h"

#include <stdbool.h>

#include "saslban/projection.h"
#include "saslban/store.h"

enum { AGAIN = 10 }; /* seconds between two tries */

/* A set is filled once, unless it was replaced or flushed meanwhile. Entries
 * that run out look like that, too: to fill it again changes nothing then. */
static bool is_filled(const struct restore *r, struct enforcer *e,
		      enum enforcer_set set)
{
	struct set_state state;

	return r->identity[set] != 0 &&
	       e->ops->state(e, set, &state, NULL) == 0 &&
	       state.identity == r->identity[set] &&
	       state.elements >= r->elements[set];
}

static void fill(struct restore *r, struct store *s, struct enforcer *e,
		 enum enforcer_set set, const struct report *report_to,
		 int64_t now)
{
	struct set_state state;
	struct fault why;
	bool again;
	size_t n;

	if (projection_restore(s, e, set, now, &n, &why) < 0 ||
	    e->ops->state(e, set, &state, &why) < 0) {
		report(report_to, REPORT_ERROR,
		       "known bans are not enforced: %s", why.text);
		return;
	}
	again = r->identity[set] == state.identity;
	r->identity[set] = state.identity;
	r->elements[set] = state.elements;
	if (again)
		return; /* reported already */
	report(report_to, REPORT_WARNING,
	       "the database can be read and not written: %zu known ban%s "
	       "enforced in set '%s', new ones wait",
	       n, n == 1 ? " is" : "s are", e->ops->name(e, set));
}

void restore_poll(struct restore *r, const struct settings *settings,
		  struct enforcer *e, const struct report *report,
		  struct moment now)
{
	struct store *store;

	if (now.boot < r->due)
		return;
	r->due = now.boot + AGAIN;
	if (store_open(&store, settings->database, STORE_READ, NULL) < 0)
		return;
	for (enum enforcer_set set = 0; set < ENFORCER_SETS; set++)
		if (!is_filled(r, e, set))
			fill(r, store, e, set, report, now.wall);
	store_close(store);
}
