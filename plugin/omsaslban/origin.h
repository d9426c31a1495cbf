/*
 * origin: who wrote a message, and may he? A part of the adapter: sees rsyslog,
 * but none of its structs' fields.
 *
 * Two inputs say who wrote a line, by what the kernel or journald told them and
 * the client cannot choose: imuxsock, if it is configured to (as `$!uid`), and
 * imjournal (as `$!_UID` and `$!_SYSTEMD_UNIT`). Each is asked for its own
 * fields alone, because in the other's place there may be what a client has
 * written: it is the client who chooses a field `UID` of the journal, and
 * rsyslog finds it under `$!uid`.
 */
#ifndef SASLBAN_OMSASLBAN_ORIGIN_H
#define SASLBAN_OMSASLBAN_ORIGIN_H

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <stdbool.h>

#include <msg.h>

#include "saslban/fault.h"
#include "saslban/reporter.h"
#include "saslban/settings.h"
#include "saslban/slice.h"
#include "saslban/tally.h"

/* Of one jail; shared by its workers. */
struct origin;

/* Looks up the users. *out is NULL for a jail that does not ask who wrote a
 * line; all other functions are fine with that. Borrows the settings. */
int origin_open(struct origin **out, const struct settings *s,
		struct fault *why);
void origin_close(struct origin *o);

/* Users of the list that are not known on this machine. */
void origin_report(const struct origin *o, const struct reporter *reporter);

/* Where lines are counted. */
struct tally *origin_tally(struct origin *o);

/* True when somebody else wrote the message, of this tag; it was counted. */
bool origin_foreign(struct origin *o, smsg_t *msg, struct slice tag);

#endif
