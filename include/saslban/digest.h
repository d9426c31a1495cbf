/*
 * digest: sums and short lists of what the store knows, for mails.
 *
 * A part of the store (saslban/store.h says what holds for all of it).
 *
 * A time is from `from` on and before `to`. observed: of a jail that only
 * observes, bans that were only observed; else those that were not.
 */
#ifndef SASLBAN_DIGEST_H
#define SASLBAN_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/offense.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

#define DIGEST_STRIKES 3       /* the last one: and all above */
#define DIGEST_FAILURES 200000 /* rows, the latest, that lists are made of */
#define DIGEST_OF_ONE 10000    /* the same, of one address */

struct digest_bans {
	int64_t bans;
	int64_t addresses;
	int64_t strike[DIGEST_STRIKES];
};

struct digest_time {
	int64_t jail;
	bool observed;
	int64_t from, to;
};

/* Bans that began in it. */
int digest_bans(struct store *s, const struct digest_time *t,
		struct digest_bans *out, struct fault *why);

/* Those that run at now; addresses stays 0. */
int digest_running(struct store *s, int64_t jail, bool observed, int64_t now,
		   struct digest_bans *out, struct fault *why);

/* Failed logins in it, of any verdict. */
int digest_failures(struct store *s, const struct digest_time *t, int64_t *n,
		    struct fault *why);

/* Bans in it of a strike of DIGEST_STRIKES or more, the latest first. */
int digest_worst(struct store *s, const struct digest_time *t, size_t limit,
		 int (*see)(void *context, const struct offense *o),
		 void *context, struct fault *why);

struct digest_name {
	char name[SIGHTING_USER]; /* a user, in lower case, or a service */
	int64_t failures;         /* failed logins */
	int64_t addresses;        /* that they came from */
};

/* What failed logins were tried with: users, those of the most addresses
 * first; or services, those with the most failures first. */
enum digest_by { DIGEST_USERS, DIGEST_SERVICES };

/* In a time, of what counted. */
int digest_names(struct store *s, enum digest_by by,
		 const struct digest_time *t, size_t limit,
		 int (*see)(void *context, const struct digest_name *n),
		 void *context, struct fault *why);

/* By an address, or in a network, in all jails. */
int digest_names_of(struct store *s, enum digest_by by, const struct address *a,
		    size_t limit,
		    int (*see)(void *context, const struct digest_name *n),
		    void *context, struct fault *why);

struct digest_address {
	int64_t failures; /* failed logins */
	int64_t users;    /* that it tried */
	int64_t first, last;
};

int digest_address(struct store *s, const struct address *a,
		   struct digest_address *out, struct fault *why);

#endif
