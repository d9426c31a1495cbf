/*
 * editions: the filter of a jail, as its files are now, and as they were for
 * those workers that have not noticed yet.
 *
 * Files are read again on one thread, the engine's, beside the edition that is
 * in force; then the new one takes its place. A worker notices before its next
 * line: so each line is judged by one edition, and by one only. Nobody waits
 * for anybody for longer than a few instructions.
 *
 * What filters remember of earlier lines (sessions, pieces ...) goes from an
 * edition to the next one, unless the options that it depends on have changed:
 * two editions have it together while workers use both.
 *
 * An old edition stays as long as a worker holds it. It is not freed by the
 * worker, for what it has counted is to be read by then: the one thread asks
 * and drops.
 */
#ifndef SASLBAN_EDITIONS_H
#define SASLBAN_EDITIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/fault.h"
#include "saslban/filter.h"

struct editions;

/* The first edition; the rest is as for filter_open, and the words are
 * borrowed. */
int editions_open(struct editions **out, const char *const *specs,
		  size_t nspecs, const char *const *dirs, size_t ndirs,
		  struct fault *why);

/* No worker is left. NULL is fine. */
void editions_close(struct editions *e);

/* ---- the one thread ---- */

struct edition_change {
	bool any;     /* a new edition is in force */
	size_t rules; /* that it has */
	size_t fresh; /* of which are new or have another expression */
	size_t gone;  /* of the one before, of which no such rule is left */
};

/* Read the files again. -1 and why if that fails: the edition stays. So it
 * does when the files say the same as before: then !any. */
int editions_reread(struct editions *e, struct edition_change *out,
		    struct fault *why);

/* The one that is in force. */
const struct filter *editions_now(const struct editions *e);

/* Does a worker still match with that one? The one in force counts as used. */
bool editions_used(struct editions *e, const struct filter *f);

/* Free one that is not used; nobody may have a pointer into it. */
void editions_drop(struct editions *e, const struct filter *f);

/* ---- a worker ---- */

struct edition_worker;

/* NULL when out of memory. */
struct edition_worker *edition_worker_open(struct editions *e);
void edition_worker_close(struct edition_worker *w);

/* As filter_match, by the edition that is in force. When that is another one
 * than before, memory is allocated; without any the worker keeps the one that
 * it has, until the next line. Passes no point at which a thread can be
 * cancelled. */
enum sighting_kind edition_worker_match(struct edition_worker *w,
					struct logline *line,
					struct sighting *out);

#endif
