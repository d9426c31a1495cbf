/*
 * import: one file of bans, and what came of it.
 */
#ifndef SASLBAN_CLI_IMPORT_H
#define SASLBAN_CLI_IMPORT_H

#include <stdint.h>

#include "cli.h"
#include "edge.h"
#include "intake.h"
#include "progress.h"
#include "session.h"

#define IMPORT_SHOWN 5 /* bad lines that are told of one by one */
#define IMPORT_TEXT 160
#define IMPORT_COPY 32 /* bytes of the name of a copy */

struct import_bad {
	uint64_t line;
	char text[IMPORT_TEXT];
};

struct import {
	const struct cli *cli;
	const char *path;   /* as it was named */
	const char *source; /* what is read: the same, or a copy */
	char copy[IMPORT_COPY];
	const char *kind; /* its name */
	struct session session;
	struct intake intake;
	struct progress progress;
	uint64_t rows; /* that have a ban */
	uint64_t restores, ends;
	uint64_t bad;
	struct import_bad shown[IMPORT_SHOWN];
};

/* import_copy.c: a pipe is read to its end, into a copy without a name in any
 * directory: it can be read once only, and whoever writes into it may take his
 * time, which must not pass while we hold the database. */
int import_copy(struct import *m, struct fault *why);

/* import_read.c: which kind it is, and all of its bans, one by one. Prints
 * what is wrong. */
enum status import_kind(struct import *m);
int import_read(struct import *m, struct fault *why);

/* import_print.c */
void import_print(const struct import *m);
enum status import_json(const struct import *m);

/* import_jails.c: `--jail-local FILE...` */
enum status import_jails(const struct cli *c);

#endif
