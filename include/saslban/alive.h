/*
 * alive: which jails of a database have an engine, and who makes a set larger.
 *
 * An engine holds a lock for as long as it works. The lock dies with its
 * process, however that ends, so that nobody has to guess from the age of a
 * time stamp. It lies on one byte, whose number is the jail's id, of the file
 * DATABASE-engines beside the database: a file of its own, because closing any
 * descriptor of the database would drop SQLite's locks on it. The file is
 * empty, and stays when the engine goes.
 *
 * A database in memory has no such file: it is always free, and nobody can
 * check it.
 */
#ifndef SASLBAN_ALIVE_H
#define SASLBAN_ALIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/fault.h"

struct alive;

#define ALIVE_NOWHERE ":memory:" /* a database in memory */

/* Become the engine of the jail; creates the file (0640) if it is missing. -1
 * (FAULT_STORE) if it cannot be created, or if the jail has an engine already,
 * in this process or another: the text has which of the two it was. */
int alive_claim(struct alive **out, const char *database, int64_t jail,
		struct fault *why);

/* Become the one who makes that kernel set of this network namespace larger, in
 * the same way: -1 (FAULT_ENFORCE) if somebody else does, or if the file cannot
 * be created. Only who may write the file can take it, or keep others from it.
 * One byte far behind those of the jails is the set's. */
int alive_claim_set(struct alive **out, const char *database, const char *set,
		    struct fault *why);

/* One at a time opens a database for an engine, and may put another one in its
 * place: 1 it is the caller, until alive_release; 0 it is somebody else; -1.
 * Without create *out is NULL, and the answer 1, when no engine was ever
 * there. */
int alive_lock(struct alive **out, const char *database, bool create,
	       struct fault *why);

/* An engine has worked with a database at that path. */
bool alive_was_here(const char *database);

/* Others can see it: the file was not removed or replaced since the claim. a
 * may be NULL: nobody sees that. */
bool alive_is_seen(const struct alive *a, const char *database);

/* Gives the jail, or the set, up. a may be NULL. */
void alive_release(struct alive *a);

enum alive_state {
	ALIVE_RUNS,   /* the jail has an engine */
	ALIVE_NOT,    /* it has none */
	ALIVE_UNKNOWN /* the file may not be read, or is none */
};

/* For readers: takes no lock and creates no file. */
enum alive_state alive_check(const char *database, int64_t jail);

#endif
