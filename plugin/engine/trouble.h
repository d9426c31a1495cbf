/*
 * trouble: what is reported of sets that the kernel refuses: once when it
 * begins and once when it is over. When it refuses both sets at once, as
 * without the capability, that is one line.
 */
#ifndef SASLBAN_ENGINE_TROUBLE_H
#define SASLBAN_ENGINE_TROUBLE_H

#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/projection.h"

struct trouble {
	enum outcome reported[ENFORCER_SETS];
};

/* To be called when both have been polled. */
void trouble_report(struct trouble *t,
		    struct projection *const projection[ENFORCER_SETS],
		    const struct report *report);

#endif
