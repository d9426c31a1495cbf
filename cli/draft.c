/* draft: see draft.h. */
#include "draft.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "saslban/jail.h"
#include "saslban/store.h"
#include "stanza.h"

enum { NAMES = 256 }; /* bytes of a list of jails in a message */

/* ---- parameters ---- */

/* How far the next entry of a list goes: to a comma, but for those in
 * brackets. */
static size_t entry_length(const char *text)
{
	size_t n = 0;
	int depth = 0;

	for (; text[n] != '\0' && (text[n] != ',' || depth > 0); n++)
		depth += (text[n] == '[') - (text[n] == ']');
	return n;
}

static int take_list(struct settings *s, const char *name, const char *value,
		     struct fault *why)
{
	char entry[SETTINGS_ITEM + 1];

	for (;;) {
		size_t n = entry_length(value);

		/* Of one that is too long enough is left to be refused. */
		snprintf(entry, sizeof(entry), "%.*s", (int)n, value);
		if (settings_set(s, name, entry, why) < 0)
			return -1;
		if (value[n] == '\0')
			return 0;
		value += n + 1;
	}
}

static int take_parameter(void *context, const char *name, const char *value,
			  struct fault *why)
{
	const struct settings_row *row = settings_find(name);
	struct settings *s = context;

	if (row != NULL && settings_is_list(row))
		return take_list(s, name, value, why);
	if (row != NULL && (s->given >> (row - settings_table) & 1) != 0)
		return fault_set(why, FAULT_SETTING, "%s is given twice", name);
	return settings_set(s, name, value, why);
}

static int read_parameters(struct draft *d, const char *text, struct fault *why)
{
	struct stanza s = {text, text, text + strlen(text)};
	const struct stanza_reader reader = {
		.bare = true, .take = take_parameter, .context = &d->settings};

	if (stanza_read(&s, &reader, why) < 0)
		return -1;
	return settings_check(&d->settings, why);
}

/* ---- a jail of the store ---- */

struct lookup {
	const char *name; /* NULL: any */
	struct settings *out;
	size_t found;      /* jails that fit */
	char names[NAMES]; /* of all */
};

static int see_jail(void *context, const struct jail *j)
{
	struct lookup *l = context;
	size_t used = strlen(l->names);

	snprintf(l->names + used, sizeof(l->names) - used, "%s%s",
		 used == 0 ? "" : ", ", j->settings.name);
	if (l->name != NULL && strcmp(l->name, j->settings.name) != 0)
		return 0;
	*l->out = j->settings;
	l->found++;
	return 0;
}

static int read_jails(struct lookup *l, const char *database, struct fault *why)
{
	struct store *store;
	int result;

	if (access(database, F_OK) != 0 && errno == ENOENT)
		return fault_set(why, FAULT_SETTING, "no database at '%s'",
				 database);
	if (store_open(&store, database, STORE_READ, why) < 0)
		return -1;
	result = jail_each(store, see_jail, l, why);
	store_close(store);
	return result;
}

static int read_jail(struct draft *d, const struct cli *c, const char *name,
		     struct fault *why)
{
	struct lookup l = {.name = name, .out = &d->settings};

	if (read_jails(&l, c->database, why) < 0) {
		why->kind = FAULT_SETTING;
		return -1;
	}
	if (l.found > 0)
		return 0;
	return fault_set(why, FAULT_SETTING,
			 "no jail '%s' in '%s'; there are: %s", name,
			 c->database, l.names[0] == '\0' ? "none" : l.names);
}

void draft_default(struct draft *d, const struct cli *c)
{
	struct lookup l = {.out = &d->settings};
	const char *cause = "";
	struct fault why = {FAULT_NONE, ""};

	if (read_jails(&l, c->database, &why) == 0 && l.found == 1) {
		snprintf(d->title, sizeof(d->title), "jail '%s' of '%s'",
			 d->settings.name, c->database);
		return;
	}
	if (l.found > 1)
		cause = "there are several jails, @NAME takes one: ";
	else if (why.kind == FAULT_NONE)
		cause = "the database has no jail";
	settings_init(&d->settings);
	(void)settings_check(&d->settings, NULL);
	snprintf(d->title, sizeof(d->title), "the defaults (%s%s)", cause,
		 l.found > 1 ? l.names : why.text);
}

/* ---- which of them ---- */

/* The file itself, or with a jail's name behind it. */
static int read_conf(struct draft *d, const char *text, struct fault *why)
{
	const char *colon = strrchr(text, ':');
	char path[SETTINGS_PATH];

	if (colon == NULL || access(text, F_OK) == 0)
		return conf_read(text, NULL, &d->settings, why);
	snprintf(path, sizeof(path), "%.*s", (int)(colon - text), text);
	return conf_read(path, colon + 1, &d->settings, why);
}

static const char *after(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/* Parameters have an =, and a path seldom. */
static bool is_path(const char *text)
{
	if (*text == '/' || *text == '.' || access(text, F_OK) == 0)
		return true;
	return strchr(text, '=') == NULL && strpbrk(text, "/:") != NULL;
}

static int read_any(struct draft *d, const struct cli *c, const char *text,
		    struct fault *why)
{
	const char *jail = after(text, "@");

	if (jail == NULL)
		jail = after(text, "jail:");
	if (jail != NULL)
		return read_jail(d, c, jail, why);
	if (is_path(text))
		return read_conf(d, text, why);
	return read_parameters(d, text, why);
}

int draft_read(struct draft *d, const struct cli *c, const char *text,
	       struct fault *why)
{
	settings_init(&d->settings);
	snprintf(d->title, sizeof(d->title), "%s",
		 *text == '\0' ? "the defaults" : text);
	if (read_any(d, c, text, why) < 0)
		return fault_prefix(why, "--policy");
	return 0;
}
