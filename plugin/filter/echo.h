/*
 * echo: records that a server writes twice.
 *
 * Shared by all workers, behind a lock of its own.
 */
#ifndef SASLBAN_FILTER_ECHO_H
#define SASLBAN_FILTER_ECHO_H

#include <stdbool.h>

#include "saslban/logline.h"

struct echoes;

/* NULL when out of memory. */
struct echoes *echoes_open(void);
void echoes_close(struct echoes *e);

/* True when the same record came just before and had no echo yet. */
bool echoes_match(struct echoes *e, struct logline *line);

#endif
