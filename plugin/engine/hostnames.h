/*
 * hostnames: the addresses of the host names in ignoreip and its files, kept in
 * the store, so that they are exempt also after a start without a name server.
 */
#ifndef SASLBAN_ENGINE_HOSTNAMES_H
#define SASLBAN_ENGINE_HOSTNAMES_H

#include "report.h"
#include "saslban/exempt.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/store.h"

/* The last known addresses, until a lookup says better. */
int hostnames_load(struct exempt *x, struct store *s, struct fault *why);

/* Keep what lookups have answered since, and report names in trouble. No
 * answer, no transaction. */
int hostnames_keep(struct exempt *x, struct store *s,
		   const struct report *report, struct moment now,
		   struct fault *why);

#endif
