/* show_user: all that is known of an account. */
#ifndef SASLBAN_CLI_SHOW_USER_H
#define SASLBAN_CLI_SHOW_USER_H

#include "session.h"

/* Who has tried it, from where it is used, and its breaches; in the jail, or
 * (NULL) in all. */
enum status show_user(const struct session *s, const struct cli *c,
		      const struct jail *only);

#endif
