/*
 * random: numbers for property tests, the same ones in every run.
 *
 * splitmix64 (Steele, Lea, Flood 2014): a counter and a mixer. A property
 * that fails says its round, and the round is always the same.
 */
#ifndef SASLBAN_TESTS_RANDOM_H
#define SASLBAN_TESTS_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* 0 .. limit - 1 */
static inline uint64_t random_below(uint64_t *state, uint64_t limit)
{
	return random_next(state) % limit;
}

#endif
