/*
 * watch: a look at the sets of a jail, once a minute. Others may flush, swap
 * or recreate them, or remove the firewall rule, and the kernel notifies
 * nobody.
 */
#ifndef SASLBAN_ENGINE_WATCH_H
#define SASLBAN_ENGINE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/projection.h"
#include "saslban/store.h"

struct watch {
	int64_t due;  /* boot: the next look */
	bool unruled; /* no firewall rule refers to the sets, and that was
		       * reported */
};

/* The first look is a minute away: a firewall that is loaded after rsyslogd
 * is no reason for a warning. */
void watch_begin(struct watch *w, struct moment now);

/* Look, if it is time. list: the name under which rules refer to both sets. */
int watch_poll(struct watch *w,
	       struct projection *const projection[ENFORCER_SETS],
	       struct store *s, const char *list, const struct report *report,
	       struct moment now, struct fault *why);

#endif
