/*
 * bansjson: the bans of a JSON document, as export has written it: the objects
 * in its array `bans`. Read one by one, so that its size does not matter.
 */
#ifndef SASLBAN_CLI_BANSJSON_H
#define SASLBAN_CLI_BANSJSON_H

#include <stdint.h>

#include "columns.h"
#include "saslban/fault.h"
#include "source.h"

struct bansjson_reader {
	/* bad: why it is none; NULL: *b is one. Its number counts from 1. A
	 * non-zero answer ends the reading, and is returned. */
	int (*see)(void *context, struct columns_ban *b, const char *bad,
		   uint64_t number, struct fault *why);
	void *context;
};

/* -1: it cannot be read, is not whole, or has no such array. */
int bansjson_read(struct source *s, const struct bansjson_reader *r,
		  struct fault *why);

#endif
