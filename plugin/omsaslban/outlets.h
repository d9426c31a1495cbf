/*
 * outlets: the outlets of one jail. A part of the adapter: sees rsyslog.
 */
#ifndef SASLBAN_OMSASLBAN_OUTLETS_H
#define SASLBAN_OMSASLBAN_OUTLETS_H

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include "feed.h"
#include "saslban/reporter.h"
#include "saslban/settings.h"

/* All zero at first. */
struct outlets {
	struct feed *of[OUTLETS];      /* NULL: not configured, or not there */
	struct fault trouble[OUTLETS]; /* why one that is gets nothing */
};

/* Find the rulesets. One that does not exist is a configuration error; the jail
 * works without it. Borrows the settings. */
void outlets_find(struct outlets *o, rsconf_t *conf, const struct settings *s);

/* One that cannot be used is reported as an error. */
void outlets_go(struct outlets *o, const struct settings *s);

/* A reporter's submit, with the outlets as its context. */
bool outlets_submit(void *context, enum outlet outlet,
		    const struct outgoing *m);

/* Its passed. */
bool outlets_passed(void *context, enum outlet outlet);

/* Its trouble, after outlets_go. */
const char *outlets_trouble(void *context, enum outlet outlet);

/* After the engine's end. */
void outlets_close(struct outlets *o);

#endif
