/*
 * dryrun: the enforcer of observe mode. Every verb succeeds, nothing happens.
 */
#ifndef SASLBAN_DRYRUN_H
#define SASLBAN_DRYRUN_H

#include "saslban/enforcer.h"

int dryrun_open(struct enforcer **out, struct fault *why);

#endif
