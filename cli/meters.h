/*
 * meters: what the numbers of saslbanctl metrics are, and where they come from.
 *
 * Labels are jails, sets, filters, rules, services, and words of ours: how many
 * series there are depends on the configuration and not on who attacks. No
 * address and no user is one.
 */
#ifndef SASLBAN_CLI_METERS_H
#define SASLBAN_CLI_METERS_H

#include "exposition.h"
#include "session.h"

/* Into x, which has the families of metric.h. Of all jails, as they are now.
 * What cannot be asked, as a set that is missing, is left out, and another
 * number says so. -1 when the store refuses. */
int meters_take(struct exposition *x, const struct session *s,
		struct fault *why);

#endif
