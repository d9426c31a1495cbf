/* unban_many: bans of more than one address are lifted. */
#ifndef SASLBAN_CLI_UNBAN_MANY_H
#define SASLBAN_CLI_UNBAN_MANY_H

#include "cli.h"
#include "edge.h"

/* Of a file's addresses, with --file, or with --all of those inside a prefix,
 * or of a jail: all in one transaction. */
enum status unban_many(const struct cli *c);

#endif
