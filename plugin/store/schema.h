/* schema: which tables a database has, and how an older one gets ours. */
#ifndef SASLBAN_STORE_SCHEMA_H
#define SASLBAN_STORE_SCHEMA_H

#include <stdbool.h>

#include "saslban/fault.h"
#include "saslban/store.h"

/* `SBAN`, at byte 68 of the file: how we (and file(1)) know it for ours. */
#define SCHEMA_APPLICATION 0x5342414e

#define SCHEMA_VERSION 4

/* The version on the disk is ours or, if that is allowed, brought to ours;
 * and its tables are what they are called. */
int schema_check(struct store *s, bool migrate, struct fault *why);

/* A step from one version to the next. The table ends with a row without
 * SQL. */
struct migration {
	int version; /* that it leads to */
	const char *sql;
};

extern const struct migration migrations[];

#endif
