/*
 * start: the line with which a jail reports that it works: its filters, its
 * policy and its sets, in short.
 */
#ifndef SASLBAN_ENGINE_START_H
#define SASLBAN_ENGINE_START_H

#include <stdint.h>

#include "report.h"
#include "saslban/enforcer.h"
#include "saslban/settings.h"

/* kind: NULL when the jail only observes. restored: entries that were missing
 * from the sets and are in them now. */
void start_report(const struct report *report, const struct settings *settings,
		  const struct enforcer_kind *kind, uint64_t restored);

#endif
