/* families: RestrictAddressFamilies= of a systemd unit. Pure. */
#ifndef SASLBAN_CLI_FAMILIES_H
#define SASLBAN_CLI_FAMILIES_H

#include <stdbool.h>

/* May the unit open netlink sockets? The text is as `systemctl show` has it: a
 * list of what is allowed, or behind a ~ of what is not; empty: everything. */
bool families_allow_netlink(const char *text);

#endif
