/*
 * columns: one line of a list of bans that another program has written, into a
 * ban. Pure, but for the zone of the process.
 */
#ifndef SASLBAN_CLI_COLUMNS_H
#define SASLBAN_CLI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/offense.h"
#include "saslban/slice.h"

#define COLUMNS_CELL 256 /* bytes of a cell, with NUL */
#define COLUMNS_MOST 32  /* cells of a line */

enum columns {
	COLUMNS_BAN,     /* *out is one */
	COLUMNS_NOTHING, /* the line has none: it is empty, or a comment */
	COLUMNS_RESTORE, /* saslfail: fail2ban has only restarted */
	COLUMNS_END,     /* saslfail: a ban's end, which its length tells */
	COLUMNS_BAD      /* *why is set */
};

struct columns_ban {
	char jail[COLUMNS_CELL]; /* empty: not told */
	bool begun;              /* it is told when */
	bool zoneless;           /* a time is of the process's zone */
	bool literal;            /* it is ours, to the letter */
	struct offense offense;  /* without jail; strike 0: not told */
};

/* The columns of a table, by its headings. */
struct columns_table {
	char separator;
	bool ours;                    /* its text is escaped as csv.h has it */
	signed char of[COLUMNS_MOST]; /* by the cell: what it is; -1: no
				       * matter */
	size_t cells;
};

/* `192.0.2.1`, and anything behind a blank, or # */
enum columns columns_list(struct slice line, struct columns_ban *out,
			  const char **why);

/* `2026-11-20 14:30:05|192.0.2.1|postfix-sasl-first|ban|1|0` */
enum columns columns_saslfail(struct slice line, struct columns_ban *out,
			      const char **why);

/* False: it has no heading that tells an address. */
bool columns_headings(struct slice line, struct columns_table *t);
enum columns columns_csv(const struct columns_table *t, struct slice line,
			 struct columns_ban *out, const char **why);

/* ---- what both, and JSON, are made with ---- */

#define COLUMNS_ADDRESSES 3 /* headings of an address; they stand first */

/* The number of a heading; -1: it is not known. */
int columns_heading(const char *name);

/* Its text is somebody's words. */
bool columns_is_text(int heading);

/* Put what it names into the ban, from text; false: it cannot be, and
 * columns_trouble says what it is then. */
bool columns_put(struct columns_ban *b, int heading, const char *text);
const char *columns_trouble(int heading);

/* Of a ban of which nothing is told; and of one of which all is: COLUMNS_BAN,
 * or COLUMNS_BAD and *why. */
void columns_clear(struct columns_ban *b);
enum columns columns_check(struct columns_ban *b, const char **why);

/* Without the blanks around it. */
struct slice columns_trim(struct slice s);

#endif
