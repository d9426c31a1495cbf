/* settings_notify: the values of notify, notify.at and notify.template, and
 * what they ask of each other. */
#include "settings_kind.h"

#include <stdio.h>
#include <string.h>

static int put_mode(struct settings *s, const struct settings_row *row,
		    const char *text)
{
	(void)row;
	for (unsigned i = NOTIFY_NONE; i <= NOTIFY_WEEKLY; i++) {
		if (strcmp(text, notify_word(i)) != 0)
			continue;
		s->notify_mode = i;
		return 0;
	}
	return -1;
}

static int get_mode(const struct settings *s, const struct settings_row *row,
		    size_t entry, char *buf, size_t size)
{
	(void)row;
	if (entry > 0)
		return -1;
	snprintf(buf, size, "%s", notify_word(s->notify_mode));
	return 0;
}

static int put_at(struct settings *s, const struct settings_row *row,
		  const char *text)
{
	(void)row;
	return schedule_parse(text, &s->notify_at);
}

static int get_at(const struct settings *s, const struct settings_row *row,
		  size_t entry, char *buf, size_t size)
{
	char text[SCHEDULE_TEXT];

	(void)row;
	if (entry > 0)
		return -1;
	snprintf(buf, size, "%s", schedule_print(&s->notify_at, text));
	return 0;
}

static int put_template(struct settings *s, const struct settings_row *row,
			const char *text)
{
	if (text[0] != '\0')
		return settings_path.put(s, row, text);
	s->notify_template[0] = '\0';
	return 0;
}

static int get_template(const struct settings *s,
			const struct settings_row *row, size_t entry, char *buf,
			size_t size)
{
	return settings_path.get(s, row, entry, buf, size);
}

const struct settings_kind settings_notify = {put_mode, get_mode, NULL};
const struct settings_kind settings_notify_at = {put_at, get_at, NULL};
const struct settings_kind settings_notify_template = {put_template,
						       get_template, NULL};

enum { MONDAY = 1 };

int settings_check_notify(struct settings *s, struct fault *why)
{
	char at[SCHEDULE_TEXT];

	if (s->notify_mode != NOTIFY_NONE && s->notify[0] == '\0')
		return fault_set(why, FAULT_SETTING,
				 "parameter 'notify': '%s' needs "
				 "notify.ruleset, which sends the mails",
				 notify_word(s->notify_mode));
	if (s->notify_mode == NOTIFY_WEEKLY &&
	    s->notify_at.weekday == SCHEDULE_DAILY)
		s->notify_at.weekday = MONDAY;
	if (s->notify_mode == NOTIFY_DAILY &&
	    s->notify_at.weekday != SCHEDULE_DAILY)
		return fault_set(why, FAULT_SETTING,
				 "parameter 'notify.at': '%s' is not allowed "
				 "with notify 'daily'; allowed: a time, as "
				 "07:30",
				 schedule_print(&s->notify_at, at));
	return 0;
}
