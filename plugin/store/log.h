/*
 * log: SQLite's two files beside the database, its log (-wal), where commits
 * are until a checkpoint, and the log's index (-shm).
 *
 * SQLite finds them by their names and keeps them open. When somebody removes
 * the log under an open connection, that one goes on writing to a file which
 * nobody will ever find, and the next one to open the database creates another
 * log, while both believe the same index. So:
 *
 * - we notice (log_moved), at each transaction, and write no further;
 * - what the log that we have open holds is written into the database
 *   (log_rescue), unless the index speaks of commits in another log;
 * - who opens the database meanwhile sees that its log lacks what the index
 *   speaks of (log_whole), and waits until that was saved (log_renew).
 */
#ifndef SASLBAN_STORE_LOG_H
#define SASLBAN_STORE_LOG_H

#include <stdbool.h>

#include "saslban/fault.h"
#include "saslban/store.h"

/* Which files are the log and its index of what was just opened. */
void log_note(struct store *s);

/* The files of those names are other ones now, or none. */
bool log_moved(const struct store *s);

/* Everything that the index speaks of is in the log that we have open. */
bool log_whole(const struct store *s);

/* Begin the log anew if it is not whole, and all that the index speaks of is
 * in the database. Not within a transaction. */
void log_renew(struct store *s);

/* What the log holds gets into the database. -1 if it cannot. */
int log_rescue(struct store *s, struct fault *why);

/* Before a connection that has moved is closed: SQLite is to tidy up nothing,
 * and what lies where ours lay is removed if it is ours. */
void log_leave(struct store *s);

/* The file alone is the database: its log is copied into it and removed. For
 * one that nobody else has open. */
int log_fold(struct store *s, struct fault *why);

/* From now on a commit does not wait for the disk, but store_save does; and the
 * log is copied into the database by store_checkpoint, within a commit only
 * when it is very long. */
int log_defer(struct store *s, struct fault *why);

#endif
