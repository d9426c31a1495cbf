/*
 * repeated: what rsyslogd wrote in the place of equal messages.
 */
#ifndef SASLBAN_FILTER_REPEATED_H
#define SASLBAN_FILTER_REPEATED_H

#include "saslban/logline.h"

/* rsyslogd's ` message repeated N times: [TEXT]`, which takes the place of N
 * equal messages when it is configured to reduce them. Sets inner to TEXT with
 * the same tag, and returns N; 0 when the line is no such thing. A program
 * whose records may begin with a sender's text can be made to log the same. */
unsigned repeated(const struct logline *line, struct logline *inner);

#endif
