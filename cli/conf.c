/* conf: see conf.h. */
#include "conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stanza.h"

enum { NAMES = 256 }; /* bytes of a list of jails in a message */

struct search {
	const char *path;
	const char *jail; /* NULL: any */
	struct settings *out;
	size_t found;      /* actions that fit */
	char names[NAMES]; /* of all */
};

/* ---- one action ---- */

struct head {
	char type[STANZA_NAME];
	char name[SETTINGS_NAME];
};

static int take_head(void *context, const char *name, const char *value,
		     struct fault *why)
{
	struct head *h = context;

	(void)why;
	if (strcmp(name, "type") == 0)
		snprintf(h->type, sizeof(h->type), "%s", value);
	if (strcmp(name, "name") == 0)
		snprintf(h->name, sizeof(h->name), "%s", value);
	return 0;
}

/* What is rsyslog's own, as queue.type, is nothing to us. */
static int take_parameter(void *context, const char *name, const char *value,
			  struct fault *why)
{
	if (settings_find(name) == NULL)
		return 0;
	return settings_set(context, name, value, why);
}

/* True when it is the one, or the first of those, that is looked for. */
static bool note_action(struct search *s, const char *name)
{
	size_t used = strlen(s->names);

	snprintf(s->names + used, sizeof(s->names) - used, "%s%s",
		 used == 0 ? "" : ", ", name);
	return (s->jail == NULL || strcmp(s->jail, name) == 0) &&
	       s->found++ == 0;
}

static int read_action(struct search *s, struct stanza *at, struct fault *why)
{
	struct head head = {"", ""};
	struct stanza again = *at;
	const struct stanza_reader finds = {.take = take_head,
					    .context = &head};
	const struct stanza_reader takes = {.take = take_parameter,
					    .context = s->out};

	if (stanza_read(at, &finds, why) < 0)
		return -1;
	if (strcasecmp(head.type, "omsaslban") != 0)
		return 0;
	if (head.name[0] == '\0')
		snprintf(head.name, sizeof(head.name), "%s",
			 settings_find("name")->default_text);
	if (!note_action(s, head.name))
		return 0;
	settings_init(s->out);
	if (stanza_read(&again, &takes, why) < 0 ||
	    settings_check(s->out, why) < 0) {
		at->at = again.at;
		return -1;
	}
	return 0;
}

/* ---- the file ---- */

/* $IncludeConfig /etc/rsyslog.d/ *.conf, without the blank, is no comment. */
static bool pass_directive(struct stanza *s)
{
	const char *end;

	if (*s->at != '$' || (s->at > s->start && s->at[-1] != '\n'))
		return false;
	end = memchr(s->at, '\n', (size_t)(s->end - s->at));
	s->at = end == NULL ? s->end : end;
	return true;
}

/* A text in quotes. An apostrophe may stand alone, then it is none. */
static void pass_quoted(struct stanza *s)
{
	const char *at = s->at + 1;

	while (at < s->end && *at != *s->at && *at != '\n')
		at += *at == '\\' && at + 1 < s->end ? 2 : 1;
	s->at = at < s->end && *at == *s->at ? at + 1 : s->at + 1;
}

const char *conf_next(struct stanza *s, const char *const *objects)
{
	char word[STANZA_NAME];

	for (stanza_skip(s); s->at < s->end; stanza_skip(s)) {
		const char *const *found = objects;

		if (pass_directive(s))
			continue;
		if (*s->at == '"' || *s->at == '\'') {
			pass_quoted(s);
			continue;
		}
		if (!stanza_word(s, word)) {
			s->at += s->at < s->end;
			continue;
		}
		while (*found != NULL && strcmp(word, *found) != 0)
			found++;
		if (*found == NULL)
			continue;
		stanza_skip(s);
		if (s->at < s->end && *s->at++ == '(')
			return *found;
	}
	return NULL;
}

static int search(struct search *s, const char *text, size_t len,
		  struct fault *why)
{
	static const char *const objects[] = {"action", NULL};
	struct stanza at = {text, text, text + len};

	while (conf_next(&at, objects) != NULL)
		if (read_action(s, &at, why) < 0)
			return fault_prefix(why, "'%s', line %u", s->path,
					    stanza_line(&at));
	if (s->names[0] == '\0')
		return fault_set(why, FAULT_SETTING,
				 "'%s' has no action of omsaslban; files that "
				 "it includes are not read",
				 s->path);
	if (s->found == 0)
		return fault_set(why, FAULT_SETTING,
				 "'%s' has no jail '%s'; there are: %s",
				 s->path, s->jail, s->names);
	if (s->found > 1 && s->jail == NULL)
		return fault_set(why, FAULT_SETTING,
				 "'%s' has several jails; choose with "
				 "'%s:NAME': %s",
				 s->path, s->path, s->names);
	return 0;
}

static int read_text(FILE *file, struct search *s, struct fault *why)
{
	char *text = malloc(CONF_MOST);
	int result;
	size_t len;

	if (text == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	errno = 0;
	len = fread(text, 1, CONF_MOST, file);
	if (ferror(file) != 0)
		result = fault_set(why, FAULT_SETTING, "cannot read '%s': %s",
				   s->path, strerror(errno));
	else if (len == CONF_MOST)
		result = fault_set(why, FAULT_SETTING,
				   "'%s' is too long for a configuration",
				   s->path);
	else
		result = search(s, text, len, why);
	free(text);
	return result;
}

int conf_read(const char *path, const char *jail, struct settings *out,
	      struct fault *why)
{
	struct search s = {.path = path, .jail = jail, .out = out};
	FILE *file = fopen(path, "re");
	int result;

	if (file == NULL)
		return fault_set(why, FAULT_SETTING, "cannot open '%s': %s",
				 path, strerror(errno));
	result = read_text(file, &s, why);
	fclose(file);
	return result;
}
