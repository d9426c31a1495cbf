/*
 * parameters: the action stanza, as rsyslog parsed it, into
 * settings. A part of the adapter: sees rsyslog.
 */
#ifndef SASLBAN_OMSASLBAN_PARAMETERS_H
#define SASLBAN_OMSASLBAN_PARAMETERS_H

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <rainerscript.h>

#include "saslban/letter.h"
#include "saslban/settings.h"

/* Fill rsyslog's description of the parameters from settings_table. */
void parameters_describe(struct cnfparamblk *block);

/* Take what was given and check it as a whole. Every wrong parameter gets a
 * line of its own through rsyslog's configuration errors, which add file and
 * line; then -1. */
int parameters_take(struct settings *s, const struct cnfparamvals *values);

/* Report a fault there, each line of its text by itself: the mark under a line
 * that is quoted has to keep its place. */
void parameters_refuse(const struct fault *why);

/* Can both be jails of one rsyslogd? Two of one name would be one in the store;
 * and two with one set have to know of each other's bans, or one takes out what
 * the other put in. -1: they cannot, and that was said. */
int parameters_agree(const struct settings *s, const struct settings *other);

/* The template that notify.template names, if it names one; -1: it is none, and
 * that was said. */
int parameters_letter(const struct settings *s, char letter[LETTER_TEMPLATE]);

#endif
