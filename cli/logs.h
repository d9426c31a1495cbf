/*
 * logs: old logs, one after the other, in the order in which they are given.
 *
 * A line without a date cannot be judged, and is left out. What is wrong with
 * one file is said, and the others are read all the same.
 */
#ifndef SASLBAN_CLI_LOGS_H
#define SASLBAN_CLI_LOGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli.h"
#include "edge.h"
#include "saslban/fault.h"
#include "saslban/logline.h"

#define LOGS_BEHIND 3600 /* seconds that lines may be out of order */

struct logs {
	uint64_t lines;
	uint64_t undated; /* of which have no date */
	uint64_t behind;  /* ... are more than LOGS_BEHIND older than one
			   * before: the files are not in order */
	int64_t first;    /* the earliest date; 0: there is none */
	int64_t last;     /* the latest one */
	bool broken;      /* a file could not be read to its end */
};

/* The files that the call names; see gets each line that has a date, and -1
 * from it ends it. Prints what is wrong, and how far it is. A broken file is
 * no failure of it. */
enum status logs_read(struct logs *l, const struct cli *c,
		      int (*see)(void *context, struct logline *line,
				 struct fault *why),
		      void *context);

#endif
