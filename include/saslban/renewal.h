/*
 * renewal: the database of an engine is opened and, if it is damaged, set aside
 * under a dated name (saslban.db.corrupt-20261130T014231Z; its log and index
 * with it), while another one is begun: from the newest backup that is whole
 * (saslban/backup.h), or empty. What is missing there, the engine takes over
 * from the sets.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * Damaged is: SQLite says that what it reads is no database, or not a whole
 * one (SQLITE_CORRUPT, SQLITE_NOTADB), of a file that is ours: it says so
 * itself, or an engine had its database at this path; in the latter case also a
 * file that is empty. If that was found by a connection that was open, another
 * one has to find it, too. A disk that fails, a lock, a lack of memory, room or
 * permission, another program's database, a newer version, a file that is
 * missing: all that is not damage.
 *
 * Of several engines one does it, the others find the new one. Killed at any
 * point it goes on at the next opening: the new database is complete before
 * the old one is set aside.
 */
#ifndef SASLBAN_RENEWAL_H
#define SASLBAN_RENEWAL_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/store.h"

struct renewal {
	bool damaged; /* it was, and was set aside or, after -1, could not be */
	bool backup;  /* the new one was made from a backup */
	char aside[SETTINGS_PATH + 96]; /* where the damaged one is; "" if it
					 * was set aside before */
	char from[SETTINGS_PATH + 96];  /* the backup */
	struct fault why;               /* what was found */
};

/* As store_open with STORE_CREATE. doubt: SQLite has found damage; the whole
 * file is read, which takes its time. now: Unix seconds. */
int renewal_open(struct store **out, const char *path, bool doubt, int64_t now,
		 struct renewal *r, struct fault *why);

/* Since the jail last took over what its sets hold, the database was renewed.
 */
int renewal_due(struct store *s, int64_t jail, bool *due, struct fault *why);

/* It has taken it over. */
int renewal_done(struct store *s, int64_t jail, struct fault *why);

#endif
