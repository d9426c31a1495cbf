/*
 * traffic: what comes in at a mail server, made up: customers who log in,
 * mistype, roam, share an address, forget a phone; guessers that are fast, slow
 * or many; servers that tell of one attempt two or three times; outages. For
 * properties that hold whatever comes.
 */
#ifndef SASLBAN_TESTS_TRAFFIC_H
#define SASLBAN_TESTS_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

#include "saslban/sighting.h"

/* n sightings from `begin` on, in the order in which they arrive: arrived is
 * when. The same seed makes the same ones. To be freed. */
struct sighting *traffic(uint64_t seed, int64_t begin, size_t n);

#endif
