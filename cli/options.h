/*
 * options: the command line, read into a struct cli.
 *
 * One table for all verbs, so that an option means the same everywhere and
 * may stand before or after the verb. Which verb takes which is checked when
 * the verb is known.
 */
#ifndef SASLBAN_CLI_OPTIONS_H
#define SASLBAN_CLI_OPTIONS_H

#include <stdio.h>

#include "cli.h"
#include "edge.h"

#define OPTIONS_REASON                                         \
	95 /* bytes of --reason; with a name it fits STORE_WHY \
	    */

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
	OPTION_VERBOSE = 1 << 8,
	OPTION_KERNEL = 1 << 9,
	OPTION_POLICY = 1 << 10,
	OPTION_SINCE = 1 << 11,
	OPTION_LIMIT = 1 << 12,
	OPTION_CSV = 1 << 13,
	OPTION_FORMAT = 1 << 14,
	OPTION_OUTPUT = 1 << 15,
	OPTION_DRY_RUN = 1 << 16,
	OPTION_YES = 1 << 17,
	OPTION_BY = 1 << 18,
	OPTION_WATCH = 1 << 23,
	OPTION_FILE = 1 << 24,
	OPTION_ACTIVE = 1 << 25,
	OPTION_STRIKE = 1 << 26,
	OPTION_NETWORK = 1 << 27,
	OPTION_USER = 1 << 28,
	OPTION_GROUND = 1 << 29,
	OPTION_SORT = 1 << 30,
	OPTION_KEEP = 1 << 22,
	OPTION_BEFORE = 1 << 23
};

/* Read the command line into *c, which holds the defaults. Prints what is wrong
 * with it. */
enum status options_parse(struct cli *c, int argc, char **argv);

/* --for; without it, what is given as none. Prints what is wrong with it. */
enum status options_duration(const struct cli *c, int64_t none, int64_t *out);

/* --since; 0 without it. Prints what is wrong with it. */
enum status options_since(const struct cli *c, int64_t *out);

/* --before; without it, what is given as none. Prints what is wrong with it. */
enum status options_before(const struct cli *c, int64_t none, int64_t *out);

/* --keep; 0 without it. Prints what is wrong with it. */
enum status options_keep(const struct cli *c, size_t *out);

/* --limit; without it, what is given as none; 0 stands for all. Prints what is
 * wrong with it. */
enum status options_limit(const struct cli *c, size_t none, size_t *out);

/* The name of one of these. */
const char *options_name(unsigned options);

/* The options of a verb and --json, as `[--all] [--jail NAME]`, after what
 * stands on the line already: so many columns. */
void options_synopsis(FILE *file, unsigned options, int column);

/* A line of help for each; with OPTION_COMMON, for those that every verb
 * takes. */
void options_help(FILE *file, unsigned options);

#endif
