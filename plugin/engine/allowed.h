/*
 * allowed: the store's allow list, made known to the exempt.
 */
#ifndef SASLBAN_ENGINE_ALLOWED_H
#define SASLBAN_ENGINE_ALLOWED_H

#include "saslban/exempt.h"
#include "saslban/fault.h"
#include "saslban/moment.h"
#include "saslban/store.h"

/* To be called when it may be another one. */
int allowed_load(struct exempt *x, struct store *s, struct moment now,
		 struct fault *why);

#endif
