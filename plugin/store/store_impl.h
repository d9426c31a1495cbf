/*
 * store_impl: what the files of the store share. Seen by plugin/store/
 * only; they are the one door to SQLite.
 *
 *   store.c           one connection: open, transactions, version
 *   store_file.c      whose file is it, before SQLite touches it
 *   store_schema.c    the tables, as steps from one version to the next
 *   store_query.c     prepare, bind, step; SQLite's refusals as faults
 *   store_key.c       addresses as sort keys
 *   store_jail.c, store_failure.c, store_offense.c, store_due.c,
 *   stats.c, store_report.c    the nouns
 */
#ifndef SASLBAN_STORE_IMPL_H
#define SASLBAN_STORE_IMPL_H

#include <sys/types.h>

#include <sqlite3.h>

#include "saslban/address.h"
#include "saslban/offense.h"
#include "saslban/store.h"

/* `SBAN`, at byte 68 of the file: how we (and file(1)) know it for ours. */
#define STORE_APPLICATION 0x5342414e

/* Statements are prepared at first use and kept until the store is closed:
 * one slot for each. */
enum store_slot {
	SLOT_BEGIN,
	SLOT_COMMIT,
	SLOT_VERSION,
	SLOT_JAIL_PUT,
	SLOT_JAIL_ID,
	SLOT_JAIL_SET,
	SLOT_JAIL_FORGET,
	SLOT_JAIL_SETTING,
	SLOT_JAIL_TOUCH,
	SLOT_JAIL_SEEN,
	SLOT_JAIL_EACH,
	SLOT_JAIL_SETTINGS,
	SLOT_JAIL_KIN,
	SLOT_FAILURE_ADD,
	SLOT_FAILURE_SUM,
	SLOT_FAILURE_EACH,
	SLOT_FAILURE_PRUNE,
	SLOT_FAILURE_SHRINK,
	SLOT_FAILURE_SHIFT,
	SLOT_HISTORY,
	SLOT_OFFENSE_ADD,
	SLOT_OFFENSE_SUPERSEDE,
	SLOT_OFFENSE_LATE,
	SLOT_OFFENSE_LIFT,
	SLOT_OFFENSE_NEXT_END,
	SLOT_OFFENSE_EXPIRED,
	SLOT_OFFENSE_END,
	SLOT_OFFENSE_SHIFT,
	SLOT_OFFENSE_FORWARD,
	SLOT_CUT_SHORT_FORWARD,
	SLOT_OFFENSE_UNOBSERVE,
	SLOT_OFFENSE_PRUNE,
	SLOT_DUE_BAN,
	SLOT_DUE_LIFT,
	SLOT_DUE_REARM,
	SLOT_CUT_SHORT,
	SLOT_ENFORCED,
	SLOT_PUT_BACK,
	SLOT_UNENFORCE_OPEN,
	SLOT_UNENFORCE_CUT,
	SLOT_HAND_OVER,
	SLOT_SOURCE_UNLOAD,
	SLOT_SOURCE_FORGET,
	SLOT_SOURCE_ADD,
	SLOT_SOURCE_WARNED,
	SLOT_SOURCE_EACH,
	SLOT_SOURCE_SHIFT,
	SLOT_SOURCE_FORWARD,
	SLOT_RULE_UNLOAD,
	SLOT_RULE_FORGET,
	SLOT_RULE_ADD,
	SLOT_RULE_EACH,
	SLOT_RULE_SHIFT,
	SLOT_REPORT_ALL,
	SLOT_REPORT_AT,
	SLOT_REPORT_RUNNING,
	SLOT_TOTALS,
	STORE_SLOTS
};

/* SQLite's two files beside the database: its log and the log's index. */
enum { STORE_TAILS = 2 };

struct store_tail {
	bool known;
	dev_t device;
	ino_t inode;
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *slot[STORE_SLOTS];
	char path[SETTINGS_PATH];
	struct store_tail tail[STORE_TAILS];
};

struct store_query {
	enum store_slot slot;
	bool writes;      /* wants a transaction */
	const char *task; /* for faults: cannot `add a failure to` ... */
	const char *sql;
};

/* ---- store.c ---- */

/* One statement or several, without values. */
int store_exec(struct store *s, const char *task, const char *sql,
	       struct fault *why);

/* ---- store_query.c ---- */

/* The statement, reset and without values; NULL with a fault. Values are
 * bound with sqlite3_bind_* without looking at the answer: what we bind is
 * borrowed (SQLITE_STATIC), numbered right and far below SQLite's limits, so
 * that there is nothing left to fail. */
sqlite3_stmt *store_prepare(struct store *s, const struct store_query *q,
			    struct fault *why);

/* One step: 1 a row, 0 no more rows, -1 a fault. Reset after 0 and -1. */
int store_step(struct store *s, const struct store_query *q, struct fault *why);

