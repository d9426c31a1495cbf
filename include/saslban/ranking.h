/*
 * ranking: what was tried and what came of it, for who adds it up.
 *
 * A part of the store (saslban/store.h says what holds for all of it). Rows
 * are slim, and come in about the order of time: millions of them are read in
 * seconds. For the few that come out on top there is the rest.
 */
#ifndef SASLBAN_RANKING_H
#define SASLBAN_RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/policy.h"
#include "saslban/store.h"

/* Text is borrowed for the call that gets it. */
struct ranking_failure {
	int64_t jail;
	int64_t at;
	int64_t count; /* attempts that the row stands for */
	enum verdict_kind verdict;
	struct address host; /* without a family when somebody edited it */
	const char *address; /* the offender's, as the table has it */
	const char *user;
	const char *service;
	const char *rule;
};

struct ranking_ban {
	int64_t jail;
	const char *address;  /* borrowed, too */
	struct address first; /* its first address, as a host */
	unsigned strike;
	int64_t at;
	int64_t until;  /* DURATION_FOREVER: never */
	int64_t lifted; /* 0: not */
	bool runs;      /* at now */
	bool observed;
	enum ground ground;
	int64_t packets;
};

/* When the first failure or offense at or after since was, of the jail (0: of
 * all; so everywhere here); 0: there is none. */
int ranking_begin(struct store *s, int64_t jail, int64_t since, int64_t *at,
		  struct fault *why);

/* Failures at or after since. */
int ranking_failures(struct store *s, int64_t jail, int64_t since,
		     int (*see)(void *context, const struct ranking_failure *f),
		     void *context, struct fault *why);

/* Offenses that began at or after since. */
int ranking_bans(struct store *s, int64_t jail, int64_t since, int64_t now,
		 int (*see)(void *context, const struct ranking_ban *b),
		 void *context, struct fault *why);

/* The bans that run at now. One that is only observed is none here: nobody is
 * kept out by it. */
enum { RANKING_STRIKES = 4 }; /* 1, 2, 3, and all that are higher */

struct ranking_running {
	int64_t strike[RANKING_STRIKES]; /* how many of each */
	int64_t observed;                /* besides them */
};

int ranking_running(struct store *s, int64_t jail, int64_t now,
		    struct ranking_running *out, struct fault *why);

/* How an address stands, or a network. */
struct ranking_standing {
	int64_t bans;    /* of it and in it, that began since then */
	unsigned strike; /* the highest of these */
	int64_t inside;  /* bans that run of it and in it, as above */
	bool covered;    /* one runs of it, or of what contains it */
};

int ranking_standing(struct store *s, int64_t jail, const struct address *a,
		     int64_t since, int64_t now, struct ranking_standing *out,
		     struct fault *why);

/* Of a user: at how many addresses he is known to log in (of all jails
 * together), and how many breaches there were at or after since. The name is
 * taken as it is. */
int ranking_account(struct store *s, int64_t jail, const char *user,
		    int64_t since, int64_t *logins, int64_t *breaches,
		    struct fault *why);

#endif
