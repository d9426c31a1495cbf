/*
 * rawline: one line of a log file -> a log line as the module sees it.
 *
 * For the tools that read files: saslbanctl test, the sample runner. The date
 * is found at the start of the line or, for programs that write their own
 * logs, near it; it is taken out. What is left is cut into host name, tag and
 * message when it has that form, else it is all text, as it stands.
 *
 * The tag ends where rsyslogd would end it, so that a line of a file gives what
 * its record gives. Other tools that show records put something in front, which
 * is taken out as well: journalctl the day and the zone, docker compose the
 * name of the container and a bar.
 *
 * Understood: syslog (RFC 3164, with or without a year, with or without a
 * priority; RFC 5424), ISO 8601 with or without zone, and the date shapes that
 * Apache, DirectAdmin, Exim, Kerio, Domino, ASSP, asctime, epoch and TAI64N
 * logs use.
 */
#ifndef SASLBAN_RAWLINE_H
#define SASLBAN_RAWLINE_H

#include <stdbool.h>

#include "saslban/logline.h"

struct rawline {
	struct logline line; /* its slices point into text */
	bool dated;          /* a date was found */
	bool bracketed;      /* in square brackets that began the line and are
			      * cut with it */
	char text[LOGLINE_MAX + 1];
};

/* arrived and reported become the line's own date, or now when it has none.
 * now also decides the year of a date without one: the latest that does not lie
 * in the future. A date without a zone is local time. Bytes past LOGLINE_MAX
 * are cut; a newline at the end too. Never fails. */
void rawline_parse(const char *text, size_t len, int64_t now,
		   struct rawline *out);

/* The same for a line of which it is known where the date stands: the bytes
 * start..end are cut, and date, as above, is what they mean; empty: now. dated
 * is false when it is none. */
void rawline_cut(const char *text, size_t len, size_t start, size_t end,
		 struct slice date, int64_t now, struct rawline *out);

#endif
