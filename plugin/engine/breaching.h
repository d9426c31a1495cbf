/*
 * breaching: a guess that hit, from the verdict to the row, the line and, if
 * that is wanted, the ban.
 */
#ifndef SASLBAN_ENGINE_BREACHING_H
#define SASLBAN_ENGINE_BREACHING_H

#include "docket.h"

/* The user logged in from host at that time. */
struct entry_made {
	const char *user;
	const char *service; /* "": not known any more */
	const struct address *host;
	const struct address *offender;
	int64_t at;
};

/* What is known before the user logs in, with the bans: a pardon wipes out what
 * the address did before it. Of who is known there nothing else is asked. */
int breaching_recall(struct docket *d, const struct address *offender,
		     const char *user, int64_t now, struct entrance *out,
		     struct fault *why);

int breaching_record(struct docket *d, const struct entry_made *login,
		     enum breach breach, const struct entrance *e, int64_t now,
		     struct fault *why);

/* After a failure of the offender that counts: was its one customer's login a
 * guess? h: what was known before it; banned: for it, and those before. */
int breaching_look_back(struct docket *d, const struct address *offender,
			const struct history *h, bool banned, int64_t now,
			struct fault *why);

/* After a login of a user at an address where he is new: was an earlier one of
 * his, in the early days, a guess? */
int breaching_look_elsewhere(struct docket *d, const struct address *offender,
			     const char *user, int64_t now, struct fault *why);

#endif
