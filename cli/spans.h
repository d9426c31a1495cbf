/*
 * spans: the days and hours of a survey, while it is taken.
 */
#ifndef SASLBAN_CLI_SPANS_H
#define SASLBAN_CLI_SPANS_H

#include <stdint.h>

#include "calendar.h"
#include "survey.h"

/* Room for all from begin to now; hours, if these are few. -1: out of memory.
 */
int spans_make(struct survey *s, struct calendar *c);

/* That of a day of the calendar, and that of the hour that began then; the
 * first or the last one, where there is none. NULL without any. */
struct survey_span *spans_day(struct survey *s, int64_t day);
struct survey_span *spans_hour(struct survey *s, int64_t from);

#endif
