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

/* age: seconds for which a session is remembered after its last line. NULL
 * when out of memory. */
struct sessions *sessions_open(int64_t age);
void sessions_close(struct sessions *s);

enum session_answer {
	SESSION_NOTHING, /* no failure */
	SESSION_FAILURE, /* one with an address: out is complete */
	SESSION_ORPHAN   /* one of a session whose address is not known */
};

/* A failure rule with <F-MLFID> has matched: what it found is put to what the
 * session knows. classic: by fail2ban's rules. */
enum session_answer sessions_join(struct sessions *s, bool classic,
				  const struct finding *found,
				  struct sighting *out);

/* Such a rule has matched, and the host on the line is none that may be
 * banned: what fails later is no orphan. */
void sessions_nobody(struct sessions *s, const struct finding *found,
		     const struct sighting *seen);

/* The session's address for another kind of sighting that lacks one; forgets
 * the session if the line ends it. False when it is not known. */
bool sessions_address(struct sessions *s, const struct finding *found,
		      struct sighting *out);

#endif
