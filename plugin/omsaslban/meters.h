/*
 * meters: what a jail has counted, for rsyslog's impstats. A part of the
 * adapter: sees rsyslog.
 *
 * rsyslogd counts only while impstats is loaded. Any thread may count.
 */
#ifndef SASLBAN_OMSASLBAN_METERS_H
#define SASLBAN_OMSASLBAN_METERS_H

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <statsobj.h>

/* All zero until meters_open. */
struct meters {
	statsobj_t *stats;
	STATSCOUNTER_DEF(lines, mutex_lines)
	STATSCOUNTER_DEF(failures, mutex_failures)
	STATSCOUNTER_DEF(dropped, mutex_dropped)
	STATSCOUNTER_DEF(foreign, mutex_foreign)
};

/* Once each, from modInit and modExit. */
rsRetVal meters_use(void);
void meters_release(void);

/* Under the jail's name. */
rsRetVal meters_open(struct meters *m, const char *jail);

/* Fine without meters_open, or when it has failed. */
void meters_close(struct meters *m);

#endif
