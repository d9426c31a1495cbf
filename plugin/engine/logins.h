/*
 * logins: those that the store is to be told of, a few seconds' worth.
 *
 * A user who logs in again and again is one row. They go with the next
 * transaction, or get one of their own when it is time.
 */
#ifndef SASLBAN_ENGINE_LOGINS_H
#define SASLBAN_ENGINE_LOGINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "saslban/fault.h"
#include "saslban/login.h"
#include "saslban/store.h"

enum {
	LOGINS_MOST = 1024, /* then it is time, too */
	LOGINS_WAIT = 5     /* seconds */
};

struct logins {
	struct login row[LOGINS_MOST];
	size_t n;
	int64_t last;    /* the latest login of anybody; 0: none to tell */
	int64_t trouble; /* the latest sign of our own trouble; 0: the same */
	int64_t since;   /* boot: when the first of these came; 0: there are
			  * none */
	int64_t version; /* of the store, when the bans in memory were true */
};

/* False when there is no room: flush first. */
bool logins_add(struct logins *l, const struct login *login);

/* That one is none. */
void logins_drop(struct logins *l, const struct address *a, const char *user);

/* Our own trouble at that time. */
void logins_trouble(struct logins *l, int64_t at, int64_t boot);

/* Something waits to be written, be it due or not. */
bool logins_wait(const struct logins *l);

/* The boot-clock second at which to flush; INT64_MAX: nothing waits. */
int64_t logins_due(const struct logins *l);

/* Within a transaction. What was written is forgotten by logins_done, when it
 * is committed. */
int logins_write(const struct logins *l, struct store *s, int64_t jail,
		 struct fault *why);
void logins_done(struct logins *l);

#endif
