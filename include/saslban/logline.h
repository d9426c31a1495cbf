/*
 * logline: one log record, cut into the fields that matching needs.
 *
 * text is tag and message as a log file shows them behind the host name:
 * `postfix/smtpd[9]: warning: ...`. The tag decides whether a filter reads the
 * line at all; most of those that it reads need only msg. The other fields
 * would cost more than matching the line. So a record may come with its tag
 * alone; the rest (lacks) is fetched when it is needed.
 *
 * All slices are borrowed from what the record was made of and may hold any
 * byte.
 */
#ifndef SASLBAN_LOGLINE_H
#define SASLBAN_LOGLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/slice.h"

#define LOGLINE_MAX 8192 /* bytes of text that are matched; the rest is cut */

/* Fields that may be lacking; bits. */
enum logline_field {
	LOGLINE_MSG = 1,     /* msg, text.len; tag is cut at its first blank */
	LOGLINE_TEXT = 2,    /* text.at; comes after LOGLINE_MSG */
	LOGLINE_HOST = 4,    /* host */
	LOGLINE_TIMES = 8,   /* arrived, reported */
	LOGLINE_ORIGIN = 16, /* foreign; only if somebody asks for it */
	LOGLINE_INPUT = 32,  /* stripped */
	LOGLINE_ALL = LOGLINE_MSG | LOGLINE_TEXT | LOGLINE_HOST | LOGLINE_TIMES
};

struct logline {
	struct slice tag;  /* `postfix/smtpd[9]:`, with pid and colon */
	struct slice msg;  /* message without its leading blanks, nor a pid
			    * that a blank has cut off the tag */
	struct slice text; /* tag and message */
	struct slice host; /* host name in the record, may be empty */
	int64_t arrived;   /* Unix seconds: when rsyslogd received the record */
	int64_t reported;  /* Unix seconds: the time in the record */

	bool foreign; /* somebody else wrote it than the server that it
		       * names: it counts for nothing */

	bool stripped; /* it came through an input that takes the blanks off a
			* line's end, so its length says nothing */

	unsigned lacks; /* enum logline_field: fetched by logline_need */
	/* Sets the fields that are asked for, and may set others and take them
	 * out of lacks. It gets source, and the record or a copy of it. */
	void (*fetch)(void *source, struct logline *line, unsigned fields);
	void *source;
};

/* Before the fields are read. */
static inline void logline_need(struct logline *l, unsigned fields)
{
	fields &= l->lacks;
	if (fields == 0)
		return;
	l->fetch(l->source, l, fields);
	l->lacks &= ~fields;
}

/* Cut text into tag and message at its first blank. At most LOGLINE_MAX bytes
 * are taken. Sets text, tag and msg, nothing else. */
void logline_cut(struct logline *l, const char *text, size_t len);

/* The same for a tag and a message that stand in two places, without copying:
 * in text they have a blank between them, if msg does not begin with one.
 * Sets tag, msg and text.len; text.at is NULL. False, and nothing is set, when
 * the tag has a blank in it: then it takes logline_join and logline_cut. */
bool logline_place(struct logline *l, struct slice tag, struct slice msg);

/* Such a text, cut to LOGLINE_MAX; returns its length. */
size_t logline_join(struct slice tag, struct slice msg, char out[LOGLINE_MAX]);

#endif
