/*
 * draft: a policy as somebody proposes it.
 *
 *	maxretry=5 bantime=48h,8d	parameters; the rest are defaults
 *	@sasl, jail:sasl		the settings of that jail in the store
 *	/etc/rsyslog.d/saslban.conf	of the action in that file ...
 *	/etc/rsyslog.conf:sasl		... of the one with that name
 */
#ifndef SASLBAN_CLI_DRAFT_H
#define SASLBAN_CLI_DRAFT_H

#include "cli.h"
#include "saslban/fault.h"
#include "saslban/settings.h"

#define DRAFT_TITLE 512 /* with NUL */

struct draft {
	struct settings settings;
	char title[DRAFT_TITLE]; /* what it is, in words; escaped nowhere */
};

/* As --policy has it. A fault is FAULT_SETTING, but for want of memory. */
int draft_read(struct draft *d, const struct cli *c, const char *text,
	       struct fault *why);

/* Without --policy: the jail of the store, if there is one and no other, else
 * the defaults, and the title says why. */
void draft_default(struct draft *d, const struct cli *c);

#endif
