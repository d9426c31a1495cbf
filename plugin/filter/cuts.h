/*
 * cuts: records behind one that its program's logger has cut.
 *
 * What follows such a cut is a record of its own, and may be a sender's text
 * from its first byte. Nothing in it tells. So it is distrusted, and what the
 * program writes for a while after it, because a logger that has cut may also
 * have lost count of where lines begin.
 *
 * Good for records in the order in which they were written, with none of them
 * missing. Shared by all workers, behind a lock of its own.
 */
#ifndef SASLBAN_FILTER_CUTS_H
#define SASLBAN_FILTER_CUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/logline.h"

struct cuts;

/* NULL when out of memory. */
struct cuts *cuts_open(void);
void cuts_close(struct cuts *c);

/* Was nothing cut lately, by any program? Then a record that is short enough
 * need not be asked about. */
bool cuts_idle(const struct cuts *c);

/* For each record of a program, once; it must lack neither host nor times. A
 * message of from bytes or more may have been cut. True when the record is not
 * to be trusted: it may have been cut, or comes behind such a one. */
bool cuts_doubt(struct cuts *c, const struct logline *line, size_t from);

#endif
