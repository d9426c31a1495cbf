/*
 * start: the line with which a jail reports that it works: its filters, its
 * policy and its sets, in short.
 */
#ifndef SASLBAN_ENGINE_START_H
#define SASLBAN_ENGINE_START_H

#include <stdint.h>

#include "report.h"
#include "saslban/settings.h"

/* restored: entries that were missing from the sets and are in them now. */
void start_report(const struct report *report, const struct settings *settings,
		  uint64_t restored);

#endif
