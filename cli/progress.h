/*
 * progress: how much of a file is done, for somebody who waits at a terminal.
 *
 * On standard error, if that is a terminal, and after the first second.
 */
#ifndef SASLBAN_CLI_PROGRESS_H
#define SASLBAN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool wanted;
	bool shown;
	int64_t next; /* milliseconds: when to print again */
};

void progress_begin(struct progress *p);

/* So many lines are done, and so many of all bytes (all 0: how many there are
 * is not known). Cheap enough to be called for each line. */
void progress_print(struct progress *p, uint64_t lines, uint64_t done,
		    uint64_t all);

/* Removes what was printed. */
void progress_end(struct progress *p);

#endif
