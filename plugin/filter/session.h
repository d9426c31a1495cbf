/*
 * session: what <F-MLFID> remembers from line to line.
 *
 * Shared by all workers, behind a lock of its own.
 */
#ifndef SASLBAN_FILTER_SESSION_H
#define SASLBAN_FILTER_SESSION_H

#include <stdbool.h>

#include "saslban/sighting.h"

struct finding;
struct sessions;

/* NULL when out of memory. */
struct sessions *sessions_open(void);
void sessions_close(struct sessions *s);

/* A failure rule with <F-MLFID> has matched: what it found is put to what the
 * session knows. True when that makes a failure with an address; then out is
 * complete. classic: by fail2ban's rules. */
bool sessions_join(struct sessions *s, bool classic,
		   const struct finding *found, struct sighting *out);

/* The session's address for another kind of sighting that lacks one; forgets
 * the session if the line ends it. False when it is not known. */
bool sessions_address(struct sessions *s, const struct finding *found,
		      struct sighting *out);

#endif
