/* trouble: see trouble.h. */
#include "trouble.h"

#include <stdbool.h>

/* The kernel refuses both: the second set has nothing to add. */
static bool is_same(const enum outcome outcome[ENFORCER_SETS],
		    enum enforcer_set set)
{
	return set == ENFORCER_V6 && outcome[ENFORCER_V4] == KERNEL_REFUSED &&
	       outcome[ENFORCER_V6] == KERNEL_REFUSED;
}

static bool is_over(const enum outcome outcome[ENFORCER_SETS])
{
	for (size_t i = 0; i < ENFORCER_SETS; i++)
		if (outcome[i] != CARRIED_OUT)
			return false;
	return true;
}

void trouble_report(struct trouble *t,
		    struct projection *const projection[ENFORCER_SETS],
		    const struct report *r)
{
	enum outcome outcome[ENFORCER_SETS];
	const char *reason[ENFORCER_SETS];
	bool ended = false;

	for (size_t i = 0; i < ENFORCER_SETS; i++)
		outcome[i] = projection_outcome(projection[i], &reason[i]);
	for (size_t i = 0; i < ENFORCER_SETS; i++) {
		bool begins = t->reported[i] == CARRIED_OUT &&
			      outcome[i] != CARRIED_OUT;

		ended = ended || t->reported[i] != CARRIED_OUT;
		t->reported[i] = outcome[i];
		if (begins && !is_same(outcome, i))
			report(r, REPORT_ERROR, "%s: %s",
			       outcome[i] == KERNEL_REFUSED
				       ? "bans are recorded but not enforced"
				       : "some bans are recorded but not "
					 "enforced",
			       reason[i]);
	}
	if (ended && is_over(outcome))
		report(r, REPORT_NOTICE, "bans are enforced again");
}
