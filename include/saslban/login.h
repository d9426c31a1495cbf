/*
 * login: who logged in from where: the customers.
 *
 * A part of the store (saslban/store.h says what holds for all of it). Logins
 * are of all jails together: who logs in over IMAP is known to the jail of
 * SMTP, too.
 */
#ifndef SASLBAN_LOGIN_H
#define SASLBAN_LOGIN_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/address.h"
#include "saslban/fault.h"
#include "saslban/sighting.h"
#include "saslban/store.h"

#define LOGIN_MOST 500000 /* rows that are kept */

struct login {
	struct address address; /* an offender, if it were one */
	char user[SIGHTING_USER];
	int64_t first;
	int64_t last;
};

/* The user logged in from address: last is the later one, first the earlier
 * one, of this and what is there. */
int login_put(struct store *s, const struct login *l, struct fault *why);

/* With a last time at or after since, the earliest first; at most limit, the
 * latest ones; 0 = all. */
int login_each(struct store *s, int64_t since, size_t limit,
	       int (*see)(void *context, const struct login *l), void *context,
	       struct fault *why);

/* Of addresses inside a, or of the user; the latest first. */
int login_of_address(struct store *s, const struct address *a, size_t limit,
		     int (*see)(void *context, const struct login *l),
		     void *context, struct fault *why);
int login_of_user(struct store *s, const char *user, size_t limit,
		  int (*see)(void *context, const struct login *l),
		  void *context, struct fault *why);

/* So many were put that may be older than the latest: a learning. */
int login_learning_add(struct store *s, int64_t now, int64_t pairs,
		       struct fault *why);

/* How many of these there were. */
int login_learnings(struct store *s, int64_t *n, struct fault *why);

/* Rows, of all jails. */
int login_count(struct store *s, int64_t *n, struct fault *why);

/* Forget one. */
int login_forget(struct store *s, const struct address *a, const char *user,
		 struct fault *why);

/* Forget those whose last time is before `before`, and the oldest beyond
 * LOGIN_MOST; at most limit. *n = how many. */
int login_prune(struct store *s, int64_t before, size_t limit, size_t *n,
		struct fault *why);

#endif
