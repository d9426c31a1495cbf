/*
 * counts: what the kernel's counters say more than the store knows.
 *
 * The audit reads them with the entries. Those that stand where they stood cost
 * nothing; the others are collected, and noted in the audit's transaction.
 */
#ifndef SASLBAN_ENGINE_COUNTS_H
#define SASLBAN_ENGINE_COUNTS_H

#include <stddef.h>

#include "saslban/dropped.h"
#include "saslban/entry.h"
#include "saslban/store.h"

struct counts_moved; /* one entry whose counters have moved */

struct counts {
	struct counts_moved *moved;
	size_t n, capacity;
};

/* The entry, as the store has it, and where its counters stand. -1: out of
 * memory. */
int counts_look(struct counts *c, const struct entry *e,
		const struct dropped *now);

/* Note what was collected, and begin anew. */
int counts_write(struct counts *c, const char *set, struct store *s,
		 struct fault *why);

/* Forget it, and free it. Fine at any time. */
void counts_end(struct counts *c);

#endif
