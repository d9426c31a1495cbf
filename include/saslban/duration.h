/*
 * duration: durations as people write them, in whole seconds.
 *
 * 90 and 90s are 90 seconds; m, h, d and w are 60, 3600, 86400 and 604800
 * seconds. One number and one unit, nothing else; `forever` is a word.
 */
#ifndef SASLBAN_DURATION_H
#define SASLBAN_DURATION_H

#include <stddef.h>
#include <stdint.h>

/* A duration that never ends, or a time that never comes. Larger than any
 * other, so that comparisons need no special case; never added to. */
#define DURATION_FOREVER INT64_MAX

/* The longest finite duration taken: 100 years. Any sum of two of them and of
 * a time of this century stays far from overflow. */
#define DURATION_MAX ((int64_t)100 * 365 * 86400)

#define DURATION_TEXT 32 /* bytes that duration_print ever needs */

/* Returns 0 and sets *seconds (0 .. DURATION_MAX, or DURATION_FOREVER), or
 * -1 when the text is not a duration. Blanks are not skipped. */
int duration_parse(const char *text, size_t len, int64_t *seconds);

/* Exact and short: 172800 is `48h`, 691200 `8d`, 90 `90s`, 0 `0s`. What this
 * prints, duration_parse reads back to the same value. Returns buf. */
char *duration_print(int64_t seconds, char buf[DURATION_TEXT]);

/* For people, two units at most, rounded down: `31d 23h`, `4m 10s`. */
char *duration_human(int64_t seconds, char buf[DURATION_TEXT]);

/* How long a ban is, in the log, in mails and by saslbanctl: as duration_print
 * has it, `48h`; where that is longer than a glance takes (691205s), as
 * duration_human does. Returns buf. */
char *duration_length(int64_t seconds, char buf[DURATION_TEXT]);

/* later minus earlier, where either may be DURATION_FOREVER and the result
 * is never negative. */
int64_t duration_left(int64_t later, int64_t earlier);

/* at + duration, where either may be DURATION_FOREVER. */
int64_t duration_after(int64_t at, int64_t duration);

#endif
