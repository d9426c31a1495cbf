/*
 * offense: offenses and their bans, from the first to the last second.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 */
#ifndef SASLBAN_OFFENSE_H
#define SASLBAN_OFFENSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/policy.h"
#include "saslban/settings.h"
#include "saslban/store.h"

#define STORE_WHY 160 /* text of a reason, with NUL */
#define STORE_WHO 64  /* text of a person, with NUL */

/* What is remembered of address in jail, all but the failures. */
int offense_history(struct store *s, int64_t jail, const struct address *a,
		    int64_t now, struct history *out, struct fault *why);

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
int offense_add(struct store *s, struct offense *o, struct fault *why);

/* One more late failure for the running ban of the address. */
int offense_late(struct store *s, int64_t jail, const struct address *a,
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
 * ever being out (offense_lift, offense_add).
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
int offense_enforced(struct store *s, int64_t id, int64_t until,
		     struct fault *why);

/* The sets were lost: no running ban of the jail is in the kernel. */
int store_unenforce(struct store *s, int64_t jail, struct fault *why);

/* Mark what has run out by now as ended, at its until, at most limit, the
 * earliest first; tells each (see may be NULL). */
int offense_expire(struct store *s, int64_t jail, int64_t now, size_t limit,
		   int (*see)(void *context, const struct offense *o),
		   void *context, struct fault *why);

/* The smallest until of a ban that was not marked as ended, in the past if
 * offense_expire is due; DURATION_FOREVER when there is none. */
int offense_next_end(struct store *s, int64_t jail, int64_t *when,
		     struct fault *why);

/* The jail enforces from now on: bans that were only observed end here, or
 * their addresses would count as banned while nobody keeps them out. */
int offense_unobserve(struct store *s, int64_t jail, int64_t now,
		      struct fault *why);

/* A person lifts every running ban of exactly this address; jail 0 = in all
 * jails. A lifted offense is no strike. *n = how many, which may be 0: one
 * that has run out is not lifted. */
int offense_lift(struct store *s, int64_t jail, const struct address *a,
		 int64_t now, const char *who, const char *reason, size_t *n,
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
int offense_each(struct store *s, const struct offense_query *q,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why);

/* Forget offenses that were over before that, the oldest first. */
int offense_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why);

#endif
