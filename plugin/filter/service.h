/*
 * service: which daemon a line is of.
 */
#ifndef SASLBAN_FILTER_SERVICE_H
#define SASLBAN_FILTER_SERVICE_H

#include "saslban/logline.h"

/* The tag's program, as `postfix/smtpd`; and for the helpers that a server asks
 * about passwords, which log under its tag or a PAM module's name, what they
 * are: `dovecot/auth`, `dovecot/auth-worker`, `auth/pam`. *part: the latter,
 * or empty. */
struct slice service_of(const struct logline *line, struct slice *part);

#endif
