/*
 * cli: what the verbs of saslbanctl have in common.
 *
 * A verb is a row in saslbanctl.c and a file of its own with one function. It
 * gets the command line, taken apart, and answers with an exit status. What a
 * library could not do comes back as a fault, and only here, at the edge, does
 * it become a line on stderr.
 */
#ifndef SASLBAN_CLI_CLI_H
#define SASLBAN_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output.h"
#include "saslban/fault.h"
#include "saslban/offense.h"

#define CLI_DATABASE "/var/lib/saslban/saslban.db"
#define CLI_REASON 95  /* bytes of --reason; with a name it fits STORE_WHY */
#define CLI_OPERANDS 8 /* words that are no options, the verb among them */
#define CLI_LIST 16    /* times that an option may be given */

/* Exit statuses; saslbanctl(8) promises them. */
enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NOTHING = 3 /* no such record */
};

/* Options that only some verbs take; a verb's row has the sum of its own. */
enum option_bit {
	OPTION_COMMON = 0,
	OPTION_ALL = 1 << 0,
	OPTION_JAIL = 1 << 1,
	OPTION_FOR = 1 << 2,
	OPTION_REASON = 1 << 3,
	OPTION_FORCE = 1 << 4,
	OPTION_FILTER = 1 << 5,
	OPTION_PATH = 1 << 6,
	OPTION_EXPLAIN = 1 << 7,
	OPTION_VERBOSE = 1 << 8
};

/* The values of an option that may be given several times. */
struct cli_list {
	const char *at[CLI_LIST];
	size_t n;
};

struct cli {
	const char *database;
	bool json;
	bool help;
	bool version;
	bool all;
	bool force;
	bool verbose;
	const char *jail;   /* NULL: not given; so are the next three */
	const char *span;   /* --for */
	const char *reason; /* --reason */
	const char *explain;
	struct cli_list filter;
	struct cli_list path;
	unsigned given;                 /* enum option_bit */
	const char *word[CLI_OPERANDS]; /* the verb and its operands */
	size_t words;
	int64_t now; /* read once */
	struct output out;
};

struct verb {
	const char *name;
	enum status (*run)(const struct cli *c);
	const char *operands; /* for the synopsis */
	size_t least;         /* operands it needs, and takes */
	size_t most;
	unsigned options;
	const char *help;
};

enum status verb_status(const struct cli *c);
enum status verb_list(const struct cli *c);
enum status verb_show(const struct cli *c);
enum status verb_ban(const struct cli *c);
enum status verb_unban(const struct cli *c);
enum status verb_rules(const struct cli *c);
enum status verb_test(const struct cli *c);
enum status verb_filter(const struct cli *c);

/* Take the command line apart into *c, which holds the defaults. Says what is
 * wrong with it. */
enum status options_parse(struct cli *c, int argc, char **argv);

/* The name of one of these. */
const char *options_name(unsigned options);

/* The options of a verb, as `[--all] [--jail NAME]`, behind its name. */
void options_synopsis(FILE *file, unsigned options);
/* ... and a line of help for each. */
void options_help(FILE *file, unsigned options);

/* One line on stderr behind the program's name; escaped. */
void cli_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, as the end of a verb. */
enum status cli_end(enum status status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Tell of a fault; the status that it stands for. */
enum status cli_fail(const struct fault *why);

/* Who is at the keyboard: the one who called sudo, else the user. The text is
 * cut to size. */
void cli_who(char *buf, size_t size);

#endif
