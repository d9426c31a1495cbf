/*
 * meters: what a jail has counted, for rsyslog's impstats. A part of the
 * adapter: sees rsyslog.
 *
 * The numbers are the jail's own (saslban/meter.h): they are there without
 * impstats, too, and nobody sets them back.
 */
#ifndef SASLBAN_OMSASLBAN_METERS_H
#define SASLBAN_OMSASLBAN_METERS_H

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <statsobj.h>

#include "saslban/meter.h"

/* All zero until meters_open. */
struct meters {
	statsobj_t *stats;
	struct meter count;
};

/* Once each, from modInit and modExit. */
rsRetVal meters_use(void);
void meters_release(void);

/* Under the jail's name. */
rsRetVal meters_open(struct meters *m, const char *jail);

/* Fine without meters_open, or when it has failed. */
void meters_close(struct meters *m);

#endif
