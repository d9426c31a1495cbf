/*
 * total: what a transaction has counted, until its end. For transaction.c.
 */
#ifndef SASLBAN_STORE_TOTAL_H
#define SASLBAN_STORE_TOTAL_H

#include "saslban/fault.h"
#include "saslban/store.h"

/* Before COMMIT: what was counted is written. */
int total_write(struct store *s, struct fault *why);

/* It was committed, or it is forgotten. */
void total_commit(struct store *s);
void total_forget(struct store *s);

#endif
