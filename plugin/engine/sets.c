/* sets: see sets.h. */
#include "sets.h"

int sets_open(struct sets *sets, const struct settings *settings,
	      struct enforcer *e, const struct report *report,
	      struct fault *why)
{
	sets->settings = settings;
	sets->report = report;
	for (size_t i = 0; i < ENFORCER_SETS && settings->enforce; i++)
		if (projection_open(&sets->projection[i], e, i, report, why) <
		    0)
			return -1;
	return 0;
}

void sets_close(struct sets *sets)
{
	for (size_t i = 0; i < ENFORCER_SETS; i++)
		projection_close(sets->projection[i]);
}

bool sets_enforce(const struct sets *sets)
{
	return sets->projection[0] != NULL;
}

void sets_forget(struct sets *sets, int64_t adopt, struct moment now)
{
	for (size_t i = 0; i < ENFORCER_SETS && sets_enforce(sets); i++)
		projection_forget(sets->projection[i], adopt);
	watch_begin(&sets->watch, now);
}

/* One set at a time: one that has begun goes on. What a comparison has found is
 * done at its end. */
static int compare(struct sets *sets, struct store *s, struct moment now,
		   struct fault *why)
{
	size_t first = 0;

	for (size_t i = 0; i < ENFORCER_SETS; i++)
		if (projection_is_comparing(sets->projection[i]))
			first = i;
	for (size_t i = 0; i < ENFORCER_SETS; i++) {
		struct projection *p =
			sets->projection[(first + i) % ENFORCER_SETS];

		if (projection_compare(p, s, now, why) < 0)
			return -1;
		if (projection_is_comparing(p))
			break;
		if (projection_poll(p, s, now, false, why) < 0)
			return -1;
	}
	return 0;
}

int sets_poll(struct sets *sets, struct store *s, struct moment now,
	      bool changed, struct fault *why)
{
	if (!sets_enforce(sets))
		return 0;
	if (watch_poll(&sets->watch, sets->projection, s, sets->settings->set,
		       sets->report, now, why) < 0)
		return -1;
	for (size_t i = 0; i < ENFORCER_SETS; i++)
		if (projection_poll(sets->projection[i], s, now, changed, why) <
		    0)
			return -1;
	if (compare(sets, s, now, why) < 0)
		return -1;
	trouble_report(&sets->trouble, sets->projection, sets->report);
	return 0;
}

bool sets_known(const struct sets *sets, uint64_t *added)
{
	*added = 0;
	for (size_t i = 0; i < ENFORCER_SETS && sets_enforce(sets); i++) {
		if (!projection_is_known(sets->projection[i]))
			return false;
		*added += projection_added(sets->projection[i]);
	}
	return true;
}

bool sets_refused(const struct sets *sets)
{
	for (size_t i = 0; i < ENFORCER_SETS; i++)
		if (sets->trouble.reported[i] != CARRIED_OUT)
			return true;
	return false;
}

int64_t sets_due(const struct sets *sets, struct moment last)
{
	int64_t due = sets->watch.due;

	if (!sets_enforce(sets))
		return INT64_MAX;
	for (size_t i = 0; i < ENFORCER_SETS; i++) {
		int64_t other = projection_due(sets->projection[i], last);

		if (other < due)
			due = other;
	}
	return due;
}
