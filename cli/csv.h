/*
 * csv: one table as comma-separated values (RFC 4180).
 *
 *	csv_begin(&c, file, headings);
 *	csv_text(&c, address);
 *	csv_number(&c, 3);
 *	csv_end(&c);
 *
 * The first row has the headings, lines end with CR and LF, and a cell with a
 * comma, a quote or a blank at an end stands in quotes. It is UTF-8, whatever
 * the locale.
 *
 * Text from outside is shown as everywhere (text.h), so that no cell has a
 * line feed. One that begins with = + - or @ would be a formula to a
 * spreadsheet, and could send the rest of the table to whoever tried that
 * user name: such a cell gets an apostrophe in front, and so does one that
 * begins with an apostrophe.
 */
#ifndef SASLBAN_CLI_CSV_H
#define SASLBAN_CLI_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "calendar.h"
#include "spool.h"

struct csv {
	struct spool out;
	struct calendar calendar;
	bool inside; /* a cell stands on the line */
};

/* headings: the last is NULL. The file is borrowed until the last row. */
void csv_begin(struct csv *c, FILE *file, const char *const *headings);

/* One more cell; an empty text is an empty cell. */
void csv_text(struct csv *c, const char *text);
void csv_number(struct csv *c, int64_t number);
void csv_empty(struct csv *c, unsigned cells);
/* Local, as output_time has it; empty for 0. */
void csv_time(struct csv *c, int64_t at);

/* The row is complete. */
void csv_end(struct csv *c);

#endif
