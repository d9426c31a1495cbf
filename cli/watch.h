/*
 * watch: what a verb prints, again and again, until somebody ends it.
 *
 * On a terminal in place, as wide as it is by then; where standard output is
 * none, or a dumb one, one after the other.
 */
#ifndef SASLBAN_CLI_WATCH_H
#define SASLBAN_CLI_WATCH_H

#include "cli.h"
#include "edge.h"

enum { WATCH_PAUSE = 5, WATCH_LONGEST = 3600 }; /* seconds */

/* So many seconds between two; prints what is wrong with the text. NULL:
 * WATCH_PAUSE. */
enum status watch_pause(const char *text, int *seconds);

/* Calls it with the time of then, and a stream of then. Ends with Ctrl-C, or
 * when nobody reads any more; its status is the last one. */
enum status watch(const struct cli *c, int seconds,
		  enum status (*show)(const struct cli *c));

#endif
