/*
 * message: a message of rsyslog's as a log line. A part of the adapter: sees
 * rsyslog, but none of its structs' fields.
 *
 * Tag and message are matched in place. What costs more is fetched only when
 * a rule needs it (LOGLINE_TEXT, LOGLINE_HOST, LOGLINE_TIMES, LOGLINE_ORIGIN).
 */
#ifndef SASLBAN_OMSASLBAN_MESSAGE_H
#define SASLBAN_OMSASLBAN_MESSAGE_H

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <msg.h>
#include <template.h>

#include "origin.h"
#include "saslban/logline.h"

/* A template whose text is when rsyslogd received a message, which no exported
 * function returns. NULL when out of memory. Belongs to the configuration. */
struct template *message_arrival(rsconf_t *conf);

/* One for each worker, all zero at first but for arrival and origin. */
struct message {
	struct template *arrival;
	struct origin *origin;   /* NULL: nobody asks who wrote it */
	actWrkrIParams_t buffer; /* for arrival's text */
	smsg_t *msg;
	struct slice tag;
	bool asked;   /* who wrote msg */
	bool foreign; /* and it is somebody else; counted once */
	char text[LOGLINE_MAX];
};

/* The line is valid until the next call, and while doAction has msg. */
void message_read(struct message *m, smsg_t *msg, struct logline *line);

/* True for a message that the module has submitted itself, known by its tag,
 * which it has behind other machines, too: it never counts. */
bool message_own(const struct message *m);

void message_drop(struct message *m);

#endif
