/*
 * cli: one call of saslbanctl, its command line taken apart.
 */
#ifndef SASLBAN_CLI_CLI_H
#define SASLBAN_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output.h"

#define CLI_DATABASE "/var/lib/saslban/saslban.db"
#define CLI_OPERANDS 256 /* words that are no options, the verb among them */
#define CLI_LIST 16      /* times that an option may be given */

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
	bool active;
	bool kernel;
	bool force;
	bool verbose;
	bool csv;
	bool dry_run;
	bool yes;
	bool watch;
	bool jail_local;
	const char *jail;     /* NULL: not given; so are the next three */
	const char *duration; /* --for */
	const char *reason;   /* --reason */
	const char *explain;
	const char *since; /* --since, --limit: options.h reads them */
	const char *limit;
	const char *before;
	const char *keep;
	const char *format;
	const char *by;
	const char *to;   /* --output */
	const char *list; /* --file */
	const char *strike;
	const char *network;
	const char *user;
	const char *ground;
	const char *sort;
	const char *from;
	const char *zone;
	struct cli_list filter;
	struct cli_list path;
	struct cli_list policy;
	uint64_t given;                 /* OPTION_*, see options.h */
	const char *word[CLI_OPERANDS]; /* the verb and its operands */
	size_t words;
	int64_t now; /* read once */
	struct output out;
};

#endif
