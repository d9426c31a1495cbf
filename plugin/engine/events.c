/* events: see events.h. */
#include "events.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "saslban/failure.h"
#include "saslban/plural.h"

enum {
	SENTENCE = FAULT_TEXT,
	LINE = SENTENCE + SETTINGS_NAME + EVENT_JSON + 16 /* what is between */
};

void events_init(struct events *ev, const struct settings *settings,
		 struct report *report)
{
	*ev = (struct events){.report = report,
			      .on = settings->events[0] != '\0' &&
				    report->reporter->submit != NULL};
	whereabouts_init(&ev->whereabouts, settings, report);
}

void events_close(struct events *ev)
{
	report_left_out(ev->report, INT64_MAX);
	whereabouts_close(&ev->whereabouts);
}

/* ---- telling ---- */

/* What stands first behind the mark is the object: a user's name may have the
 * mark in it, too. */
static void hide_marks(char *sentence)
{
	for (char *at = sentence; (at = strcasestr(at, "@cee:")) != NULL;)
		*at = '?';
}

static bool submit(struct events *ev, enum report_level level,
		   const struct event *e, const char *sentence)
{
	const struct reporter *to = ev->report->reporter;
	char json[EVENT_JSON], line[LINE], text[SENTENCE];
	struct outgoing m = {.text = line, .json = json, .level = level};

	if (!event_json(e, json))
		return false;
	snprintf(text, sizeof(text), "%s", sentence);
	hide_marks(text);
	snprintf(line, sizeof(line), "jail %s: %s @cee: %s", e->jail, text,
		 json);
	return to->submit(to->context, OUTLET_EVENTS, &m);
}

void events_pass(struct events *ev, enum report_level level, struct event *e,
		 struct moment now, const char *sentence)
{
	if (!ev->on || e->kind == EVENT_NONE)
		return;
	if (e->at == 0)
		e->at = now.wall;
	if (ev->run == 0)
		ev->run = now.wall;
	whereabouts_fill(&ev->whereabouts, e, now.boot);
	e->run = ev->run;
	e->number = ++ev->number;
	snprintf(e->jail, sizeof(e->jail), "%s", ev->report->jail);
	if (!submit(ev, level, e, sentence))
		ev->lost++;
}

void events_tell(struct events *ev, enum report_level level, struct event *e,
		 struct moment now, const char *format, ...)
{
	char sentence[SENTENCE];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	report(ev->report, level, "%s", sentence);
	events_pass(ev, level, e, now, sentence);
}

void events_ban(struct events *ev, struct event *e, struct moment now,
		const char *format, ...)
{
	char sentence[SENTENCE];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	report_ban(ev->report, now.boot, "%s", sentence);
	events_pass(ev, REPORT_NOTICE, e, now, sentence);
}

bool events_heard(const struct events *ev, int64_t boot)
{
	return ev->on || report_has_room(ev->report, boot);
}

/* ---- what was lost ---- */

void events_lose(struct events *ev, uint64_t n)
{
	if (!ev->on)
		return;
	ev->lost += n;
	ev->number += (int64_t)n;
}

void events_report_lost(struct events *ev, struct moment now)
{
	if (ev->lost == 0 ||
	    (ev->told != 0 && now.boot < ev->told + EVENTS_TOLD))
		return;
	report(ev->report, REPORT_WARNING,
	       "%" PRIu64 " event%s not passed on: events.ruleset has no "
	       "room; saslbanctl list has all bans",
	       ev->lost, plural(ev->lost));
	ev->lost = 0;
	ev->told = now.boot;
}

/* ---- what the store knows ---- */

struct cause {
	struct event *event;
	int64_t jail;
};

static int see_failure(void *context, const struct failure *f)
{
	const struct cause *x = context;
	struct event *e = x->event;

	/* What came while it ran has not led to it. */
	if (f->jail != x->jail || f->verdict == VERDICT_LATE)
		return 0;
	e->host = f->host;
	snprintf(e->user, sizeof(e->user), "%s", f->user);
	snprintf(e->service, sizeof(e->service), "%s", f->service);
	snprintf(e->rule, sizeof(e->rule), "%s", f->rule);
	return 1;
}

void events_cause(const struct events *ev, struct store *s, int64_t jail,
		  struct event *e)
{
	struct cause x = {e, jail};

	/* What the store refuses to tell is not known. */
	if (ev->on && e->ground != GROUND_PERSON)
		(void)failure_each(s, &e->address, 0, see_failure, &x, NULL);
}
