/*
 * set_change: entries into a set and out of it.
 */
#ifndef SASLBAN_KERNEL_SET_CHANGE_H
#define SASLBAN_KERNEL_SET_CHANGE_H

#include <stddef.h>

#include "channel.h"
#include "request.h"
#include "set.h"

/* The verbs add and remove of enforcer.h. */
int set_change_run(const struct set *s, struct channel *c,
		   enum request_verb verb, struct set_change *changes, size_t n,
		   struct fault *why);

#endif
