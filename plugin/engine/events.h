/*
 * events: what has happened, told to people in the log and to programs through
 * the ruleset of events.ruleset.
 *
 * Both get the same sentence; a program gets the event behind it, as
 * `@cee: {...}`, and under `$!saslban`. Lines of the log about single bans are
 * limited (report.h); events are not, as a program wants all of them or it
 * cannot know who is banned. The outlet has room for some thousands. What finds
 * none is counted, and a line gives the number, at most once a minute; the
 * store has all of it.
 *
 * Told is what has been recorded, never what might be: the caller has committed
 * it.
 */
#ifndef SASLBAN_ENGINE_EVENTS_H
#define SASLBAN_ENGINE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "saslban/event.h"
#include "saslban/moment.h"
#include "saslban/settings.h"
#include "saslban/store.h"
#include "whereabouts.h"

#define EVENTS_TOLD 60 /* seconds between two lines about what was lost */

struct events {
	struct report *report; /* borrowed */
	bool on;               /* somebody wants them */
	int64_t run, number;   /* as in struct event; run 0: none was told */
	uint64_t lost;         /* since the last line about it */
	int64_t told;          /* that line, boot clock */
	struct whereabouts whereabouts;
};

void events_init(struct events *ev, const struct settings *settings,
		 struct report *report);

/* Says how many lines were left out until now. */
void events_close(struct events *ev);

/* A line for the log, and the event. About a single ban (events_ban) the line
 * may be left out. The event's time, if it has none, is now; jail, run and
 * number are filled in. */
void events_tell(struct events *ev, enum report_level level, struct event *e,
		 struct moment now, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void events_ban(struct events *ev, struct event *e, struct moment now,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Is there anybody to hear of one more ban? If not, it is one more that was
 * left out, and need not be put into words. */
bool events_heard(const struct events *ev, int64_t boot);

/* The event alone; its sentence has been written to the log. */
void events_pass(struct events *ev, enum report_level level, struct event *e,
		 struct moment now, const char *sentence);

/* So many were lost before they came here. */
void events_lose(struct events *ev, uint64_t n);

/* The failure that was the last to lead to the ban, as far as the store knows
 * it and somebody wants to. */
void events_cause(const struct events *ev, struct store *s, int64_t jail,
		  struct event *e);

/* How many were lost, if it is time to say so. */
void events_report_lost(struct events *ev, struct moment now);

#endif
