/*
 * conf: the actions of omsaslban in an rsyslog.conf.
 *
 * Not rsyslog's parser: it looks for action(...) outside of comments and
 * quotes, wherever it stands, and follows no include. It does not ask whether
 * rsyslogd would take the file.
 */
#ifndef SASLBAN_CLI_CONF_H
#define SASLBAN_CLI_CONF_H

#include "saslban/fault.h"
#include "saslban/settings.h"
#include "stanza.h"

#define CONF_MOST 1048576 /* bytes of a file */

/* The parameters of the action with that jail name; NULL: of the only one. A
 * fault names the file, and the line or what there is. */
int conf_read(const char *path, const char *jail, struct settings *out,
	      struct fault *why);

/* Looks on for one of these objects, as in `action(`, and stops where its
 * parameters begin. Which; NULL: there is no more. */
const char *conf_next(struct stanza *s, const char *const *objects);

#endif
