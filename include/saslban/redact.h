/*
 * redact: the shape of a log line, fit to be kept.
 *
 * A line that no rule knows may hold anything, and where a user name belongs
 * people type passwords. So nothing is looked for that has to go; only what is
 * known to be harmless stays: the words in which servers report logins, and
 * punctuation. All else becomes `*`: every other word, every number and
 * address, what stands behind = and between <> [] or quotes.
 *
 *   imap-login: Login of hunter2 failed (1.2.3.4), user=<my secret>
 *   imap-login: Login of * failed (*), user=*
 */
#ifndef SASLBAN_REDACT_H
#define SASLBAN_REDACT_H

#include "saslban/slice.h"

#define REDACT_TEXT 160 /* bytes, with the final NUL; longer text is cut */

/* The program, when its name is an ordinary one, and the shape of what it
 * said. Printable ASCII whatever came in. Returns out. */
char *redact(struct slice program, struct slice msg, char out[REDACT_TEXT]);

#endif
