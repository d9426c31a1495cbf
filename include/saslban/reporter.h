/*
 * reporter: where what the engine says goes: rsyslogd's own log, the rulesets
 * that the configuration names, or a test.
 */
#ifndef SASLBAN_REPORTER_H
#define SASLBAN_REPORTER_H

#include <stdbool.h>

enum report_level { REPORT_INFO, REPORT_NOTICE, REPORT_WARNING, REPORT_ERROR };

/* A ruleset of the configuration: events.ruleset, notify.ruleset. */
enum outlet { OUTLET_EVENTS, OUTLET_NOTIFY, OUTLETS };

/* A message for an outlet. Both texts are UTF-8 and the caller's. */
struct outgoing {
	const char *text; /* the message, as it is; without a line's end */
	const char *json; /* one object, which templates find under
			   * `$!saslban` */
	enum report_level level;
};

/* Called on the engine's thread, and may not keep what they are given. */
struct reporter {
	/* One line of text without a full stop. */
	void (*write)(void *context, enum report_level level, const char *text);
	/* Waits for nothing. False: the outlet takes nothing now, as it is not
	 * configured, has no room, or rsyslogd ends; the message is still the
	 * caller's. True: it was passed on, and rsyslogd may yet lose it when
	 * the queue of the ruleset is full or rsyslogd is killed. NULL: there
	 * are no outlets. */
	bool (*submit)(void *context, enum outlet outlet,
		       const struct outgoing *m);
	/* Everything that the outlet took has reached the ruleset's queue: if
	 * that is on disk, nothing of it is lost any more. NULL: it has. */
	bool (*passed)(void *context, enum outlet outlet);
	/* Why a ruleset that is configured gets nothing, for as long as
	 * rsyslogd runs; "": it gets what it should. NULL: the same. */
	const char *(*trouble)(void *context, enum outlet outlet);
	void *context;
};

#endif
