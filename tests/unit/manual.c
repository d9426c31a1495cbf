/*
 * manual: omsaslban(8) tells every parameter, with the allowed values and the
 * default that the table has, and no other. Reads $srcdir/docs/omsaslban.8.
 */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/settings.h"

enum { MANUAL = 256 * 1024, ENTRIES = 64 };

#define ITEM "\n.It Cm "
#define FILTER_PATH "filter.path" /* its default is the build's */

static char manual[MANUAL];

static int load(void **state)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	FILE *f;
	size_t n;

	(void)state;
	snprintf(path, sizeof(path), "%s/docs/omsaslban.8",
		 srcdir == NULL ? "." : srcdir);
	f = fopen(path, "re");
	if (f == NULL)
		return -1;
	n = fread(manual, 1, sizeof(manual) - 1, f);
	fclose(f);
	manual[n] = '\0';
	return n > 0 && n < sizeof(manual) - 1 ? 0 : -1;
}

/* The text of one entry, to the end of its paragraph; fails without one. */
static const char *entry_of(const char *name, char *out, size_t size)
{
	char start[128];
	const char *at, *end;

	snprintf(start, sizeof(start), ITEM "%s\n", name);
	at = strstr(manual, start);
	if (at == NULL)
		fail_msg("the manual has no entry '%s'", name);
	end = strstr(at, "\n.Pp");
	assert_non_null(end);
	snprintf(out, size, "%.*s\n", (int)(end - at), at);
	return out;
}

static void has_line(const char *entry, const char *word, const char *text)
{
	char line[512];

	snprintf(line, sizeof(line), "\n%s: %s\n", word, text);
	if (strstr(entry, line) == NULL)
		fail_msg("the manual does not say '%s: %s'", word, text);
}

/* What a change takes, where a restart is not all. */
static const struct change_row {
	const char *name, *text;
} changes[] = {
	{"filter", "restart; what the files say, at HUP"},
	{"filter.path", "restart; what the files say, at HUP"},
	{"ignoreip", "restart; what a file or a name stands for, by itself"},
};

static const char *change_of(const char *name)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (strcmp(changes[i].name, name) == 0)
			return changes[i].text;
	return "restart";
}

static void parameter_test(void **state)
{
	const struct settings_row *row = *state;
	const char *by_default =
		row->default_text == NULL ? "none" : row->default_text;
	char buffer[1024];
	const char *entry = entry_of(row->name, buffer, sizeof(buffer));

	has_line(entry, "Allowed", row->allowed);
	has_line(entry, "Change", change_of(row->name));
	if (strcmp(row->name, FILTER_PATH) != 0)
		has_line(entry, "Default", by_default);
	else
		assert_non_null(strstr(entry, "\nDefault: /"));
	assert_int_equal(strstr(entry, "\nType: list") != NULL,
			 settings_is_list(row));
}

static void no_other_test(void **state)
{
	const char *at = strstr(manual, "\n.Sh PARAMETERS"), *end;
	size_t n = 0;
	char name[64];

	(void)state;
	assert_non_null(at);
	end = strstr(at + 1, "\n.Sh ");
	while ((at = strstr(at, ITEM)) != NULL && at < end) {
		at += strlen(ITEM);
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, "\n"),
			 at);
		n++;
		if (settings_find(name) == NULL)
			fail_msg("there is no parameter '%s'", name);
	}
	assert_true(n > 1);
}

int main(void)
{
	struct CMUnitTest tests[ENTRIES] = {{0}};
	size_t n = 0;

	for (const struct settings_row *r = settings_table; r->name; r++)
		tests[n++] = (struct CMUnitTest){
			.name = r->name,
			.test_func = parameter_test,
			.initial_state = (void *)(uintptr_t)r,
		};
	tests[n++] = (struct CMUnitTest){
		.name = "the manual has no other parameter",
		.test_func = no_other_test,
	};
	return _cmocka_run_group_tests("manual", tests, n, load, NULL);
}
