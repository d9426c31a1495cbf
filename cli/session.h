/*
 * session: the database, open, and the jails that are in it.
 *
 * Everything saslbanctl needs to know of the configuration is in there: the
 * module keeps the effective settings of each jail in the store.
 */
#ifndef SASLBAN_CLI_SESSION_H
#define SASLBAN_CLI_SESSION_H

#include <stddef.h>

#include "cli.h"
#include "edge.h"
#include "saslban/alive.h"
#include "saslban/exempt.h"
#include "saslban/geo.h"
#include "saslban/jail.h"
#include "saslban/store.h"

/* An engine writes at least once a minute. One that has not for this long
 * cannot, or is not there. */
#define SESSION_SILENT 180

struct session {
	const char *database; /* its path; borrowed */
	struct store *store;
	struct jail *jail; /* by name */
	size_t jails;
	int64_t now;     /* as the call has it */
	struct geo *geo; /* NULL: not asked for (geography.h), or none */
};

/* 0, or -1 with a fault; leaves nothing open then. */
int session_try(struct session *s, const struct cli *c, enum store_mode mode,
		struct fault *why);

/* The same, but prints what went wrong. */
enum status session_open(struct session *s, const struct cli *c,
			 enum store_mode mode);
void session_close(struct session *s);

/* The jail of --jail; NULL, and STATUS_OK, when it was not given. */
enum status session_wanted(const struct session *s, const struct cli *c,
			   const struct jail **out);

/* As session_wanted, but a jail there must be: without --jail the only one
 * that enforces. */
enum status session_one(const struct session *s, const struct cli *c,
			const struct jail **out);

/* NULL when there is none of that id. */
const struct jail *session_jail(const struct session *s, int64_t id);

/* True when the jail enforces, and is the first of those that have the same
 * sets: for a look at each set once. */
bool session_has_sets(const struct session *s, const struct jail *j);

/* Has the jail an engine? */
enum alive_state session_engine(const struct session *s, const struct jail *j);

/* The same, but where it may not be asked, by when the engine wrote last. */
bool session_has_engine(const struct session *s, const struct jail *j,
			int64_t now);

/* Who is exempt in the jail, by the allow list and by files as they are now;
 * prints what is wrong with one. Host names have the addresses that the engine
 * has found last; the machine's own are not known before exempt_look. The
 * caller closes it, and s has to live as long. */
int session_exempt(const struct session *s, const struct jail *j,
		   struct exempt **out, struct fault *why);

#endif
