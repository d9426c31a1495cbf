/*
 * reports: what the module says, into rsyslog's own log. A part of the adapter:
 * sees rsyslog.
 */
#ifndef SASLBAN_OMSASLBAN_REPORTS_H
#define SASLBAN_OMSASLBAN_REPORTS_H

#include "saslban/reporter.h"

/* A reporter's write; needs no context. */
void reports_write(void *context, enum report_level level, const char *text);

#endif
