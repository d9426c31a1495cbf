/*
 * breaker: opens when nobody can log in, and closes when somebody can.
 */
#ifndef SASLBAN_ENGINE_BREAKER_H
#define SASLBAN_ENGINE_BREAKER_H

#include "docket.h"

/* A line about our own trouble. */
void breaker_trouble(struct docket *d, const struct sighting *s, int64_t boot);

/* After each sighting, and from time to time. */
int breaker_poll(struct docket *d, int64_t now, struct fault *why);

#endif
