/*
 * policytext: what a jail judges by, its parameters, in words and as JSON.
 */
#ifndef SASLBAN_CLI_POLICYTEXT_H
#define SASLBAN_CLI_POLICYTEXT_H

#include "json.h"
#include "output.h"
#include "saslban/settings.h"

/* Some lines with headings of that width. */
void policytext_print(const struct settings *s, const struct output *o,
		      size_t indent, int width);

/* Members of the object that is open, named as the parameters are, with a _
 * for each dot. */
void policytext_json(const struct settings *s, struct json *j);

#endif
