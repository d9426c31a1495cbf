/* reason: see reason.h. */
#include "reason.h"

bool reason_weigh(struct reason *r, const struct exempt_reason *other)
{
	bool covers = address_contains(&other->address, r->about);

	if (!covers && !address_contains(r->about, &other->address))
		return false;
	if (covers || r->found.kind == EXEMPT_NOT) {
		r->found = *other;
		r->found.part = !covers;
	}
	return covers;
}
