/*
 * enforcement: the enforcer that a jail's settings ask for.
 */
#ifndef SASLBAN_ENFORCEMENT_H
#define SASLBAN_ENFORCEMENT_H

#include "saslban/enforcer.h"
#include "saslban/settings.h"

/* What is asked for, with `auto` decided by what the kernel answered when it
 * was asked for ipset's hash:net: 0, its code, or -1 for no answer. Pure. It
 * is ipset unless the kernel says that it has none. */
enum settings_enforcer enforcement_choose(enum settings_enforcer asked,
					  int code);

/* Opens ipset.h's or nftables.h's; for `auto` the kernel is asked now. Sets
 * that it creates get 262144 entries each. Those of nftables have the lengths
 * of prefixes that the settings mention. */
int enforcement_open(struct enforcer **out, const struct settings *s,
		     struct fault *why);

#endif
