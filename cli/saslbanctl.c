/*
 * saslbanctl: what the module knows, and what a person wants of it.
 *
 * The table of verbs, and main: take the command line apart, find the row,
 * call it. A verb is a row here and a file of its own. This program and its
 * verbs read the clock and print; nothing below them does.
 */
#include "cli.h"

#include <errno.h>
#include <locale.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

static const struct verb verbs[] = {
	{"status", verb_status, "", 0, 0, OPTION_JAIL,
	 "each jail, its bans and its kernel sets (the default)"},
	{"list", verb_list, "", 0, 0, OPTION_ALL | OPTION_JAIL,
	 "the bans that run, newest first"},
	{"show", verb_show, " ADDRESS[/PREFIX]", 1, 1, OPTION_JAIL,
	 "all that is known of an address"},
	{"ban", verb_ban, " ADDRESS[/PREFIX]", 1, 1,
	 OPTION_JAIL | OPTION_FOR | OPTION_REASON | OPTION_FORCE,
	 "ban an address now"},
	{"unban", verb_unban, " ADDRESS[/PREFIX]", 1, 1,
	 OPTION_JAIL | OPTION_REASON, "lift the ban of an address now"},
	{"rules", verb_rules, "", 0, 0, OPTION_JAIL,
	 "the rules of the filters, and how often each has matched"},
	{"test", verb_test, " [FILE|-]", 0, 1,
	 OPTION_FILTER | OPTION_PATH | OPTION_EXPLAIN | OPTION_VERBOSE,
	 "what filters make of log lines"},
	{"filter", verb_filter, " NAME", 1, 1, OPTION_PATH | OPTION_VERBOSE,
	 "the rules of a filter, after all substitution"},
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]), NAME_MAX_LEN = 16 };

/* ---- what is said ---- */

static void __attribute__((format(printf, 1, 0)))
note(const char *format, va_list args)
{
	char text[FAULT_TEXT + 256];
	struct output o;

	vsnprintf(text, sizeof(text), format, args);
	output_init(&o, stderr);
	fflush(stdout); /* or a log of both has them in the wrong order */
	fputs("saslbanctl: ", stderr);
	text_show(stderr, text, o.utf8);
	fputc('\n', stderr);
}

void cli_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(format, args);
	va_end(args);
}

enum status cli_end(enum status status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(format, args);
	va_end(args);
	return status;
}

enum status cli_fail(const struct fault *why)
{
	return cli_end(why->kind == FAULT_SETTING ? STATUS_USAGE
						  : STATUS_FAILED,
		       "%s", why->text);
}

void cli_who(char *buf, size_t size)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user;

	if (sudo != NULL && sudo[0] != '\0') {
		snprintf(buf, size, "%s", sudo);
		return;
	}
	user = getpwuid(getuid());
	if (user != NULL)
		snprintf(buf, size, "%s", user->pw_name);
	else
		snprintf(buf, size, "uid %lu", (unsigned long)getuid());
}

/* ---- help ---- */

static void print_help(void)
{
	puts("usage: saslbanctl [-d DATABASE] [VERB] [--json] ...\n");
	for (size_t i = 0; i < VERBS; i++)
		printf("  %-8s %s\n", verbs[i].name, verbs[i].help);
	puts("\nOptions of every verb, before or behind it:");
	options_help(stdout, OPTION_COMMON);
	puts("\nsaslbanctl VERB --help tells of one; the manual is "
	     "saslbanctl(8).");
}

static void print_verb_help(const struct verb *v)
{
	printf("usage: saslbanctl %s%s", v->name, v->operands);
	options_synopsis(stdout, v->options);
	printf(" [--json]\n\n%s\n\n", v->help);
	options_help(stdout, v->options);
}

/* ---- which verb ---- */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters have to be put in, taken out or changed (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1];
	size_t len = strlen(b);

	if (strlen(a) > NAME_MAX_LEN || len > NAME_MAX_LEN)
		return NAME_MAX_LEN;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(least(row[j], row[j - 1]) + 1, change);
		}
	}
	return row[len];
}

/* The verb that may have been meant, or NULL. */
static const struct verb *suggest(const char *name)
{
	const struct verb *best = NULL;
	size_t nearest = 3;

	for (size_t i = 0; i < VERBS; i++) {
		size_t d = distance(name, verbs[i].name);

		if (strncmp(name, verbs[i].name, strlen(name)) == 0)
			d = 1;
		if (d < nearest) {
			nearest = d;
			best = &verbs[i];
		}
	}
	return best;
}

/* NULL, and said why, when there is none of that name. */
static const struct verb *find_verb(const char *name)
{
	const struct verb *near;

	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	near = suggest(name);
	if (near != NULL)
		cli_note("unknown verb '%s'; did you mean '%s'?", name,
			 near->name);
	else
		cli_note("unknown verb '%s'; saslbanctl --help tells which "
			 "there are",
			 name);
	return NULL;
}

/* ---- one call ---- */

static enum status run(const struct cli *c, const struct verb *v)
{
	size_t operands = c->words == 0 ? 0 : c->words - 1;
	unsigned strange = c->given & ~v->options;

	if (c->help) {
		print_verb_help(v);
		return STATUS_OK;
	}
	if (strange != 0)
		return cli_end(STATUS_USAGE, "'%s' takes no option '--%s'",
			       v->name, options_name(strange));
	if (operands < v->least)
		return cli_end(STATUS_USAGE, "'%s' needs%s", v->name,
			       v->operands);
	if (operands > v->most)
		return cli_end(STATUS_USAGE, "'%s' has no use for '%s'",
			       v->name, c->word[v->most + 1]);
	if (c->reason != NULL && strlen(c->reason) > CLI_REASON)
		return cli_end(STATUS_USAGE,
			       "--reason is too long; allowed: %d bytes",
			       CLI_REASON);
	return v->run(c);
}

/* What was printed has to have arrived: a full disk is no success. */
static enum status flushed(enum status status)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return status;
	return cli_end(STATUS_FAILED, "cannot write to standard output: %s",
		       strerror(errno));
}

int main(int argc, char **argv)
{
	struct cli c = {.database = CLI_DATABASE};
	const struct verb *v = &verbs[0];
	enum status status;

	setlocale(LC_CTYPE, "");
	status = options_parse(&c, argc, argv);
	if (status != STATUS_OK)
		return status;
	output_init(&c.out, stdout);
	c.now = time(NULL);
	if (c.words > 0 && (v = find_verb(c.word[0])) == NULL)
		return STATUS_USAGE;
	if (c.version)
		puts("saslbanctl " SASLBAN_VERSION);
	else if (c.help && c.words == 0)
		print_help();
	else
		status = run(&c, v);
	return flushed(status);
}
