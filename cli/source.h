/*
 * source: the bytes of a file, unpacked if it is compressed.
 *
 * It is known by its first bytes, whatever its name is. Streamed, from
 * standard input as well.
 */
#ifndef SASLBAN_CLI_SOURCE_H
#define SASLBAN_CLI_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "saslban/fault.h"

struct source;

/* `-` is standard input. The path is borrowed. */
int source_open(struct source **out, const char *path, struct fault *why);
void source_close(struct source *s);

/* Up to size bytes into buf. How many; 0 at the end; -1: it cannot be read, or
 * is damaged. What stands before the damage has been given by then. */
ssize_t source_read(struct source *s, char *buf, size_t size,
		    struct fault *why);

/* Bytes of the file, as it is stored: read so far, and all; 0: how many is not
 * known. */
uint64_t source_taken(const struct source *s);
uint64_t source_size(const struct source *s);

#endif
