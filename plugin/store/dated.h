/*
 * dated: files of one name that differ in a date: PREFIX20261130T014231Z. The
 * date is in UTC, so that the names sort as the files were made, also in the
 * night in which clocks are put back.
 */
#ifndef SASLBAN_STORE_DATED_H
#define SASLBAN_STORE_DATED_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/settings.h"

#define DATED_STAMP 17 /* with NUL */
#define DATED_PATH (SETTINGS_PATH + 96)

/* PREFIX with the date of now or, if there is such a file, of the next second
 * for which there is none. Returns out. */
char *dated_new(const char *prefix, int64_t now, char out[DATED_PATH]);

/* The path of each regular file of that name, the newest first, 1000 at most,
 * until see answers other than 0. A directory that is missing has none. */
int dated_each(const char *prefix, int (*see)(void *context, const char *path),
	       void *context, struct fault *why);

#endif
