/* lookup: the verb of a name. */
#ifndef SASLBAN_CLI_LOOKUP_H
#define SASLBAN_CLI_LOOKUP_H

#include "verb.h"

/* NULL when the table has none of that name: then that was printed, with the
 * verb that may have been meant. */
const struct verb *lookup_verb(const struct verb *table, const char *name);

#endif