/* All steps of a statement whose rows do not matter. */
int store_run(struct store *s, const struct store_query *q, struct fault *why);

/* Enough rows were read: give the read lock back. */
void store_reset(struct store *s, const struct store_query *q);

/* `cannot TASK 'PATH': REASON`, of the kind that SQLite's last answer
 * deserves. */
int store_refused(struct store *s, const char *task, struct fault *why);

void store_bind_text(sqlite3_stmt *q, int i, const char *text);
void store_bind_address(sqlite3_stmt *q, int i, const struct address *a,
			char buf[ADDRESS_TEXT]);

/* Cut to size; a NULL is empty. */
void store_column_text(sqlite3_stmt *q, int i, char *buf, size_t size);

/* False when the text is no address: somebody edited it. */
bool store_column_address(sqlite3_stmt *q, int i, struct address *out);

/* ---- store_file.c ---- */

/* Make the file, empty and with its mode, if there is none. */
int store_file_make(const char *path, struct fault *why);

/* Before anything else reads it: -1 with FAULT_FOREIGN unless the file on the
 * disk is empty or may be ours. Reads a few bytes, without a lock, and leaves
 * no trace. */
int store_file_check(struct store *s, struct fault *why);

/* For readers: a database that nobody has open, in a directory in which no
 * file can be made, is opened again as one that does not change. */
int store_file_freeze(struct store *s, struct fault *why);

/* Which files are the log and its index of what was opened. */
void store_file_note(struct store *s);

/* The database was moved away: it gets what its log holds, and the two are
 * removed if they still lie where it was. */
void store_file_leave(const struct store *s);

/* ---- store_schema.c ---- */

/* The version on the disk is brought to ours, or refused. */
int store_schema_check(struct store *s, bool migrate, struct fault *why);

/* ---- store_key.c ---- */

/*
 * An address as bytes whose order (memcmp, SQLite's for BLOBs) puts every
 * address and every prefix inside a prefix between its first and its last:
 * the family, 4 or 6, and then the 4 or 16 bytes in network order. Families
 * never mix.
 */
#define STORE_KEY 17

struct store_key {
	uint8_t bytes[STORE_KEY];
	int len;
};

void store_key_range(const struct address *a, struct store_key *lo,
		     struct store_key *hi);
void store_bind_key(sqlite3_stmt *q, int i, const struct store_key *key);

/* The address and every prefix that contains it, 129 at most, as a JSON array
 * of their texts: what contains an address can only be one of these. */
#define STORE_ABOVE (129 * (ADDRESS_TEXT + 3) + 3)

char *store_key_above(const struct address *a, char buf[STORE_ABOVE]);

/* ---- SQL that several statements share ---- */

/* DURATION_FOREVER; NULL in the table. */
#define SQL_FOREVER "9223372036854775807"

/* Neither run out, nor superseded, nor lifted. These words stand in the
 * partial indexes too, and have to be the same there for SQLite to use
 * them. */
#define SQL_OPEN(o) o "ended IS NULL AND " o "lifted IS NULL"

/* Open, for the kernel, and not in it for as long as it runs. */
#define SQL_PENDING(o)           \
	SQL_OPEN(o)              \
	" AND " o "observed = 0" \
	" AND (" o "until IS NULL OR " o "enforced < " o "until)"

/* Over before its time. */
#define SQL_CUT_SHORT(o)              \
	"(" o "lifted IS NOT NULL OR" \
	" (" o "ended IS NOT NULL AND " o "ended IS NOT " o "until))"

#define SQL_RUNS(o, now) \
	SQL_OPEN(o) " AND (" o "until IS NULL OR " o "until > " now ")"

/* The jails that put their bans into the same set as this one, itself among
 * them. */
#define SQL_SAME_SET(of)                                    \
	"(SELECT theirs.jail FROM setting ours"             \
	" JOIN setting theirs ON theirs.value = ours.value" \
	" AND theirs.name = 'set'"                          \
	" WHERE ours.jail = " of " AND ours.name = 'set')"

/* ---- store_offense.c ---- */

/* What offense_read reads, in this order, of offense o and jail j. */
#define SQL_OFFENSE(until)                                            \
	"o.id, o.jail, j.name, o.address, o.strike, o.at, " until "," \
	" o.failures, o.late, o.why, o.observed, o.enforced,"         \
	" coalesce(o.ended, 0), coalesce(o.lifted, 0),"               \
	" o.lifted_by, o.lifted_why"
#define SQL_OWN_UNTIL "coalesce(o.until, " SQL_FOREVER ")"

/* False when its address is none. */
bool offense_read(sqlite3_stmt *q, struct offense *o);

/* ---- store_due.c ---- */

/* Bans of the address were cut short at now. Where others of it still run, in
 * jails of the same set, the entry is to get their time. */
int store_hand_over(struct store *s, const struct address *a, int64_t now,
		    struct fault *why);

#endif
