/*
 * offense: offenses and their bans, from the first to the last second.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * What the kernel should hold because of them is saslban/entry.h's: whatever
 * begins or ends a ban here brings its entry up to date.
 */
#ifndef SASLBAN_OFFENSE_H
#define SASLBAN_OFFENSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/dropped.h"
#include "saslban/fault.h"
#include "saslban/policy.h"
#include "saslban/settings.h"
#include "saslban/store.h"

#define STORE_WHY 160 /* text of a reason, with NUL */
#define STORE_WHO 64  /* text of a person, with NUL */

/* What is remembered of address in jail, all but the failures. observing: the
 * jail only observes, and its observed bans count as if they were real. For a
 * jail that enforces they never happened: they are no strikes and ban nobody.
 * A pardon holds in either case. */
int offense_history(struct store *s, int64_t jail, const struct address *a,
		    bool observing, int64_t now, struct history *out,
		    struct fault *why);

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
	bool observed;  /* would have been a ban: not for the kernel */
	int64_t held;   /* filled when read: until when the kernel holds the
			 * address in the jail's set (struct entry); 0: it does
			 * not, or the ban is only observed, or it is over and
			 * was reported */
	int64_t ended;  /* when it ran out, 0: not yet */
	int64_t lifted; /* when a person lifted it, 0: not */
	char lifted_by[STORE_WHO];
	char lifted_why[STORE_WHY];
	bool told; /* on add: its caller reports it. When read: everything
		    * that there is to report of it was reported */
	enum ground ground;
	struct dropped dropped; /* filled when read: as of the last comparison
				 * with the kernel */
};

/* A new offense; sets o->id. A ban of the same address that still runs in
 * that jail is superseded: it is marked ended. One that comes with its end
 * (ended or lifted, as an import does) supersedes nothing. */
int offense_add(struct store *s, struct offense *o, struct fault *why);

/* So many more late failures for the running ban of the address. */
int offense_late(struct store *s, int64_t jail, const struct address *a,
		 unsigned count, struct fault *why);

/* Mark what has run out by now as ended, at its until, at most limit, the
 * earliest first. see (may be NULL) gets each, to report it: it counts as
 * reported. */
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
 * jails. A lifted offense is no strike. told: the caller reports it, and the
 * engine does not. *n = how many, which may be 0: one that has run out is not
 * lifted. */
int offense_lift(struct store *s, int64_t jail, const struct address *a,
		 int64_t now, const char *who, const char *reason, bool told,
		 size_t *n, struct fault *why);

/* Bans of the jail that began, or that a person ended, and that nobody has
 * reported yet, at most limit (0: all), the oldest first. */
int offense_untold_each(struct store *s, int64_t jail, size_t limit,
			int (*see)(void *context, const struct offense *o),
			void *context, struct fault *why);

/* It was reported as it is now: its begin, or, if it is over, its end. */
int offense_told(struct store *s, int64_t id, struct fault *why);

enum offense_sort {
	OFFENSE_NEWEST,
	OFFENSE_ADDRESS, /* IPv4 first */
	OFFENSE_STRIKE,  /* the highest first */
	OFFENSE_UNTIL,   /* what ends next first */
	OFFENSE_PACKETS, /* the most that were dropped first */
	OFFENSE_OLDEST,  /* the reverse of newest */
	OFFENSE_SORTS
};

/* The word for it; and the reverse, false when there is none. */
const char *offense_sort_word(enum offense_sort sort);
bool offense_sort_of(const char *word, enum offense_sort *out);

/* Which offenses offense_each passes on. */
struct offense_query {
	int64_t jail;             /* 0 = all */
	const struct address *at; /* this address, what it contains, and what
				   * contains it; NULL = all */
	bool running;             /* only those that run at now */
	int64_t since;            /* only those that began then or later */
	unsigned strike;        /* only those of that strike or a higher one */
	const char *ground;     /* ground_word(); NULL = all */
	const char *user;       /* only where a failure of the address for
				 * that account is known, whatever the case
				 * of its letters; NULL = all. Reads all
				 * failures. */
	enum offense_sort sort; /* of one rank the newest first */
	int64_t now;
	size_t limit; /* 0 = all */
};

int offense_each(struct store *s, const struct offense_query *q,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why);

/* The addresses of the jail's bans that were not marked as over, in the order
 * of their text, at most limit, behind *after, which need not be there (NULL:
 * from the first one). */
int offense_open_each(struct store *s, int64_t jail,
		      const struct address *after, size_t limit,
		      int (*see)(void *context, const struct address *a),
		      void *context, struct fault *why);

#define OFFENSE_STRIKES 4 /* the last of them stands for higher ones, too */

/* Bans of the jail that run. */
struct offense_running {
	int64_t all;
	int64_t observed;                /* of which would only be bans */
	int64_t strike[OFFENSE_STRIKES]; /* from the first on */
	int64_t ground[GROUNDS];
	struct dropped dropped; /* because of them */
};

/* At now. */
int offense_running(struct store *s, int64_t jail, int64_t now,
		    struct offense_running *out, struct fault *why);

/* What was in the jail in a span of time. */
struct offense_span {
	int64_t failures; /* rows' counts, late ones too */
	int64_t offenses;
	int64_t lifted;
};

/* From then on, and before `to`. */
int offense_span(struct store *s, int64_t jail, int64_t from, int64_t to,
		 struct offense_span *out, struct fault *why);

/* The same by strike, too; as total.h has it, TOTAL_STRIKE stands for all from
 * it on. */
struct offense_sum {
	enum ground ground;
	unsigned strike;
	int64_t bans;
};
int offense_sum_each(struct store *s, int64_t jail, int64_t now,
		     int (*see)(void *context, const struct offense_sum *sum),
		     void *context, struct fault *why);

/* When the latest one began, of whatever became of it; 0: there is none. */
int offense_latest(struct store *s, int64_t jail, int64_t *at,
		   struct fault *why);

/* Forget offenses that were over before that, the oldest first, at most
 * limit. *n = how many. */
int offense_prune(struct store *s, int64_t jail, int64_t before, size_t limit,
		  size_t *n, struct fault *why);

#endif
