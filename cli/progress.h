/*
 * progress: how far it is, for somebody who waits at a terminal.
 *
 * On stderr, if that is a terminal, and not before a second has passed.
 */
#ifndef SASLBAN_CLI_PROGRESS_H
#define SASLBAN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool wanted;
	bool shown;
	int64_t next; /* milliseconds: when to tell again */
};

void progress_begin(struct progress *p);

/* lines are done; done of all bytes (all 0: not known how many). Cheap enough
 * to be called for each line. */
void progress_tell(struct progress *p, uint64_t lines, uint64_t done,
		   uint64_t all);

/* Takes back what is on the terminal. */
void progress_end(struct progress *p);

#endif
