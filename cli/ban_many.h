/* ban_many: the addresses of a file are banned. */
#ifndef SASLBAN_CLI_BAN_MANY_H
#define SASLBAN_CLI_BAN_MANY_H

#include "order.h"
#include "roll.h"

/* All of the roll in one transaction, or, when a line of it may not be banned,
 * none. */
enum status ban_many(struct order *o, struct roll *roll);

#endif
