/*
 * excess: of whom most was dropped.
 *
 * A few addresses with a number each. One that is not among them and finds no
 * room takes one off every number (J. Misra, D. Gries, 1982). So a number is
 * never too high, and too low by no more than one in EXCESS_ADDRESSES + 1 of
 * all that was added: whoever had more than that is among them.
 */
#ifndef SASLBAN_ENGINE_EXCESS_H
#define SASLBAN_ENGINE_EXCESS_H

#include <stdint.h>

#include "saslban/address.h"

#define EXCESS_ADDRESSES 8

/* All zero is empty. */
struct excess {
	struct address who[EXCESS_ADDRESSES];
	uint64_t number[EXCESS_ADDRESSES]; /* 0: the place is free */
};

void excess_add(struct excess *e, const struct address *who);

/* The highest number, and whose it is. 0: nobody's. */
uint64_t excess_most(const struct excess *e, struct address *who);

#endif
