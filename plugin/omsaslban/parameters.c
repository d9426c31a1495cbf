/* parameters: see parameters.h. */
#include "parameters.h"

#include <stdlib.h>
#include <string.h>

#include <parserif.h>

/* rsyslog wants this list to stay, and to write to it. */
static struct cnfparamdescr descriptions[SETTINGS_ROWS + 1];

void parameters_describe(struct cnfparamblk *block)
{
	const struct settings_row *row;
	int n = 0;

	memset(descriptions, 0, sizeof(descriptions));
	for (row = settings_table; row->name != NULL; row++) {
		descriptions[n].name = row->name;
		descriptions[n++].type =
			settings_is_list(row) ? eCmdHdlrArray : eCmdHdlrString;
	}
	block->version = CNFPARAMBLK_VERSION;
	block->nParams = (unsigned short)n;
	block->descr = descriptions;
}

/* One value of one parameter; lists come entry by entry. */
static int take_value(struct settings *s, const char *name, es_str_t *value,
		      struct fault *why)
{
	char *text = es_str2cstr(value, NULL);
	int result;

	if (text == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	result = settings_set(s, name, text, why);
	free(text);
	return result;
}

static int take_parameter(struct settings *s, const char *name,
			  const struct svar *value, struct fault *why)
{
	if (value->datatype != 'A')
		return take_value(s, name, value->d.estr, why);
	for (int i = 0; i < value->d.ar->nmemb; i++)
		if (take_value(s, name, value->d.ar->arr[i], why) < 0)
			return -1;
	return 0;
}

void parameters_refuse(const struct fault *why)
{
	for (const char *at = why->text; at != NULL;) {
		size_t n = strcspn(at, "\n");

		parser_errmsg("omsaslban: %.*s", (int)n, at);
		at = at[n] == '\n' ? at + n + 1 : NULL;
	}
}

int parameters_take(struct settings *s, const struct cnfparamvals *values)
{
	struct fault why;
	int result = 0;

	for (int i = 0; descriptions[i].name != NULL; i++) {
		if (!values[i].bUsed)
			continue;
		if (take_parameter(s, descriptions[i].name, &values[i].val,
				   &why) == 0)
			continue;
		parameters_refuse(&why);
		result = -1;
	}
	if (result == 0 && settings_check(s, &why) < 0) {
		parameters_refuse(&why);
		result = -1;
	}
	return result;
}

int parameters_letter(const struct settings *s, char letter[LETTER_TEMPLATE])
{
	const char *path = s->notify_template;
	struct fault why;

	if (path[0] == '\0' || letter_read(path, letter, &why) == 0)
		return 0;
	parser_errmsg("omsaslban: parameter 'notify.template': %s", why.text);
	return -1;
}

int parameters_agree(const struct settings *s, const struct settings *other)
{
	if (strcmp(other->database, s->database) != 0) {
		if (strcmp(other->set, s->set) != 0)
			return 0;
		parser_errmsg("omsaslban: parameter 'set': '%s' is the set of "
			      "jail '%s', too, which has another database; "
			      "jails with one set need one database",
			      s->set, other->name);
		return -1;
	}
	if (strcmp(other->name, s->name) != 0)
		return 0;
	parser_errmsg("omsaslban: parameter 'name': '%s' is already a jail "
		      "with the database '%s'; give each action a name of its "
		      "own",
		      s->name, s->database);
	return -1;
}
