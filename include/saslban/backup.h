/*
 * backup: whole copies of a database, made while it is in use.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * A backup is one file that is a database itself, and says so (jail_copied).
 * Those that a damaged database is begun anew from (saslban/renewal.h) are in
 * the directory `backup` beside it:
 * /var/lib/saslban/backup/saslban.db-20261130T014231Z.
 */
#ifndef SASLBAN_BACKUP_H
#define SASLBAN_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/store.h"

#define BACKUP_PATH (SETTINGS_PATH + 96)

/* The directory `backup` beside the database. Returns out. */
char *backup_directory(const char *database, char out[BACKUP_PATH]);

/* The name for a backup of that database in that directory: one that is not
 * there yet. Returns out. */
char *backup_name(const char *directory, const char *database, int64_t now,
		  char out[BACKUP_PATH]);

struct backup_progress {
	/* Between two steps of a few milliseconds; other than 0 gives up. May
	 * be NULL. */
	int (*see)(void *context, size_t done, size_t total);
	void *context;
};

/* Writes all that was committed when it began to the file at path, which is
 * replaced, if it is there, when the new one is complete and was verified;
 * until then its name ends with `~`. It has the mode 0640 and, if we may give
 * it away, the owner of the database. Writers go on meanwhile; only the log of
 * the database is not cut. */
int backup_write(struct store *s, const char *path,
		 const struct backup_progress *progress, struct fault *why);

/* Backups of that database in that directory, by their names, the newest
 * first, until see answers other than 0. A directory that is missing has
 * none. */
int backup_each(const char *directory, const char *database,
		int (*see)(void *context, const char *path), void *context,
		struct fault *why);

/* Removes all but the `keep` newest of them. *n: how many. */
int backup_keep(const char *directory, const char *database, size_t keep,
		size_t *n, struct fault *why);

#endif
