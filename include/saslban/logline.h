/*
 * logline: one log record, cut into the fields that judging needs.
 *
 * The module's template gives a record as one string, its fields separated
 * by US (0x1f):
 *
 *   arrived US reported US from US host US text
 *
 * arrived and reported are Unix seconds: when rsyslogd had the record, and
 * what the record says of itself. from is the address of the sender, host
 * the name in the record. text is the rest, tag and message as a log file
 * shows them behind the host name: `postfix/smtpd[9]: warning: ...`. It
 * stands last because it is the one field that may hold any byte, US too.
 *
 * All slices are borrowed from the string and live as long as it does.
 */
#ifndef SASLBAN_LOGLINE_H
#define SASLBAN_LOGLINE_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/slice.h"

struct logline {
	int64_t arrived;   /* Unix seconds */
	int64_t reported;  /* Unix seconds; arrived when there is none */
	struct slice from; /* address of the sender, may be empty */
	struct slice host; /* host name in the record, may be empty */
	struct slice text; /* tag and message */
	struct slice tag;  /* `postfix/smtpd[9]:`, with pid and colon */
	struct slice msg;  /* message without its leading blank */
};

#define LOGLINE_MAX 8192 /* bytes of text that are judged; the rest is cut */

/* The module's own form. Returns 0, or -1 when a field is missing or a time
 * is not a number (then the record is not ours to judge). */
int logline_parse(const char *text, size_t len, struct logline *out);

/* Cut text into tag and message at its first blank. At most LOGLINE_MAX bytes
 * are taken. Sets text, tag and msg, nothing else. */
void logline_cut(struct logline *l, const char *text, size_t len);

#endif
