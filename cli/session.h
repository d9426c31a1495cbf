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
#include "saslban/jail.h"
#include "saslban/store.h"

/* An engine writes at least once a minute. One that has not for this long is
 * not there. */
#define SESSION_ALIVE 180

struct session {
	struct store *store;
	struct jail *jail; /* by name */
	size_t jails;
};

/* Says what went wrong, and leaves nothing open then. */
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

/* The engine of the jail runs. */
bool session_alive(const struct jail *j, int64_t now);

#endif
