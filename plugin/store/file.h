/* file: the database as a file: whose is it, and is it still there? */
#ifndef SASLBAN_STORE_FILE_H
#define SASLBAN_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/fault.h"
#include "saslban/store.h"

/* Create it, empty and with its mode, if there is none. */
int file_create(const char *path, struct fault *why);

/* Before SQLite opens it, which would wait for a FIFO for ever: -1 if it is
 * there and not a regular file. */
int file_is_regular(const char *path, struct fault *why);

/* Before anything else reads it: -1 with FAULT_FOREIGN unless the file that is
 * open is empty or may be ours. Reads a few bytes, without a lock, and leaves
 * no trace. */
int file_check(struct store *s, struct fault *why);

#define FILE_HEAD 105 /* bytes that show whose a file is */

/* What a file is that begins with these, or NULL: it is empty, or may be ours.
 * Less than FILE_HEAD bytes are a whole file. */
const char *file_whose(const unsigned char *head, size_t len);

/* The sentence for what file_whose has said. Returns -1, FAULT_FOREIGN. */
int file_foreign(const char *path, const char *what, struct fault *why);

/* For readers: a database that nobody has open, in a directory in which no
 * file can be created, is opened again as one that does not change. */
int file_freeze(struct store *s, struct fault *why);

/* The file at the path is not the one that is open. */
bool file_moved(const struct store *s);

#endif
