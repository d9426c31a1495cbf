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

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/policy.h"
#include "saslban/settings.h"
#include "saslban/sighting.h"
#include "saslban/source.h"

#define STORE_BUSY 500 /* ms that a locked database is waited for */
#define STORE_WHY 160  /* text of a reason, with NUL */
#define STORE_WHO 64   /* text of a person, with NUL */

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

/* ---- jails ---- */

struct jail {
	int64_t id;
	int64_t seen; /* when its engine last wrote; 0 never */
	struct settings settings;
};

/* Write the effective settings of the jail of that name; a new name makes a
 * new jail. Sets *id. `seen` stays. If the jail had another set, its running
 * bans are not in the new one: nothing of it is enforced. */
int store_jail_put(struct store *s, const struct settings *settings,
		   int64_t now, int64_t *id, struct fault *why);

/* The engine was here: the time is kept for finding clock steps. */
int store_jail_touch(struct store *s, int64_t jail, int64_t now,
		     struct fault *why);

/* When the engine was here last; 0 never. */
int store_jail_seen(struct store *s, int64_t jail, int64_t *seen,
		    struct fault *why);

/* Every jail, by name. */
int store_jail_each(struct store *s,
		    int (*see)(void *context, const struct jail *jail),
		    void *context, struct fault *why);

/* The ids of the jails that have the set of this one, itself among them. */
int store_jail_kin(struct store *s, int64_t jail,
		   int (*see)(void *context, int64_t kin), void *context,
		   struct fault *why);

/* ---- failures ---- */

struct failure {
	int64_t jail;
	struct address host;    /* as seen */
	struct address address; /* the offender: host cut to the prefix */
	char user[SIGHTING_USER];
	char service[SIGHTING_WORD];
	char mech[SIGHTING_WORD];
	char rule[SIGHTING_WORD];
	int64_t at;
	unsigned count;
	bool late; /* for the record: never counted */
};

int store_failure_add(struct store *s, const struct failure *f,
		      struct fault *why);

/* What is remembered of address in jail, all but the failures. */
int store_history(struct store *s, int64_t jail, const struct address *a,
		  int64_t now, struct history *out, struct fault *why);

/* Sum of the counts, not late, at or after since. */
int store_failures(struct store *s, int64_t jail, const struct address *a,
		   int64_t since, int64_t *sum, struct fault *why);

/* Failures of hosts inside address, or of the host that it is, newest first;
 * limit 0 = all. */
int store_failure_each(struct store *s, const struct address *a, size_t limit,
		       int (*see)(void *context, const struct failure *f),
		       void *context, struct fault *why);

/* ---- offenses ---- */

struct offense {
	int64_t id;
	int64_t jail;
	char jail_name[SETTINGS_NAME]; /* filled when read */
	struct address address;
	unsigned strike;
	int64_t at;
	int64_t until;    /* DURATION_FOREVER: NULL in the table */
	int64_t failures; /* that led to it */
	int64_t late;     /* that came while it ran */
	char why[STORE_WHY];
	bool observed;    /* would have been a ban: never enforced */
	int64_t enforced; /* until when the kernel has it; 0: it has not.
			   * Less than until for a ban longer than the
			   * kernel's limit, which is re-armed */
	int64_t ended;    /* when it ran out, 0: not yet */
	int64_t lifted;   /* when a person lifted it, 0: not */
	char lifted_by[STORE_WHO];
	char lifted_why[STORE_WHY];
};

/* A new offense; sets o->id. A ban of the same address that still runs in
 * that jail is superseded: it is marked ended. One that comes with its end
 * (ended or lifted, as an import does) supersedes nothing. */
int store_offense_add(struct store *s, struct offense *o, struct fault *why);

/* One more late failure for the running ban of the address. */
int store_offense_late(struct store *s, int64_t jail, const struct address *a,
		       unsigned count, struct fault *why);

/*
 * What the kernel lacks or has too much of, at most limit rows: what is not
 * in the kernel at all comes first, oldest first, then what leaves it first.
 * ban: running, not observed, enforced < until and enforced < horizon, where
 *      horizon is now for work that is missing and later for re-arming;
 * lift: lifted or superseded, and enforced > now.
 *
 * Jails may share a set, which has one entry for an address that several of
 * them ban. So a ban comes with the latest `until` of all of them: put in
 * with that, it never shortens another's entry. And a lift is not due while
 * another runs: that one is put in again, for its own time, without the entry
 * ever being out (store_lift, store_offense_add).
 */
enum store_due { STORE_DUE_BAN, STORE_DUE_LIFT };

struct due_query {
	int64_t jail;
	enum store_due which;
	int64_t now;
	int64_t horizon;             /* ban */
	const struct offense *after; /* as it was read: only what comes behind
				      * it; NULL: from the first on */
};

int store_due(struct store *s, const struct due_query *due, struct offense *out,
	      size_t limit, size_t *n, struct fault *why);

