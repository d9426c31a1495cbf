/* help: what --help prints. No line is longer than 80 columns. */
#ifndef SASLBAN_CLI_HELP_H
#define SASLBAN_CLI_HELP_H

#include "verb.h"

/* Of the program: every verb, a line each. */
void help_program(const struct verb *table);

/* Of one verb: its synopsis, its options and its examples. */
void help_verb(const struct verb *v);

#endif
