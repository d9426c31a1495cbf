/*
 * options: the command line, read into a struct cli.
 *
 * One table for all verbs, so that an option means the same everywhere and
 * may stand before or after the verb. Which verb takes which is checked when
 * the verb is known.
 */
#ifndef SASLBAN_CLI_OPTIONS_H
#define SASLBAN_CLI_OPTIONS_H

#include <stdint.h>
#include <stdio.h>

#include "cli.h"
#include "edge.h"

#define OPTIONS_REASON                                         \
	95 /* bytes of --reason; with a name it fits STORE_WHY \
	    */

/* Options that only some verbs take; a verb's row has the sum of its own. */
#define OPTION_COMMON UINT64_C(0)
#define OPTION_ALL (UINT64_C(1) << 0)
#define OPTION_JAIL (UINT64_C(1) << 1)
#define OPTION_FOR (UINT64_C(1) << 2)
#define OPTION_REASON (UINT64_C(1) << 3)
#define OPTION_FORCE (UINT64_C(1) << 4)
#define OPTION_FILTER (UINT64_C(1) << 5)
#define OPTION_PATH (UINT64_C(1) << 6)
#define OPTION_EXPLAIN (UINT64_C(1) << 7)
#define OPTION_VERBOSE (UINT64_C(1) << 8)
#define OPTION_KERNEL (UINT64_C(1) << 9)
#define OPTION_POLICY (UINT64_C(1) << 10)
#define OPTION_SINCE (UINT64_C(1) << 11)
#define OPTION_LIMIT (UINT64_C(1) << 12)
#define OPTION_CSV (UINT64_C(1) << 13)
#define OPTION_FORMAT (UINT64_C(1) << 14)
#define OPTION_OUTPUT (UINT64_C(1) << 15)
#define OPTION_DRY_RUN (UINT64_C(1) << 16)
#define OPTION_YES (UINT64_C(1) << 17)
#define OPTION_BY (UINT64_C(1) << 18)
#define OPTION_WATCH (UINT64_C(1) << 19)
#define OPTION_FROM (UINT64_C(1) << 20)
#define OPTION_ZONE (UINT64_C(1) << 21)
#define OPTION_JAIL_LOCAL (UINT64_C(1) << 22)
#define OPTION_FILE (UINT64_C(1) << 23)
#define OPTION_ACTIVE (UINT64_C(1) << 24)
#define OPTION_STRIKE (UINT64_C(1) << 25)
#define OPTION_NETWORK (UINT64_C(1) << 26)
#define OPTION_USER (UINT64_C(1) << 27)
#define OPTION_GROUND (UINT64_C(1) << 28)
#define OPTION_SORT (UINT64_C(1) << 29)
#define OPTION_KEEP (UINT64_C(1) << 30)
#define OPTION_BEFORE (UINT64_C(1) << 31)
/* No option: the verb has no --json, which all others take. */
#define OPTION_NO_JSON (UINT64_C(1) << 32)

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
const char *options_name(uint64_t options);

/* The options of a verb and --json, as `[--all] [--jail NAME]`, after what
 * stands on the line already: so many columns. */
void options_synopsis(FILE *file, uint64_t options, int column);

/* A line of help for each; with OPTION_COMMON, for those that every verb, or
 * with --json nearly every one, takes. */
void options_help(FILE *file, uint64_t options);

#endif