/* Bans that were cut short, would still run and are not known to be in the
 * kernel; what this misses is a crash between the kernel and the record. */
int store_cut_short_each(struct store *s, int64_t jail, int64_t now,
			 int (*see)(void *context, const struct offense *o),
			 void *context, struct fault *why);

/* The smallest `enforced` of a running ban that has to be re-armed, not
 * counting those that are not in the kernel at all (enforced 0);
 * DURATION_FOREVER when there is none. */
int store_next_rearm(struct store *s, int64_t jail, int64_t *when,
		     struct fault *why);

/* The kernel has it until then (0: it is out). Recorded also for a ban that
 * was lifted meanwhile, which is thereby due to be taken out; but not for one
 * that is put in for longer than any ban of the address runs by now, which
 * stays due. With 0, running
 * bans of the same address in jails of the same set are out too, and due. */
int store_offense_enforced(struct store *s, int64_t id, int64_t until,
			   struct fault *why);

/* The sets were lost: no running ban of the jail is in the kernel. */
int store_unenforce(struct store *s, int64_t jail, struct fault *why);

/* Mark what has run out by now as ended, at its until, at most limit, the
 * earliest first; tells each (see may be NULL). */
int store_expire(struct store *s, int64_t jail, int64_t now, size_t limit,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why);

/* The smallest until of a ban that was not marked as ended, in the past if
 * store_expire is due; DURATION_FOREVER when there is none. */
int store_next_end(struct store *s, int64_t jail, int64_t *when,
		   struct fault *why);

/* The jail enforces from now on: bans that were only observed end here, or
 * their addresses would count as banned while nobody keeps them out. */
int store_unobserve(struct store *s, int64_t jail, int64_t now,
		    struct fault *why);

/* A person lifts every running ban of exactly this address; jail 0 = in all
 * jails. A lifted offense is no strike. *n = how many, which may be 0: one
 * that has run out is not lifted. */
int store_lift(struct store *s, int64_t jail, const struct address *a,
	       int64_t now, const char *who, const char *reason, size_t *n,
	       struct fault *why);

/* The clock was set by `step` seconds, forward or, negative, back, to now:
 * running bans and what the kernel has keep what is left to them; back, what
 * else lies in the future moves into the past. */
int store_shift(struct store *s, int64_t jail, int64_t now, int64_t step,
		struct fault *why);

/* Which offenses to tell of. */
struct offense_query {
	int64_t jail;             /* 0 = all */
	const struct address *at; /* this address, what it contains, and what
				   * contains it; NULL = all */
	bool running;             /* only those that run at now */
	int64_t now;
	size_t limit; /* 0 = all */
};

/* Newest first. */
int store_offense_each(struct store *s, const struct offense_query *q,
		       int (*see)(void *context, const struct offense *o),
		       void *context, struct fault *why);

struct store_totals {
	int64_t failures; /* rows' counts, late ones too, since */
	int64_t running;  /* bans that run now */
	int64_t observed; /* of which only observed */
	int64_t pending;  /* that the kernel should have and has not */
	int64_t offenses; /* since */
	int64_t lifted;   /* since */
};

int store_totals(struct store *s, int64_t jail, int64_t now, int64_t since,
		 struct store_totals *out, struct fault *why);

/* ---- what filters and their rules have seen ---- */

/* No filter of the jail and none of its rules is loaded any more; those that
 * are added from now on are. What was not seen since before is forgotten. */
int store_sources_unload(struct store *s, int64_t jail, int64_t before,
			 struct fault *why);

/* Add what was counted, at now; numbers may all be 0. Of jail and filter there
 * is one row. lines, telltales, overruns: so many more. missed is added, and
 * begins anew when matched is not 0. An empty example leaves the old one;
 * first, last and warned are the store's own. */
int store_source_add(struct store *s, const struct source *more, int64_t now,
		     struct fault *why);

/* The same of a rule: jail, filter, name, kind and regex say which; another
 * regex is another rule. hits and overruns: so many more. */
int store_rule_add(struct store *s, const struct source_rule *more, int64_t now,
		   struct fault *why);

/* It was reported as deaf. */
int store_source_warned(struct store *s, int64_t jail, const char *filter,
			int64_t now, struct fault *why);

/* Those that are loaded, of the jail or (0) of all jails: by jail, and in the
 * order in which they were first added. */
int store_source_each(struct store *s, int64_t jail,
		      int (*see)(void *context, const struct source *source),
		      void *context, struct fault *why);
int store_rule_each(struct store *s, int64_t jail,
		    int (*see)(void *context, const struct source_rule *rule),
		    void *context, struct fault *why);

/* Forget failures older than before, at most limit rows. *n = how many. Gives
 * some of the free pages of the file back. */
int store_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		size_t *n, struct fault *why);

/* Forget offenses that were over before that, the oldest first. */
int store_offense_prune(struct store *s, int64_t jail, int64_t before,
			size_t limit, size_t *n, struct fault *why);

#endif
