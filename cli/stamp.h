/*
 * stamp: a time as text that means the same everywhere: `2026-11-20T14:30:05Z`.
 */
#ifndef SASLBAN_CLI_STAMP_H
#define SASLBAN_CLI_STAMP_H

#include <stddef.h>
#include <stdint.h>

#define STAMP_TEXT 32 /* with NUL */

/* `never` for DURATION_FOREVER, empty for 0. Returns buf. */
char *stamp_print(int64_t at, char buf[STAMP_TEXT]);

enum stamp {
	STAMP_GOOD,
	STAMP_ZONELESS, /* a time of day that may be of any zone: *at has it as
			 * the zone of this process (TZ) has it */
	STAMP_BAD
};

/* Reads what stamp_print writes, with a blank for the T, without seconds, with
 * a distance from UTC (+01:00) for the Z, or without a zone; and seconds since
 * the Epoch. Pure, but for the zone of the process. */
enum stamp stamp_parse(const char *text, int64_t *at);

#endif
