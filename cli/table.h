/*
 * table: columns for people.
 *
 * Cells are collected, then written with each column as wide as its widest
 * cell. Every cell goes through text_show: nothing that came from outside can
 * reach the terminal another way.
 *
 * On a terminal that is too narrow for it, a table gives way column by column
 * (fit.h); elsewhere it is written whole.
 */
#ifndef SASLBAN_CLI_TABLE_H
#define SASLBAN_CLI_TABLE_H

#include <stddef.h>

#include "fit.h"
#include "output.h"

struct table;

/* Both are borrowed for the life of the table. NULL when out of memory; every
 * function takes that NULL, and table_print returns -1 for it. */
struct table *table_open(const struct column *columns, const struct output *o);
void table_close(struct table *t);

/* One more cell, row by row, left to right; printf style; an empty one shows
 * as `-`. Out of memory is remembered for table_print. */
void table_cell(struct table *t, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same of a text as it is, and of a number: for many rows. */
void table_text(struct table *t, enum style style, const char *text);
void table_number(struct table *t, enum style style, int64_t number);

/* How many whole rows there are. */
size_t table_rows(const struct table *t);

/* The headings, if wanted, and the rows, each line indented. -1 when memory
 * ran out on the way: then nothing was written. */
int table_print(const struct table *t, unsigned indent, bool headings);

#endif
