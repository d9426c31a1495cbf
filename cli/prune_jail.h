/* prune_jail: a jail that is no longer configured is forgotten. */
#ifndef SASLBAN_CLI_PRUNE_JAIL_H
#define SASLBAN_CLI_PRUNE_JAIL_H

#include "cli.h"
#include "edge.h"

/* That of --jail, unless it has an engine or bans in force. */
enum status prune_jail(const struct cli *c);

#endif
