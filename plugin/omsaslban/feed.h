/*
 * feed: messages of ours into a ruleset of rsyslog's. A part of the adapter:
 * sees rsyslog, but none of its structs' fields.
 *
 * A message waits here in a queue of its own, and a thread hands it to the
 * ruleset's queue: rsyslogd makes whom it has no room for wait, two seconds for
 * each message by default, and the engine has no time for that. The ruleset
 * needs a queue of its own (rsyslogd's main queue is emptied by those whom we
 * would wait for, and is taken down while we may be waiting); one that has none
 * is refused.
 *
 * Order of rsyslogd's life: configuration is read (feed_open), modules are
 * activated (feed_go), the queues of rulesets are started, then the main
 * queue; at the end the main queue is taken down, the workers of all rulesets
 * are stopped, actions are freed (feed_close), then rulesets are. A message
 * is handed over when the main queue works (bHaveMainQueue), since the
 * ruleset's queue has been started by then; before, it has no lock yet. A main
 * queue of the type Direct never says so, and nothing is handed over. After its
 * workers were stopped it takes messages, which only a queue on disk keeps.
 */
#ifndef SASLBAN_OMSASLBAN_FEED_H
#define SASLBAN_OMSASLBAN_FEED_H

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <stdbool.h>

#include "saslban/fault.h"
#include "saslban/reporter.h"

#define FEED_TAG "omsaslban:"        /* of each message */
#define FEED_INPUT "omsaslban"       /* `$inputname` of each message */
#define FEED_ROOM (8L * 1024 * 1024) /* bytes of messages that wait */
#define FEED_LAST 2                  /* seconds that a close may take */

struct feed;

/* Once each, from modInit and modExit. */
rsRetVal feed_use(void);
void feed_release(void);

/* The ruleset of that name; -1 with FAULT_SETTING when there is none. To be
 * called when the whole configuration was read. Borrows the name. */
int feed_open(struct feed **out, rsconf_t *conf, const char *name,
	      struct fault *why);

/* -1: the ruleset has no queue of its own, or there is no thread; it will take
 * nothing then. */
int feed_go(struct feed *f, struct fault *why);

/* As reporter's submit. Any thread; fine with NULL. */
bool feed_take(struct feed *f, const struct outgoing *m);

/* All that it took is in the ruleset's queue by now. Fine with NULL. */
bool feed_passed(struct feed *f);

/* True when rsyslogd has begun to end. */
bool feed_ending(void);

/* Hands over what waits. Fine with NULL, and without feed_go. */
void feed_close(struct feed *f);

#endif
