/*
 * report: one jail's lines in the log, and a limit on how many.
 *
 * A line about the jail itself (trouble, a warning) is always written. Lines
 * about single bans are limited to REPORT_PER_SECOND: a spray of addresses
 * must not become a flood of log lines. What is left out is counted, and a
 * line gives the number; the store has all of them.
 */
#ifndef SASLBAN_ENGINE_REPORT_H
#define SASLBAN_ENGINE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/reporter.h"

#define REPORT_PER_SECOND 20

struct report {
	const char *jail;                /* borrowed */
	const struct reporter *reporter; /* borrowed */
	int64_t second;                  /* boot clock: which one it is */
	unsigned written;                /* lines about bans in it */
	uint64_t left_out;               /* and not written */
};

void report_init(struct report *r, const char *jail,
		 const struct reporter *reporter);

/* `jail NAME: ` and the text. */
void report(const struct report *r, enum report_level level, const char *format,
	    ...) __attribute__((format(printf, 3, 4)));

/* Is there room for one more of them? If not, it is one more that was left
 * out, and need not be put into words. */
bool report_has_room(struct report *r, int64_t boot);

/* The same for a line about a single ban, unless this second has had
 * REPORT_PER_SECOND. */
void report_ban(struct report *r, int64_t boot, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* How many were left out, unless this is still the second in which they were.
 * INT64_MAX: in any case. */
void report_left_out(struct report *r, int64_t boot);

#endif
