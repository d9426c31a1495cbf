/*
 * excuses: hosts whose servers have reported trouble of late.
 *
 * Some servers log a failed login when their password check is away, in the
 * words of every other one. What their filter calls trouble then excuses the
 * failures of the same host for a while.
 *
 * Shared by all workers, behind a lock of its own.
 */
#ifndef SASLBAN_FILTER_EXCUSES_H
#define SASLBAN_FILTER_EXCUSES_H

#include <stdbool.h>
#include <stdint.h>

#include "saslban/slice.h"

struct excuses;

/* NULL when out of memory. */
struct excuses *excuses_open(void);
void excuses_close(struct excuses *e);

/* There was trouble on that host then (Unix seconds). */
void excuses_note(struct excuses *e, struct slice host, int64_t at);

/* Was there, at that time or up to span seconds before it? */
bool excuses_have(struct excuses *e, struct slice host, int64_t at,
		  int64_t span);

#endif
