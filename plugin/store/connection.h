/*
 * connection: what a store is made of, for the files that talk to SQLite
 * itself: store.c, connection.c, query.c, schema.c, file.c and log.c; and for
 * total.c and elsewhere.c. What is
 * stored (jail.c, offense.c ...) goes through query.h and sees nothing of this.
 */
#ifndef SASLBAN_STORE_CONNECTION_H
#define SASLBAN_STORE_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <sqlite3.h>

#include "saslban/fault.h"
#include "saslban/settings.h"
#include "saslban/store.h"
#include "saslban/total.h"

/* A query of the source, prepared at its first use and kept until the store is
 * closed. */
struct statement {
	struct store *store;
	const struct query *query;
	sqlite3_stmt *prepared;
};

enum { STATEMENTS = 256 }; /* queries that the source has, and some */

/* One of SQLite's two files beside the database, as it was when the database
 * was opened. */
struct log_file {
	bool known;
	dev_t device;
	ino_t inode;
};

enum { LOG_FILES = 2 };

enum { COUNTED_ROWS = 48 }; /* of one transaction, before some are written */

/* What total.c has counted. */
struct counted {
	struct total row[COUNTED_ROWS]; /* not yet written */
	size_t n;
	uint64_t open[TOTALS]; /* by the transaction that is open */
	uint64_t committed[TOTALS];
};

struct store {
	sqlite3 *db;
	char path[SETTINGS_PATH];
	struct statement statement[STATEMENTS];
	size_t statements;
	struct log_file log[LOG_FILES];
	bool ours;       /* it was made by an engine, whatever it is now */
	bool damaged;    /* and SQLite has found it damaged */
	bool deferred;   /* SQLite waits for the disk only when it is told to,
			  * and copies the log when it is told to */
	bool unsaved;    /* a commit that is to be on the disk is not */
	int pages;       /* in the log, at the last commit, if deferred */
	unsigned ticks;  /* of CONNECTION_TICK steps, in what runs now */
	unsigned budget; /* ticks that one statement may take */
	struct counted counted;
};

/*
 * How long a statement may run, in steps of SQLite's virtual machine, as we
 * read no clock here. With five million failures and a million offenses the
 * longest one takes less than a tenth of it; all of it is some twenty seconds.
 * A file can be made such that reading one table never ends.
 */
#define CONNECTION_TICK 1000000
#define CONNECTION_BUDGET 1000

#define CONNECTION_TOO_LONG \
	"it takes too long; is this database ours, and whole?"

/* After db was opened: what holds for every connection. */
void connection_init(struct store *s);

/* `cannot TASK 'PATH': REASON`, of the kind that SQLite's last answer
 * deserves. Returns -1. */
int connection_refused(struct store *s, const char *task, struct fault *why);

/* FAULT_DAMAGED, for the file at that path: `cannot TASK 'PATH': ...`. Returns
 * -1. */
int connection_damaged(const char *task, const char *path, struct fault *why);

/* The errno with which the disk has refused to be read, or 0. SQLite calls that
 * damage as well. */
int connection_disk_error(const struct store *s);

/* One statement or several, without values and without rows. */
int connection_exec(struct store *s, const char *task, const char *sql,
		    struct fault *why);

/* What is removed from now on is not left on free pages. */
int connection_overwrite(struct store *s, struct fault *why);

#endif
