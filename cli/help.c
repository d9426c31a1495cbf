/* help: see help.h. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "options.h"

void help_program(const struct verb *table)
{
	puts("usage: saslbanctl [-d DATABASE] [VERB] [--json] ...\n");
	for (const struct verb *v = table; v->name != NULL; v++)
		printf("  %-10s %s\n", v->name, v->help);
	puts("\nOptions of every verb, before or after it:");
	options_help(stdout, OPTION_COMMON);
	puts("\n'saslbanctl help VERB' explains a verb; the manual is "
	     "saslbanctl(8).");
}

static void print_examples(const char *at)
{
	puts("\nExamples:");
	for (;;) {
		size_t len = strcspn(at, "\n");

		printf("  %.*s\n", (int)len, at);
		if (at[len] == '\0')
			return;
		at += len + 1;
	}
}

void help_verb(const struct verb *v)
{
	int column = printf("usage: saslbanctl %s%s", v->name, v->operands);

	options_synopsis(stdout, v->options, column);
	printf("\n\n%s\n\n", v->help);
	options_help(stdout, v->options);
	if (v->examples != NULL)
		print_examples(v->examples);
}
