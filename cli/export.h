/*
 * export: what the formats of `saslbanctl export` share.
 */
#ifndef SASLBAN_CLI_EXPORT_H
#define SASLBAN_CLI_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "choice.h"
#include "cli.h"
#include "csv.h"
#include "edge.h"
#include "json.h"
#include "offenders.h"
#include "saslban/offense.h"
#include "session.h"

struct export_format;

/* One call of the verb. C++ has a keyword `export`, so that clang-format would
 * take that name, alone, for something else. */
struct export_call {
	const struct cli *cli;
	const struct export_format *format;
	const struct session *session;
	const struct jail *jail; /* NULL: all */
	struct choice choice;    /* of bans; its jail and order are not */
	FILE *file;
	struct csv csv;
	struct json *json;
	struct offenders offenders;
	size_t bans;      /* seen */
	size_t addresses; /* written, where each is written once */
	struct fault why;
};

struct export_format {
	const char *name;
	bool timeouts; /* has no use for what is over */
	bool sets;     /* each set has entries of its own */
	bool oldest;   /* the oldest ban first, as they are to be recorded */
	/* Those that have every ban: what comes before the first one, one, and
	 * what comes behind the last one. */
	int (*begin)(struct export_call *e);
	int (*ban)(struct export_call *e, const struct offense *o);
	int (*end)(struct export_call *e);
	/* Those that have each address once: all of them. */
	int (*all)(struct export_call *e);
};

/* export_rows.c */
int export_csv_begin(struct export_call *e);
int export_csv(struct export_call *e, const struct offense *o);
int export_json_begin(struct export_call *e);
int export_json(struct export_call *e, const struct offense *o);
int export_json_end(struct export_call *e);
int export_md_begin(struct export_call *e);
int export_md(struct export_call *e, const struct offense *o);
int export_md_end(struct export_call *e);

/* export_sets.c */
int export_list(struct export_call *e);
int export_ipset(struct export_call *e);
int export_nft(struct export_call *e);
int export_postfix(struct export_call *e);

#endif
