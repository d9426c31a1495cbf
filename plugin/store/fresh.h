/*
 * fresh: a new database beside a damaged one, made from the newest backup that
 * is whole, or empty. See saslban/renewal.h.
 */
#ifndef SASLBAN_STORE_FRESH_H
#define SASLBAN_STORE_FRESH_H

#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/renewal.h"

/* Make one for the database at that path, to be found at `renewed` when it is
 * complete and on the disk. Notes the renewal in it, and in r the backup. */
int fresh_make(const char *database, const char *renewed, int64_t now,
	       struct renewal *r, struct fault *why);

/* Remove what of one is there that was not completed. */
void fresh_discard(const char *database);

/* What was renamed in the directory of the file is on the disk, as far as that
 * can be had. */
void fresh_settle(const char *path);

#endif
