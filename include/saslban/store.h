/*
 * store: the history of offenders, in one SQLite file. The truth of which
 * the kernel sets are the projection. docs/SCHEMA.md is the manual of the
 * tables.
 *
 * This is the connection. What is stored has a contract for each noun: jail.h,
 * failure.h, offense.h, entry.h, dropped.h, login.h, breach.h, outage.h,
 * allow.h, hostname.h, stats.h, total.h, alive.h, secret.h; ranking.h adds some
 * of them up.
 *
 * A store is one connection and belongs to one thread. It is opened by the
 * engine and by saslbanctl alike, at the same time: WAL, writers begin
 * IMMEDIATE, a busy timeout of STORE_BUSY ms, and store_commit waits for the
 * disk (a ban that was reported is on it). Every function returns 0 or -1 with
 * FAULT_STORE (busy, full, read-only: may pass), FAULT_DAMAGED (saslban/
 * renewal.h) or FAULT_FOREIGN (not ours, or of a newer version: never touched).
 * Reading functions work outside a
 * transaction; writing ones want store_begin first, and say so when not.
 *
 * A database may be damaged, or edited by somebody who means harm. No answer
 * takes forever, and no number that was read overflows: times are 0 to
 * STORE_LAST (later ones are that, or DURATION_FOREVER where something may
 * last for ever), counts are never negative.
 *
 * Functions that call see() answer what see() answered last: 0 to go on,
 * anything else stops. From within, other functions of the store may be
 * called, the same one may not, and nothing may be written to what is being
 * read.
 *
 * Times are Unix seconds. Text is UTF-8 or any bytes the remote sent, bound
 * as parameters always.
 */
#ifndef SASLBAN_STORE_H
#define SASLBAN_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/settings.h"

#define STORE_BUSY 500            /* ms that a locked database is waited for */
#define STORE_LAST 253402300799LL /* 9999-12-31 23:59:59 UTC */
#define STORE_STRIKES 1000000     /* no more are read */

struct store;

enum store_mode {
	STORE_READ,  /* must exist; nothing is written. Needs no permission to
		      * write, neither of the file nor of its directory */
	STORE_WRITE, /* must exist and have our version: an older engine may
		      * be running with it */
	STORE_CREATE /* created (0640) when missing, its directory is not;
		      * migrated when older. The engine's */
};

/* Opens and checks whose it is, its version and its tables. `:memory:` works
 * under STORE_CREATE. */
int store_open(struct store **out, const char *path, enum store_mode mode,
	       struct fault *why);

/* For the check of a configuration: -1 when what is at the path cannot become
 * our database: a directory, another program's file, a file in a directory
 * that is missing. Creates and locks nothing. Not while a store of this path
 * is open in this process: closing the file would drop its locks. */
int store_look(const char *path, struct fault *why);

/* After store_moved it does what store_rescue does, and leaves alone what is
 * not its own. s may be NULL. */
void store_close(struct store *s);

/* True when what is written from here on would be lost: the file at the path
 * is no longer the one that is open, because it was removed or another was put
 * in its place; or that happened to its log (`-wal`, `-shm`). Call
 * store_rescue, close, and open what is there. store_begin refuses then. */
bool store_moved(const struct store *s);

/* SQLite has found that the file is not what was written: other than with a
 * disk that fails, a lock or a lack of something it will not pass. It may have
 * been wrong, of one that was moved. */
bool store_damaged(const struct store *s);

/* What only the log holds gets into the file to which it belongs, wherever
 * that is. For a store that has moved; else nothing happens. -1 if it did not:
 * another program reads, and this may pass; or one writes to a new log of the
 * same file already, and what was written since the last checkpoint is lost. */
int store_rescue(struct store *s, struct fault *why);

/* Reads every page and says whether the file is whole: -1 with a fault that
 * has SQLite's first complaint. Some seconds for a gigabyte. */
int store_verify(struct store *s, struct fault *why);

/* The same, and whether the indexes agree with the tables: takes several times
 * as long. */
int store_verify_all(struct store *s, struct fault *why);

int store_begin(struct store *s, struct fault *why); /* BEGIN IMMEDIATE */
int store_commit(struct store *s, struct fault *why);
void store_rollback(struct store *s); /* fine without a transaction */

/* 0 when all that store_commit has committed is on the disk. A disk that did
 * not take it then is asked again; store_begin does so, too. */
int store_save(struct store *s, struct fault *why);

/* The end of a transaction whose work has returned result: committed if that
 * is 0, else, or if committing fails, rolled back. Returns 0 or -1. */
int store_end(struct store *s, int result, struct fault *why);

/* The same, but nobody waits for the disk, if the store was opened with
 * STORE_CREATE. What was written survives the process. If the machine fails, it
 * may be lost with all that was committed after it, unless store_commit came
 * later; after half a minute the kernel has written it. For what is known from
 * elsewhere, or can be missed: what the kernel holds, a failure that led to
 * nothing yet. */
int store_end_soon(struct store *s, int result, struct fault *why);

/* Of a store that was opened with STORE_CREATE: copy its log into the database
 * if it is worth the while. Takes milliseconds, waits for nobody, and a failure
 * is made up for by the next one. Without it a commit does it, when the log has
 * grown to 32 MB. */
void store_checkpoint(struct store *s);

/* A number that changes when another connection has committed. */
int store_version(struct store *s, int64_t *version, struct fault *why);

/* The clock was set by `step` seconds, forward or, negative, back, to now:
 * running bans keep what is left to them, and their entries are wanted
 * accordingly; back, what else lies in the future moves into the past. What
 * the entries say of the kernel (`held`) stays as it was by the old clock,
 * because jails of one set would shift it twice: ask the kernel, which counts
 * down what is left and knows no clock, and note its answer. */
int store_shift(struct store *s, int64_t jail, int64_t now, int64_t step,
		struct fault *why);

#endif
