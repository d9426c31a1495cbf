/*
 * fit: how wide the columns of a table are on a narrow terminal.
 *
 * What gives way, in this order, until the lines fit:
 *   1. a column that may stand below its row moves there;
 *   2. times lose their seconds;
 *   3. spare columns are left out, the first of them first, as far as it is
 *      not enough to cut the columns that may be cut;
 *   4. times lose the time of day;
 *   5. the columns that may be cut are cut, the widest first.
 * If that is not enough, lines are too long: an address that is cut is of no
 * use to anybody.
 */
#ifndef SASLBAN_CLI_FIT_H
#define SASLBAN_CLI_FIT_H

#include <stdbool.h>
#include <stddef.h>

#define FIT_COLUMNS 12
#define FIT_GAP 2 /* blanks between columns */

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER, /* to the right */
	COLUMN_TIME    /* as output_time has it */
};

/* One column. In an array of them the last has no heading. */
struct column {
	const char *heading;
	enum column_kind kind;
	size_t min;     /* columns that it may be cut to; 0: never */
	unsigned spare; /* 1 is left out first; 0: never */
	bool below;     /* may stand below its row, behind an indent */
};

struct fit {
	bool shown[FIT_COLUMNS]; /* false: left out, or below */
	bool below[FIT_COLUMNS];
	size_t width[FIT_COLUMNS];
};

/* The n columns have these widths; a line has that many columns, 0: any. */
void fit_columns(struct fit *out, const struct column *column,
		 const size_t *width, size_t n, size_t line);

#endif
