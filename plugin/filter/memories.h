/*
 * memories: what a filter remembers of earlier lines, together.
 *
 * Each part is shared by all workers, behind a lock of its own. The whole is
 * shared by two editions of a filter for a while, see saslban/editions.h.
 */
#ifndef SASLBAN_FILTER_MEMORIES_H
#define SASLBAN_FILTER_MEMORIES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "saslban/filterfile.h"

struct memories {
	struct sessions *sessions; /* NULL: no rule has <F-MLFID> */
	struct echoes *echoes;     /* NULL: no record comes twice */
	struct pieces *pieces;     /* NULL: no line is cut and numbered */
	struct cuts *cuts;         /* NULL: its programs' logger cuts nothing */
	struct excuses *excuses;   /* NULL: trouble excuses no failure */
	int64_t session_age;
	int64_t split_at;
	atomic_uint users; /* filters that have it */
};

/* As the file asks for them; joins: a rule has <F-MLFID>. NULL when out of
 * memory. */
struct memories *memories_open(const struct filterfile *source, bool joins);

/* One user more, and one less: the last one frees it. NULL is fine to close. */
struct memories *memories_share(struct memories *m);
void memories_close(struct memories *m);

/* Can one do for the other? */
bool memories_alike(const struct memories *a, const struct memories *b);

#endif
