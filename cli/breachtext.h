/*
 * breachtext: a guess that hit, as old logs tell of it, in words and as JSON.
 */
#ifndef SASLBAN_CLI_BREACHTEXT_H
#define SASLBAN_CLI_BREACHTEXT_H

#include "json.h"
#include "saslban/breach.h"
#include "table.h"

/* A table of them, and one row of it. */
extern const struct column breachtext_columns[];
void breachtext_row(struct table *t, const struct breach_row *b);

/* One object of the array that is open. */
void breachtext_json(struct json *j, const struct breach_row *b);

#endif
