/*
 * injection_stretch: texts that fill a record, whatever is taken off it.
 *
 * Whoever decides how long his text is decides where its line is cut, and so
 * how the next record begins and ends. Courier's logger also takes a severity
 * and all blanks off a record's front, so that its length says nothing.
 */
#include "injection.h"

#include <stdio.h>
#include <string.h>

enum {
	SYSLOG = 984, /* of a message, where rsyslogd's limit is 1k */
	APART = 37    /* bytes between cuts, in the short form */
};

static const char *const severities[] = {
	"", "ERR:", "WARN:", "ALERT:", "CRIT:", "DEBUG:", "INFO:"};
/* The last: as many as there is room for. */
static const size_t blanks[] = {0, 1, 20, 300, SIZE_MAX};

/* rsyslogd's, for equal messages. */
static const struct {
	const char *open, *shut;
} wrappers[] = {
	{"", ""},
	{"message repeated 999 times: [", "]"},
	{"message repeated 2 times: [ ", "]"},
};

enum {
	SEVERITIES = sizeof(severities) / sizeof(severities[0]),
	BLANKS = sizeof(blanks) / sizeof(blanks[0]),
	WRAPPERS = sizeof(wrappers) / sizeof(wrappers[0])
};

struct shape {
	size_t severity, blanks, wrapper; /* in the tables above */
	size_t room; /* bytes that are filled; 0: no more than it takes */
};

/* Where a text has room for more: in a user's name. */
static size_t stretchable(const char *text)
{
	static const char *const names[] = {
		"user=<", "username=", "user=", "set_id=", "for "};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *at = strstr(text, names[i]);

		if (at != NULL)
			return (size_t)(at - text) + strlen(names[i]);
	}
	return 0;
}

static const char *shaped(const struct trial *trial, const char *text,
			  const struct shape *s)
{
	char *out = trial->j->stretched;
	const char *open = wrappers[s->wrapper].open;
	const char *shut = wrappers[s->wrapper].shut;
	size_t at = stretchable(text), len = strlen(text);
	size_t n = strlen(severities[s->severity]) + strlen(open) +
		   strlen(shut) + len;
	size_t front = blanks[s->blanks];

	if (front == SIZE_MAX)
		front = n < s->room ? s->room - n : 0;
	n = (size_t)sprintf(out, "%s%*s%s%.*s", severities[s->severity],
			    (int)front, "", open, (int)at, text);
	if (at > 0 && n + len - at + strlen(shut) < s->room) {
		size_t fill = s->room - n - (len - at) - strlen(shut);

		injection_fill(out + n, fill);
		n += fill;
	}
	sprintf(out + n, "%s%s", text + at, shut);
	return out;
}

/* In each shape, from the line's byte number `at` on; 0: as the whole field. */
static void strike_shapes(const struct trial *trial, const char *text,
			  size_t at, size_t room)
{
	bool all = trial->template->split == SPLIT_COURIER;
	struct shape s = {.room = room};

	for (s.severity = 0; s.severity < (all ? SEVERITIES : 2); s.severity++)
		for (s.blanks = 0; s.blanks < BLANKS; s.blanks += all ? 1 : 2)
			for (s.wrapper = 0; s.wrapper < WRAPPERS; s.wrapper++)
				if (at > 0)
					injection_strike_from(
						trial, shaped(trial, text, &s),
						at, 0);
				else
					(void)injection_strike(
						trial, shaped(trial, text, &s),
						0);
}

/* The cut falls in each place of the text. */
static void strike_through(const struct trial *trial, const char *text,
			   size_t cut, size_t limit)
{
	size_t len = strlen(text), step = trial->j->every_cut ? 1 : APART;

	for (size_t k = 0; k <= len; k += step)
		if (cut >= k)
			injection_strike_from(trial, text, cut - k, limit);
}

void injection_stretch(const struct trial *trial, const char *text)
{
	const struct injection_template *t = trial->template;

	strike_shapes(trial, text, 0, 0);
	strike_through(trial, text, SYSLOG, SYSLOG);
	if (t->cut > 0)
		strike_through(trial, text, t->cut, 0);
	switch (t->split) {
	case SPLIT_COURIER:
		strike_shapes(trial, text, INJECTION_COURIER_FIRST, 0);
		strike_shapes(trial, text, INJECTION_COURIER_FIRST,
			      INJECTION_COURIER);
		strike_through(trial, text, INJECTION_COURIER_FIRST, 0);
		break;
	case SPLIT_EXIM:
		strike_shapes(trial, text, INJECTION_EXIM, 0);
		strike_shapes(trial, text, INJECTION_EXIM, INJECTION_EXIM);
		strike_through(trial, text, INJECTION_EXIM, 0);
		break;
	case SPLIT_NONE:
	case SPLIT_LINES:
	case SPLIT_CUT:
		break;
	}
}
