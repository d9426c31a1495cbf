/*
 * since: the moment that --since names.
 *
 * Pure, but for the machine's time zone.
 */
#ifndef SASLBAN_CLI_SINCE_H
#define SASLBAN_CLI_SINCE_H

#include <stdint.h>

/* A duration back from now (saslban/duration.h: `7d`), or a local date, with
 * a time of day or without: `2026-11-20`, `2026-11-20 14:30`, `2026-11-20
 * 14:30:05`; a T may stand for the blank. 0 and *at; -1 when the text is
 * neither, or is not in the past.
 *
 * Where the clock is set back, a time comes twice: the first one is meant.
 * Where it is set forward, a time is left out: it is as if the clock had run
 * on, so that 02:30 is the moment at which it says 03:30. */
int since_parse(const char *text, int64_t now, int64_t *at);

#endif
