/*
 * store: the history of offenders, in one SQLite file. The truth of which
 * the kernel sets are the projection. docs/SCHEMA.md is the manual of the
 * tables.
 *
 * A store is one connection and belongs to one thread. It is opened by the
 * engine and by saslbanctl alike, at the same time: WAL, writers begin
 * IMMEDIATE, a busy timeout of STORE_BUSY ms, synchronous FULL (a ban that
 * was reported is on the disk). Every function returns 0 or -1 with
 * FAULT_STORE (busy, full, read-only: may pass) or FAULT_FOREIGN (not ours,
 * or of a newer version: never touched). Reading functions work outside a
 * transaction; writing ones want store_begin first, and say so when not.
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

#define STORE_BUSY 500 /* ms that a locked database is waited for */

struct store;

enum store_mode {
	STORE_READ,  /* must exist; nothing is written. Needs no permission to
		      * write, neither of the file nor of its directory */
	STORE_WRITE, /* must exist */
	STORE_CREATE /* made (0640) when missing, its directory is not */
};

/* Opens, checks application_id and user_version, migrates (not under
 * STORE_READ). `:memory:` works. */
int store_open(struct store **out, const char *path, enum store_mode mode,
	       struct fault *why);
void store_close(struct store *s);

/* True when the file at the path is no longer the one that is open: it was
 * removed, or another was put in its place. What is written from here on is
 * written to nowhere: close, and open what is there. A log of the old file
 * that still lies beside the new one is removed by store_close, or the new
 * one would be taken to have said what is in it. */
bool store_moved(const struct store *s);

int store_begin(struct store *s, struct fault *why); /* BEGIN IMMEDIATE */
int store_commit(struct store *s, struct fault *why);
void store_rollback(struct store *s); /* fine without a transaction */

/* The end of a transaction whose work has returned result: committed if that
 * is 0, else, or if committing fails, rolled back. Returns 0 or -1. */
int store_end(struct store *s, int result, struct fault *why);

/* A number that changes when another connection has committed. */
int store_version(struct store *s, int64_t *version, struct fault *why);

/* The clock was set by `step` seconds, forward or, negative, back, to now:
 * running bans and what the kernel has keep what is left to them; back, what
 * else lies in the future moves into the past. */
int store_shift(struct store *s, int64_t jail, int64_t now, int64_t step,
		struct fault *why);

#endif
